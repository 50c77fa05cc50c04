package dev.cultivar.pictures;

import dev.cultivar.batch.DataException;
import dev.cultivar.data.Example;
import dev.cultivar.data.Examples;
import dev.cultivar.data.Fingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/// All pictures in a folder and below it, in whatever folders they lie, as rows whose text is the path of a file.
///
/// @param folder in which they lie
/// @param files  in an order that does not change
public record PictureFolder(Path folder, List<Path> files) implements Examples {

    /// @throws DataException if there is none
    public static PictureFolder open(Path folder) {
        List<Path> files = FilePictures.pictures(folder);
        if (files.isEmpty()) {
            throw new DataException(folder + ": holds no picture, also in no folder below it; files that end in " + FilePictures.endings() + " are taken for pictures");
        }
        return new PictureFolder(folder, files);
    }

    @Override
    public String name() {
        return folder.toString();
    }

    @Override
    public String place(long row) {
        return files.get((int) row - 1).toString();
    }

    @Override
    public boolean plainText() {
        return false;
    }

    @Override
    public void each(Sink sink) {
        for (int i = 0; i < files.size(); i++) {
            sink.row(new Example(i + 1, files.get(i).toString(), "", ""));
        }
    }

    /// SHA-256 of names within the folder, sizes and times; no picture is read.
    @Override
    public String fingerprint() {
        var fingerprint = new Fingerprint();
        for (Path file : files) {
            fingerprint.add(folder.relativize(file).toString());
            identify(file, fingerprint);
        }
        return fingerprint.hex();
    }

    /// Adds what tells, without reading it, whether a file is still what it was.
    static void identify(Path file, Fingerprint fingerprint) {
        try {
            var facts = Files.readAttributes(file, BasicFileAttributes.class);
            fingerprint.add(facts.size()).add(facts.lastModifiedTime().toMillis());
        } catch (IOException failure) {
            throw new DataException(file + ": cannot be read: " + failure.getMessage(), failure);
        }
    }
}
