package dev.cultivar.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How many runs of characters, and as an option of words, a text and its reference have in common, recall counting twice as much as precision
/// (Popović, 2015, "chrF: character n-gram F-score"; 2017, "chrF++"). White space does not count.
///
/// @param text      runs of the texts, by their length: one to six characters, then words
/// @param reference runs of the references
/// @param common    runs of both
public record ChrF(long[] text, long[] reference, long[] common) {
    private static final int CHARACTERS = 6;
    private static final double RECALL = 4; // beta squared
    private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    /// Of one row.
    ///
    /// @param words the longest run of words: 0 for chrF, 2 for chrF++
    public static ChrF of(String reference, String text, int words) {
        int orders = CHARACTERS + words;
        var score = new ChrF(new long[orders], new long[orders], new long[orders]);
        List<String> wanted = characters(reference);
        List<String> got = characters(text);
        List<String> wantedWords = words(reference);
        List<String> gotWords = words(text);
        for (int order = 0; order < orders; order++) {
            boolean ofWords = order >= CHARACTERS;
            int length = ofWords ? order - CHARACTERS + 1 : order + 1;
            Map<List<String>, Integer> a = runs(ofWords ? wantedWords : wanted, length);
            Map<List<String>, Integer> b = runs(ofWords ? gotWords : got, length);
            score.reference[order] = a.values().stream().mapToInt(Integer::intValue).sum();
            score.text[order] = a.isEmpty() ? 0 : b.values().stream().mapToInt(Integer::intValue).sum();
            score.common[order] = b.entrySet().stream().mapToInt(run -> Math.min(run.getValue(), a.getOrDefault(run.getKey(), 0))).sum();
        }
        return score;
    }

    /// Of several rows together.
    public ChrF plus(ChrF other) {
        return new ChrF(sum(text, other.text), sum(reference, other.reference), sum(common, other.common));
    }

    private static long[] sum(long[] a, long[] b) {
        long[] sum = a.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += b[i];
        }
        return sum;
    }

    /// From 0 to 100: of the means of precision and recall over the lengths that both sides have.
    public double score() {
        double precision = 0;
        double recall = 0;
        int orders = 0;
        for (int i = 0; i < text.length; i++) {
            if (text[i] > 0 && reference[i] > 0) {
                precision += (double) common[i] / text[i];
                recall += (double) common[i] / reference[i];
                orders++;
            }
        }
        return precision + recall == 0 ? 0 : 100 * (1 + RECALL) * precision * recall / (RECALL * precision + recall) / orders;
    }

    private static List<String> characters(String text) {
        return Arrays.stream(split(text)).flatMapToInt(String::codePoints).mapToObj(Character::toString).toList();
    }

    private static String[] split(String text) {
        return text.strip().split("[\\s\\p{Z}\\x1c-\\x1f\\x85]+");
    }

    /// A mark at a word's end, or else at its start, is a word of its own.
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        for (String word : split(text)) {
            int last = word.length() - 1;
            if (last > 0 && PUNCTUATION.indexOf(word.charAt(last)) >= 0) {
                words.addAll(List.of(word.substring(0, last), word.substring(last)));
            } else if (last > 0 && PUNCTUATION.indexOf(word.charAt(0)) >= 0) {
                words.addAll(List.of(word.substring(0, 1), word.substring(1)));
            } else if (last >= 0) {
                words.add(word);
            }
        }
        return words;
    }

    private static Map<List<String>, Integer> runs(List<String> items, int length) {
        Map<List<String>, Integer> runs = new HashMap<>();
        for (int from = 0; from + length <= items.size(); from++) {
            runs.merge(items.subList(from, from + length), 1, Integer::sum);
        }
        return runs;
    }
}
