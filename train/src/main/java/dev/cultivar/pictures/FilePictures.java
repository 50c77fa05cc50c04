package dev.cultivar.pictures;

import dev.cultivar.batch.DataException;
import dev.cultivar.data.Example;
import dev.cultivar.data.Examples;
import dev.cultivar.data.Fingerprint;
import dev.cultivar.data.RowReader;
import dev.cultivar.image.Picture;
import dev.cultivar.image.PictureReader;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.PicturesRecipe.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/// Pictures in files of their own: in a folder for each class, or named by a table.
///
/// @param name   of the folder or table
/// @param files  in an order that does not change
/// @param labels of each; empty texts where there are none
/// @param places where each is named, for messages
record FilePictures(String name, List<Path> files, List<String> labels, List<String> places) implements PictureRows {
    /// Endings of what is taken for a picture in a folder; what is in a file is told by its first bytes.
    private static final Set<String> ENDINGS = Set.of("png", "jpg", "jpeg", "gif", "bmp", "webp");

    /// A folder of classes: `cats/1.png`, `dogs/2.jpg`; or of pictures without labels.
    static PictureRows folder(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new DataException(folder + (Files.exists(folder) ? " is a file" : " does not exist") + "; expected a folder that holds a folder of "
                    + "pictures for each class. A relative path is taken from the working directory, " + Path.of("").toAbsolutePath());
        }
        List<Path> files = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        List<Path> inside = listed(folder);
        List<Path> classes = inside.stream().filter(Files::isDirectory).toList();
        List<Path> loose = inside.stream().filter(FilePictures::isPicture).toList();
        if (!classes.isEmpty() && !loose.isEmpty()) {
            throw new DataException(folder + ": holds folders and also pictures beside them (" + loose.getFirst().getFileName()
                    + "), so it is not clear what these are; put them into the folder of their class");
        }
        if (classes.isEmpty()) {
            loose.forEach(file -> add(file, "", files, labels));
        }
        for (Path each : classes) {
            int before = files.size();
            pictures(each).forEach(file -> add(file, String.valueOf(each.getFileName()), files, labels));
            if (files.size() == before) {
                throw new DataException(each + ": holds no picture (" + endings()
                        + "), so its class could not be learned; put pictures into it, or remove it");
            }
        }
        if (files.isEmpty()) {
            throw new DataException(folder + ": holds no picture (" + endings() + ")");
        }
        return new FilePictures(folder.toString(), files, labels, files.stream().map(Path::toString).toList());
    }

    static String endings() {
        return String.join(", ", ENDINGS.stream().sorted().toList());
    }

    private static void add(Path file, String label, List<Path> files, List<String> labels) {
        files.add(file);
        labels.add(label);
    }

    /// What lies in a folder, by name; hidden files are left out.
    private static List<Path> listed(Path folder) {
        try (Stream<Path> each = Files.list(folder)) {
            return each.filter(file -> !file.getFileName().toString().startsWith(".")).sorted().toList();
        } catch (IOException failure) {
            throw new DataException(folder + " cannot be read: " + failure.getMessage(), failure);
        }
    }

    /// All pictures in a folder and below it.
    static List<Path> pictures(Path folder) {
        List<Path> found = new ArrayList<>();
        for (Path each : listed(folder)) {
            if (Files.isDirectory(each)) {
                found.addAll(pictures(each));
            } else if (isPicture(each)) {
                found.add(each);
            }
        }
        return found;
    }

    private static boolean isPicture(Path file) {
        String name = file.getFileName().toString();
        return Files.isRegularFile(file) && ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }

    /// A table of files and labels; the files' names are relative to the table.
    static PictureRows table(Source.Table table) {
        var columns = new DataRecipe.Columns(table.file(), "", table.label());
        Examples rows = RowReader.open(new DataRecipe.Source.Table(table.path(), table.where()), columns);
        Path folder = Objects.requireNonNull(table.path().toAbsolutePath().getParent(), "a file lies in a folder");
        List<Path> files = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        List<String> places = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (Example row : rows.list()) {
            Path file = resolved(folder, row, rows);
            if (!Files.isRegularFile(file)) {
                missing.add(rows.place(row.row()) + ": column '" + table.file() + "' names " + row.text() + ", and " + file + " does not exist");
            }
            files.add(file);
            labels.add(row.label());
            places.add(rows.place(row.row()) + ", " + row.text());
        }
        if (!missing.isEmpty()) {
            throw new DataException(missing.getFirst() + "; " + missing.size() + (missing.size() == 1 ? " such row." : " such rows.")
                    + " Files are looked for beside the table. Correct their names, or drop the rows with 'where'.");
        }
        return new FilePictures(table.path().toString(), files, labels, places);
    }

    private static Path resolved(Path folder, Example row, Examples rows) {
        try {
            return folder.resolve(row.text());
        } catch (InvalidPathException notAPath) {
            throw new DataException(rows.place(row.row()) + ": '" + row.text() + "' is no file's name", notAPath);
        }
    }

    @Override
    public int size() {
        return files.size();
    }

    @Override
    public String label(int row) {
        return labels.get(row);
    }

    @Override
    public String place(int row) {
        return places.get(row);
    }

    @Override
    public Picture picture(int row) {
        return PictureReader.read(files.get(row));
    }

    @Override
    public void identify(Fingerprint fingerprint) {
        for (int row = 0; row < files.size(); row++) {
            try {
                var facts = Files.readAttributes(files.get(row), BasicFileAttributes.class);
                fingerprint.add(files.get(row).toString()).add(facts.size()).add(facts.lastModifiedTime().toMillis());
            } catch (IOException failure) {
                throw new DataException(places.get(row) + ": cannot be read: " + failure.getMessage(), failure);
            }
        }
    }
}
