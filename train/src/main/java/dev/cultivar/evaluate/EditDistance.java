package dev.cultivar.evaluate;

import java.util.Arrays;
import java.util.List;

/// How many insertions, deletions and substitutions lead from one sequence to another (Levenshtein, 1966): over the length of the
/// references a word or character error rate.
public final class EditDistance {
    private EditDistance() {}

    public static int of(List<?> a, List<?> b) {
        int[] row = new int[b.size() + 1];
        Arrays.setAll(row, j -> j);
        for (int i = 1; i <= a.size(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.size(); j++) {
                int above = row[j];
                row[j] = Math.min(Math.min(above, row[j - 1]) + 1, diagonal + (a.get(i - 1).equals(b.get(j - 1)) ? 0 : 1));
                diagonal = above;
            }
        }
        return row[b.size()];
    }
}
