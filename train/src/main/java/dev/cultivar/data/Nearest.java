package dev.cultivar.data;

import java.util.Collection;
import java.util.Locale;

/// Finds the name that was probably meant.
final class Nearest {
    private Nearest() {}

    /// ` Did you mean 'label'?`, or nothing where no name is near.
    static String hint(String wrong, Collection<String> names) {
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
