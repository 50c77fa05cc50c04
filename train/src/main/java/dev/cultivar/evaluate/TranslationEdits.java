package dev.cultivar.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// How many edits of words lead from a text to its reference, where moving a run of words counts as one (Snover et al., 2006, "A study of
/// translation edit rate with targeted human annotation", section 3): over the references' words the translation edit rate.
///
/// Which move is best is found as the authors' program does, greedily: the one that saves most edits, of equal ones the longest, then the first.
/// Case does not count.
///
/// @param edits moves, insertions, deletions and substitutions
/// @param words of the reference
public record TranslationEdits(long edits, long words) {
    private static final int LONGEST_MOVE = 10;
    private static final int FARTHEST_MOVE = 50;
    private static final int MOST_TRIALS = 1_000;

    /// Of one row.
    public static TranslationEdits of(String reference, String text) {
        List<String> wanted = words(reference);
        List<String> got = words(text);
        if (wanted.isEmpty()) {
            return new TranslationEdits(got.size(), 0);
        }
        int moves = 0;
        int[] trials = {0};
        for (List<String> better = moved(got, wanted, trials); !better.isEmpty() && trials[0] < MOST_TRIALS; better = moved(got, wanted, trials)) {
            got = better;
            moves++;
        }
        return new TranslationEdits(moves + EditDistance.of(got, wanted), wanted.size());
    }

    /// Of several rows together.
    public TranslationEdits plus(TranslationEdits other) {
        return new TranslationEdits(edits + other.edits, words + other.words);
    }

    /// In percent; it may be above 100.
    public double rate() {
        return words > 0 ? 100.0 * edits / words : edits > 0 ? 100 : 0;
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[\\s\\p{Z}\\x1c-\\x1f\\x85]+")).filter(word -> !word.isEmpty()).toList();
    }

    /// One word after the other: which of the text each of the reference stands for, and which of both are wrong.
    private record Alignment(int[] text, boolean[] referenceWrong, boolean[] textWrong) {}

    /// A way to move words.
    private record Move(int saved, int length, int from, int to, List<String> result) {
        boolean betterThan(Move other) {
            int[] a = {saved, length, -from, -to};
            int[] b = {other.saved, other.length, -other.from, -other.to};
            int order = Arrays.compare(a, b);
            return order > 0 || order == 0 && compare(result, other.result) > 0;
        }

        private static int compare(List<String> a, List<String> b) {
            return Arrays.compare(a.toArray(String[]::new), b.toArray(String[]::new));
        }
    }

    /// The text after the best move; empty where none saves an edit.
    private static List<String> moved(List<String> got, List<String> wanted, int[] trials) {
        Alignment alignment = align(got, wanted);
        int before = EditDistance.of(got, wanted);
        Move best = new Move(Integer.MIN_VALUE, 0, 0, 0, List.of());
        for (int from = 0; from < got.size(); from++) {
            for (int place = Math.max(0, from - FARTHEST_MOVE); place < wanted.size() && place <= from + FARTHEST_MOVE; place++) {
                for (int length = 1; length <= LONGEST_MOVE && same(got, from, wanted, place, length); length++) {
                    best = best(best, got, wanted, alignment, before, from, place, length, trials);
                    if (trials[0] >= MOST_TRIALS) {
                        return best.saved() > 0 ? best.result() : List.of();
                    }
                }
            }
        }
        return best.saved() > 0 ? best.result() : List.of();
    }

    private static boolean same(List<String> got, int from, List<String> wanted, int place, int length) {
        return from + length <= got.size() && place + length <= wanted.size() && got.get(from + length - 1).equals(wanted.get(place + length - 1));
    }

    /// Tries to move a run that the reference has at a place, before or behind each word that stands for one of the run there.
    private static Move best(
            Move sofar, List<String> got, List<String> wanted, Alignment alignment, int before, int from, int place, int length, int[] trials) {
        int stands = alignment.text()[place];
        if (!any(alignment.textWrong(), from, length) || !any(alignment.referenceWrong(), place, length) || stands >= from && stands < from + length) {
            return sofar;
        }
        Move best = sofar;
        int last = -1;
        for (int offset = -1; offset < length; offset++) {
            int to = place + offset < 0 ? 0 : alignment.text()[place + offset] + 1;
            if (to != last) {
                last = to;
                List<String> result = move(got, from, length, to);
                var move = new Move(before - EditDistance.of(result, wanted), length, from, to, result);
                trials[0]++;
                best = best.result().isEmpty() || move.betterThan(best) ? move : best;
            }
        }
        return best;
    }

    private static boolean any(boolean[] wrong, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (wrong[i]) {
                return true;
            }
        }
        return false;
    }

    private static List<String> move(List<String> words, int from, int length, int to) {
        List<String> rest = new ArrayList<>(words);
        List<String> run = List.copyOf(words.subList(from, from + length));
        rest.subList(from, from + length).clear();
        rest.addAll(to < from ? to : to > from + length ? to - length : Math.min(to, rest.size()), run);
        return rest;
    }

    /// By the edits from the text to the reference; of equally many the last is a word that stays or is replaced, else one that is left
    /// out, else one that is put in.
    private static Alignment align(List<String> got, List<String> wanted) {
        int[][] edits = new int[got.size() + 1][wanted.size() + 1];
        for (int i = 0; i <= got.size(); i++) {
            for (int j = 0; j <= wanted.size(); j++) {
                edits[i][j] = i == 0 ? j : j == 0 ? i : Math.min(
                        edits[i - 1][j - 1] + (got.get(i - 1).equals(wanted.get(j - 1)) ? 0 : 1),
                        Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
            }
        }
        int[] text = new int[wanted.size()];
        boolean[] referenceWrong = new boolean[wanted.size()];
        boolean[] textWrong = new boolean[got.size()];
        for (int i = got.size(), j = wanted.size(); i > 0 || j > 0; ) {
            boolean equal = i > 0 && j > 0 && got.get(i - 1).equals(wanted.get(j - 1));
            if (i > 0 && j > 0 && edits[i][j] == edits[i - 1][j - 1] + (equal ? 0 : 1)) {
                text[--j] = --i;
                referenceWrong[j] = !equal;
                textWrong[i] = !equal;
            } else if (i > 0 && edits[i][j] == edits[i - 1][j] + 1) {
                textWrong[--i] = true;
            } else {
                text[--j] = i - 1;
                referenceWrong[j] = true;
            }
        }
        return new Alignment(text, referenceWrong, textWrong);
    }
}
