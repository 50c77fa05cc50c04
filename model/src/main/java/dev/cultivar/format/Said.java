package dev.cultivar.format;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/// How messages put things: names in quotes and cut to a length, sizes in bytes, the reason of an [IOException] in words.
public final class Said {
    private static final int LONGEST_NAME = 120;
    private static final int LONGEST_LIST = 8;

    private Said() {}

    /// A name in single quotes, cut when it is long, without line breaks.
    public static String name(String name) {
        String cut = name.length() <= LONGEST_NAME
                ? name
                : name.substring(0, LONGEST_NAME) + "... (" + name.length() + " characters)";
        var plain = new StringBuilder("'");
        cut.chars().forEach(c -> plain.append(Character.isISOControl(c) || Character.isSurrogate((char) c) ? '?' : (char) c));
        return plain.append('\'').toString();
    }

    /// The first names of many, and how many more there are.
    public static String names(Collection<String> names) {
        List<String> first = new ArrayList<>();
        for (String name : names) {
            if (first.size() == LONGEST_LIST) {
                first.add("and " + (names.size() - LONGEST_LIST) + " more");
                break;
            }
            first.add(name(name));
        }
        return first.isEmpty() ? "nothing" : String.join(", ", first);
    }

    /// A size as a person reads it, `12.3 MB`; exact below a thousand.
    public static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + " bytes";
        }
        double value = bytes;
        int unit = -1;
        while (value >= 999.95 && unit < 4) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %cB", value, "kMGTP".charAt(unit));
    }

    /// Why an operation on a file failed, without repeating the file's name.
    public static String reason(IOException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "there is no such file or folder";
            case AccessDeniedException _ -> "access is denied";
            case NotDirectoryException _ -> "it is not a folder";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default -> failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        };
    }

    /// What the disk under a path has left: `1.2 GB free`.
    public static String free(@org.jspecify.annotations.Nullable Path path) {
        try {
            return bytes(Files.getFileStore(path).getUsableSpace()) + " free";
        } catch (IOException _) {
            return "an unknown amount free";
        }
    }

    /// ` Did you mean 'label'?`, or nothing where no name is near.
    public static String meant(String wrong, Collection<String> names) {
        String best = "";
        int least = Math.max(2, wrong.length() / 3) + 1;
        for (String name : names) {
            int distance = distance(wrong.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
            if (distance < least) {
                least = distance;
                best = name;
            }
        }
        return best.isEmpty() ? "" : " Did you mean '" + best + "'?";
    }

    /// Insertions, deletions and replacements between two words (Levenshtein, 1966), one row of the table at a time.
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
