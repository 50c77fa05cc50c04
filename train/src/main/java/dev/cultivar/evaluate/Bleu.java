package dev.cultivar.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/// How many of a text's runs of one to four words the reference has (Papineni et al., 2002, "BLEU: a method for automatic evaluation of
/// machine translation"), summed over all rows, with a penalty for texts that are short.
///
/// Words are those of the `13a` tokenizer of WMT: punctuation stands alone, but for points and commas in numbers.
///
/// @param matched   runs that the references have, by their length
/// @param total     runs of the texts
/// @param words     of the texts
/// @param reference words of the references
public record Bleu(long[] matched, long[] total, long words, long reference) {
    private static final int ORDER = 4;

    /// Of one row.
    public static Bleu of(String reference, String text) {
        List<String> wanted = words(reference);
        List<String> got = words(text);
        long[] matched = new long[ORDER];
        long[] total = new long[ORDER];
        for (int n = 1; n <= ORDER; n++) {
            Map<List<String>, Integer> runs = runs(wanted, n);
            for (Map.Entry<List<String>, Integer> run : runs(got, n).entrySet()) {
                matched[n - 1] += Math.min(run.getValue(), runs.getOrDefault(run.getKey(), 0));
                total[n - 1] += run.getValue();
            }
        }
        return new Bleu(matched, total, got.size(), wanted.size());
    }

    /// Of several rows together.
    public Bleu plus(Bleu other) {
        long[] sum = matched.clone();
        long[] all = total.clone();
        for (int n = 0; n < ORDER; n++) {
            sum[n] += other.matched[n];
            all[n] += other.total[n];
        }
        return new Bleu(sum, all, words + other.words, reference + other.reference);
    }

    /// Everything that is counted, in a row, so that the rows of many texts can be added up.
    double[] counts() {
        return LongStream.concat(LongStream.concat(LongStream.of(matched), LongStream.of(total)), LongStream.of(words, reference))
                .asDoubleStream()
                .toArray();
    }

    /// Of sums of [#counts].
    static Bleu of(double[] counts) {
        long[] sums = DoubleStream.of(counts).mapToLong(sum -> (long) sum).toArray();
        return new Bleu(Arrays.copyOf(sums, ORDER), Arrays.copyOfRange(sums, ORDER, 2 * ORDER), sums[2 * ORDER], sums[2 * ORDER + 1]);
    }

    /// Below 1 where the texts are shorter than the references.
    public double brevityPenalty() {
        return words >= reference ? 1 : words == 0 ? 0 : Math.exp(1 - (double) reference / words);
    }

    /// Percent of runs that matched, by their length; where none did, a half of one, then a quarter, and so on, if smoothed.
    public double[] precisions(boolean smoothed) {
        double[] precisions = new double[ORDER];
        if (Arrays.stream(matched).sum() == 0) {
            return precisions;
        }
        double smooth = 1;
        for (int n = 0; n < ORDER && total[n] > 0; n++) {
            if (matched[n] == 0) {
                smooth *= 2;
            }
            precisions[n] = matched[n] > 0 ? 100.0 * matched[n] / total[n] : smoothed ? 100 / (smooth * total[n]) : 0;
        }
        return precisions;
    }

    /// From 0 to 100, over all rows.
    public double score(boolean smoothed) {
        return score(precisions(smoothed), ORDER);
    }

    /// The same where one row stands alone: runs that are longer than the text do not count.
    public double sentenceScore() {
        int longest = 0;
        while (longest < ORDER && total[longest] > 0) {
            longest++;
        }
        return longest == 0 ? 0 : score(precisions(true), longest);
    }

    private double score(double[] precisions, int order) {
        double logarithms = 0;
        for (int n = 0; n < order; n++) {
            if (precisions[n] == 0) {
                return 0;
            }
            logarithms += Math.log(precisions[n]);
        }
        return brevityPenalty() * Math.exp(logarithms / order);
    }

    static List<String> words(String text) {
        String line = text.replace("<skipped>", "").replace("-\n", "").replace("\n", " ");
        if (line.indexOf('&') >= 0) {
            line = line.replace("&quot;", "\"").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">");
        }
        line = (" " + line + " ")
                .replaceAll("([{-~\\[-` -&(-+:-@/])", " $1 ")
                .replaceAll("([^0-9])([.,])", "$1 $2 ")
                .replaceAll("([.,])([^0-9])", " $1 $2")
                .replaceAll("([0-9])(-)", "$1 $2 ");
        return Arrays.stream(line.split("[\\s\\p{Z}\\x1c-\\x1f\\x85]+")).filter(word -> !word.isEmpty()).toList();
    }

    private static Map<List<String>, Integer> runs(List<String> words, int length) {
        Map<List<String>, Integer> runs = new HashMap<>();
        for (int from = 0; from + length <= words.size(); from++) {
            runs.merge(new ArrayList<>(words.subList(from, from + length)), 1, Integer::sum);
        }
        return runs;
    }
}
