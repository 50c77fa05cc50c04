package dev.cultivar.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/// How much of a reference a text has, and how much of the text the reference has (Lin, 2004, "ROUGE: A package for automatic evaluation of
/// summaries"): runs of words in common, or the longest sequence of words in common.
///
/// Words are runs of letters a to z and digits, in lower case; stemmed are those of more than three characters.
///
/// @param precision share of the text's words
/// @param recall    share of the reference's
public record Rouge(double precision, double recall) {

    /// The harmonic mean, 0 where nothing is in common.
    public double f1() {
        return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
    }

    /// Runs of so many words: ROUGE-1, ROUGE-2.
    public static Rouge ofRuns(int length, String reference, String text, boolean stemmed) {
        Map<List<String>, Integer> wanted = runs(words(reference, stemmed), length);
        Map<List<String>, Integer> got = runs(words(text, stemmed), length);
        int common = wanted.entrySet().stream().mapToInt(run -> Math.min(run.getValue(), got.getOrDefault(run.getKey(), 0))).sum();
        return new Rouge((double) common / Math.max(1, total(got)), (double) common / Math.max(1, total(wanted)));
    }

    /// The longest common subsequence: ROUGE-L.
    public static Rouge ofSequence(String reference, String text, boolean stemmed) {
        List<String> wanted = words(reference, stemmed);
        List<String> got = words(text, stemmed);
        if (wanted.isEmpty() || got.isEmpty()) {
            return new Rouge(0, 0);
        }
        double common = table(wanted, got)[wanted.size()][got.size()];
        return new Rouge(common / got.size(), common / wanted.size());
    }

    /// The same over lines: what of each line of the reference is in any line of the text, each word counted once (ROUGE-Lsum).
    public static Rouge ofLines(String reference, String text, boolean stemmed) {
        List<List<String>> wanted = lines(reference, stemmed);
        List<List<String>> got = lines(text, stemmed);
        Map<List<String>, Integer> wantedLeft = runs(wanted.stream().flatMap(List::stream).toList(), 1);
        Map<List<String>, Integer> gotLeft = runs(got.stream().flatMap(List::stream).toList(), 1);
        double words = total(gotLeft);
        double all = total(wantedLeft);
        if (words == 0 || all == 0) {
            return new Rouge(0, 0);
        }
        int hits = 0;
        for (List<String> line : wanted) {
            var union = new TreeSet<Integer>();
            got.forEach(other -> union.addAll(sequence(line, other)));
            for (int place : union) {
                List<String> word = List.of(line.get(place));
                if (gotLeft.getOrDefault(word, 0) > 0 && wantedLeft.getOrDefault(word, 0) > 0) {
                    hits++;
                    gotLeft.merge(word, -1, Integer::sum);
                    wantedLeft.merge(word, -1, Integer::sum);
                }
            }
        }
        return new Rouge(hits / words, hits / all);
    }

    private static List<List<String>> lines(String text, boolean stemmed) {
        return Arrays.stream(text.split("\n")).filter(line -> !line.isEmpty()).map(line -> words(line, stemmed)).toList();
    }

    static List<String> words(String text, boolean stemmed) {
        return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^a-z0-9]+"))
                .filter(word -> !word.isEmpty())
                .map(word -> stemmed && word.length() > 3 ? PorterStemmer.stem(word) : word)
                .toList();
    }

    private static Map<List<String>, Integer> runs(List<String> words, int length) {
        Map<List<String>, Integer> runs = new HashMap<>();
        for (int from = 0; from + length <= words.size(); from++) {
            runs.merge(words.subList(from, from + length), 1, Integer::sum);
        }
        return runs;
    }

    private static int total(Map<List<String>, Integer> runs) {
        return runs.values().stream().mapToInt(Integer::intValue).sum();
    }

    /// Lengths of the longest common subsequences of all beginnings.
    private static int[][] table(List<String> a, List<String> b) {
        int[][] table = new int[a.size() + 1][b.size() + 1];
        for (int i = 1; i <= a.size(); i++) {
            for (int j = 1; j <= b.size(); j++) {
                table[i][j] = a.get(i - 1).equals(b.get(j - 1)) ? table[i - 1][j - 1] + 1 : Math.max(table[i - 1][j], table[i][j - 1]);
            }
        }
        return table;
    }

    /// Places in `a` of one of the longest common subsequences.
    private static List<Integer> sequence(List<String> a, List<String> b) {
        int[][] table = table(a, b);
        List<Integer> places = new ArrayList<>();
        for (int i = a.size(), j = b.size(); i > 0 && j > 0; ) {
            if (a.get(i - 1).equals(b.get(j - 1))) {
                places.add(--i);
                j--;
            } else if (table[i][j - 1] > table[i - 1][j]) {
                j--;
            } else {
                i--;
            }
        }
        return places;
    }
}
