package dev.cultivar.corpus;

import dev.cultivar.batch.DataException;
import dev.cultivar.recipe.CorpusRecipe;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Finds the files that patterns name: sorted by path for each pattern, each file once, hidden ones only where they are named.
///
/// Links are followed; one that leads back to a folder that it lies in has nothing new behind it and is passed by.
final class FoundFiles {
    private static final Pattern NAMES_HIDDEN = Pattern.compile("(^|/)\\.[^./]");

    private final List<Glob> include;
    private final List<Glob> exclude;
    private final List<Path> found = new ArrayList<>();
    private final Set<Path> real = new HashSet<>();

    private FoundFiles(CorpusRecipe.Place.Files place) {
        this.include = place.include().stream().map(Glob::of).toList();
        this.exclude = place.exclude().stream().map(Glob::of).toList();
    }

    /// @throws DataException where a pattern matches nothing, or a file cannot be read
    static List<Path> find(CorpusRecipe.Place.Files place) {
        FoundFiles files = new FoundFiles(place);
        place.patterns().forEach(files::add);
        return List.copyOf(files.found);
    }

    /// Whether a file in a folder or an archive is wanted.
    ///
    /// @param path relative to the folder or archive, with `/`
    static boolean isWanted(String path, List<Glob> include, List<Glob> exclude) {
        return (include.isEmpty() || include.stream().anyMatch(glob -> glob.matches(path)))
                && exclude.stream().noneMatch(glob -> glob.matches(path));
    }

    static boolean isArchive(Path path) {
        return path.toString().toLowerCase(Locale.ROOT).endsWith(".zip");
    }

    private void add(String pattern) {
        boolean many = Glob.isPattern(pattern) && !Files.exists(Path.of(pattern));
        Path plain = Path.of(many ? root(pattern) : pattern);
        if (Files.isRegularFile(plain)) {
            take(plain);
        } else if (!Files.exists(plain)) {
            throw new DataException(pattern + " does not exist; a relative path is taken from the working directory, "
                    + Path.of("").toAbsolutePath() + ". " + near(plain));
        } else {
            matching(plain, many ? pattern : "");
        }
    }

    /// The folders before the first one with a character that stands for others.
    private static String root(String pattern) {
        int first = 0;
        while (first < pattern.length() && "*?[{".indexOf(pattern.charAt(first)) < 0) {
            first++;
        }
        int slash = pattern.lastIndexOf('/', first);
        return slash < 0 ? "" : slash == 0 ? "/" : pattern.substring(0, slash);
    }

    private void matching(Path folder, String pattern) {
        Glob glob = Glob.of(pattern);
        List<Path> seen = walk(folder, glob);
        List<Path> matched = seen.stream().filter(file -> pattern.isEmpty() || glob.matches(slashed(file))).toList();
        List<Path> wanted = matched.stream().filter(file -> isArchive(file) || isWanted(slashed(folder.relativize(file)), include, exclude)).toList();
        if (wanted.isEmpty()) {
            throw new DataException((pattern.isEmpty() ? folder + " holds no file" : "no file matches " + pattern)
                    + (include.isEmpty() && exclude.isEmpty() ? "" : " that include and exclude let through") + ". "
                    + (seen.isEmpty() ? "There is no file below " + folder.toAbsolutePath() : "Below " + (folder.toString().isEmpty() ? "." : folder)
                    + " there are " + kinds(seen)));
        }
        wanted.forEach(this::take);
    }

    private static String slashed(Path path) {
        return path.toString().replace('\\', '/');
    }

    private void take(Path file) {
        if (!Files.isReadable(file)) {
            throw new DataException(file + " may not be read; check its permissions, or leave it out with exclude");
        }
        try {
            if (real.add(file.toRealPath())) {
                found.add(file);
            }
        } catch (IOException e) {
            throw new DataException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<Path> walk(Path folder, Glob glob) {
        boolean hidden = NAMES_HIDDEN.matcher(glob.text()).find();
        List<Path> files = new ArrayList<>();
        try {
            Files.walkFileTree(folder, Set.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
                    return path.equals(folder) || hidden || !isHidden(path) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
                }

                @Override
                public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile() && (hidden || !isHidden(path))) {
                        files.add(path);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path path, IOException e) throws IOException {
                    if (e instanceof FileSystemLoopException || Files.isSymbolicLink(path)) {
                        return FileVisitResult.CONTINUE; // leads back, or nowhere
                    }
                    throw new DataException(path + " may not be read; check its permissions, or leave it out", e);
                }
            });
        } catch (IOException e) {
            throw new DataException(folder + " cannot be listed: " + e.getMessage(), e);
        }
        files.sort(Comparator.comparing(FoundFiles::slashed));
        return files;
    }

    private static boolean isHidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    private static String kinds(List<Path> files) {
        TreeMap<String, Integer> counts = new TreeMap<>();
        for (Path file : files) {
            String name = file.getFileName().toString();
            counts.merge(name.lastIndexOf('.') > 0 ? name.substring(name.lastIndexOf('.')) : name, 1, Integer::sum);
        }
        return counts.entrySet().stream().sorted((a, b) -> b.getValue() - a.getValue()).limit(5)
                .map(entry -> entry.getValue() + " " + entry.getKey()).collect(Collectors.joining(", "));
    }

    /// What there is where a file was looked for.
    private static String near(Path missing) {
        Path parent = missing.toAbsolutePath().getParent();
        while (parent != null && !Files.isDirectory(parent)) {
            parent = parent.getParent();
        }
        if (parent == null) {
            return "";
        }
        try (Stream<Path> names = Files.list(parent)) {
            String wanted = missing.getFileName().toString().toLowerCase(Locale.ROOT);
            String nearest = names.map(path -> path.getFileName().toString())
                    .sorted(Comparator.<String>comparingInt(name -> -shared(name.toLowerCase(Locale.ROOT), wanted)).thenComparing(name -> name))
                    .limit(5).collect(Collectors.joining(", "));
            return parent + " has " + (nearest.isEmpty() ? "nothing" : nearest);
        } catch (IOException e) {
            return parent + " cannot be listed";
        }
    }

    /// How many characters two names begin and end with alike.
    private static int shared(String a, String b) {
        int start = 0;
        int most = Math.min(a.length(), b.length());
        while (start < most && a.charAt(start) == b.charAt(start)) {
            start++;
        }
        int end = 0;
        while (end < most - start && a.charAt(a.length() - 1 - end) == b.charAt(b.length() - 1 - end)) {
            end++;
        }
        return start + end;
    }
}
