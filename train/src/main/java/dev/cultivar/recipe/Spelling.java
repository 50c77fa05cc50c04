package dev.cultivar.recipe;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Finds the word that somebody meant who misspelt it.
final class Spelling {
    private static final int SHORTEST_START = 4;

    private Spelling() {}

    /// The nearest of `words`, where one is near: it begins with what was typed, or a third of its letters are wrong at most,
    /// case and underscores aside.
    static Optional<String> nearest(String typed, Collection<String> words) {
        String folded = folded(typed);
        return words.stream()
                .filter(word -> typed.length() <= 2 * word.length())
                .filter(word -> folded.length() >= SHORTEST_START && folded(word).startsWith(folded)
                        || distance(folded, folded(word)) <= Math.max(1, folded(word).length() / 3))
                .min(Comparator.comparingInt(word -> distance(folded, folded(word))));
    }

    private static String folded(String word) {
        return word.toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
    }

    /// How many letters are added, lost, changed or swapped with their neighbour (optimal string alignment; Damerau, 1964,
    /// "A technique for computer detection and correction of spelling errors").
    static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[b.length()];
    }
}
