package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import dev.cultivar.batch.Draw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Takes shares of the training rows away for validation and test.
///
/// Records of a table are drawn in a keyed order, stratified by label; every label keeps a training row, and rows with
/// the same text go together, so that a split cannot leak. Of plain text the last part is taken, and no document is in
/// two parts unless there is but one.
public final class Splits {
    private static final long PURPOSE = Draw.name("split");
    private static final Pattern SPACES = Pattern.compile("\\s+");

    private Splits() {}

    /// Which rows, by their number in the order of reading from 0, are in which part.
    public record Places(BitSet train, BitSet validation, BitSet test) {}

    /// @param validation share of the rows, 0 for none
    /// @param test       share of the rows, 0 for none
    public static Places of(Examples examples, double validation, double test, long seed) {
        return of(examples, validation, test, seed, Strata.LABELS);
    }

    /// @param strata of records; of plain text no document is in two parts anyway
    public static Places of(Examples examples, double validation, double test, long seed, Strata strata) {
        if (examples.plainText() && strata == Strata.DOCUMENTS) {
            throw new DataException(examples.name() + ": is plain text, whose last part is held out, whole documents at a time; leave "
                    + "'by: document' out");
        }
        Places places = examples.plainText() ? byPlace(examples, validation, test) : drawn(examples, validation, test, seed, strata);
        require(places.train(), examples, "train");
        if (validation > 0) {
            require(places.validation(), examples, "validation");
        }
        if (test > 0) {
            require(places.test(), examples, "test");
        }
        return places;
    }

    /// What is dealt out evenly to the parts.
    public enum Strata {
        /// Each label's rows; those of one text go together.
        LABELS,
        /// All rows alike; those of one text go together.
        NONE,
        /// All documents alike, each with all of its rows.
        DOCUMENTS
    }

    private static void require(BitSet part, Examples examples, String name) {
        if (part.isEmpty()) {
            throw new DataException(examples.name() + " has too few rows for its fractions: none is left for " + name
                    + ". Give more rows, other fractions, or a file of its own");
        }
    }

    /// Cuts at the end of the document nearest to each share of the characters; of a line where documents are too few.
    private static Places byPlace(Examples examples, double validation, double test) {
        List<long[]> documents = new ArrayList<>(); // {rows, characters} up to the end of each
        List<long[]> lines = new ArrayList<>(); // the same; only the last where documents are many
        examples.each(new Examples.Sink() {
            private long rows;
            private long characters;

            @Override
            public void row(Example example) {
                if (documents.size() > 1_000) {
                    lines.clear();
                }
                characters += example.text().length();
                lines.add(new long[] {++rows, characters});
            }

            @Override
            public void endOfDocument() {
                documents.add(new long[] {rows, characters});
            }
        });
        Places places = cutAt(documents, validation, test);
        boolean lacking = places.train().isEmpty() || validation > 0 && places.validation().isEmpty() || test > 0 && places.test().isEmpty();
        return lacking && documents.size() <= 1_000 ? cutAt(lines, validation, test) : places;
    }

    private static Places cutAt(List<long[]> ends, double validation, double test) {
        int rows = (int) ends.getLast()[0];
        long all = ends.getLast()[1];
        int testFrom = test > 0 ? cut(ends, (1 - test) * all) : rows;
        int validationFrom = validation > 0 ? cut(ends, (1 - test - validation) * all) : testFrom;
        return new Places(range(0, validationFrom), range(validationFrom, testFrom), range(testFrom, rows));
    }

    /// The row after the last cut that is nearest to a number of characters; never the end of the text.
    private static int cut(List<long[]> cuts, double characters) {
        return (int) cuts.subList(0, cuts.size() - 1).stream()
                .min(Comparator.comparingDouble(end -> Math.abs(end[1] - characters)))
                .map(end -> end[0])
                .orElse(0L).longValue();
    }

    private static BitSet range(int from, int to) {
        BitSet set = new BitSet();
        set.set(from, Math.max(from, to));
        return set;
    }

    private static Places drawn(Examples examples, double validation, double test, long seed, Strata strata) {
        List<Integer> leader = new ArrayList<>(); // of each row the first one with the same text
        Map<String, List<Integer>> byLabel = new TreeMap<>(); // the leaders
        Map<Long, Integer> firstWith = new HashMap<>();
        examples.each(example -> {
            int row = leader.size();
            int first = firstWith.computeIfAbsent(strata == Strata.DOCUMENTS ? document(example, examples) : textKey(example), key -> row);
            leader.add(first);
            if (first == row) {
                byLabel.computeIfAbsent(strata == Strata.LABELS ? example.label() : "", label -> new ArrayList<>()).add(row);
            }
        });
        BitSet inValidation = new BitSet();
        BitSet inTest = new BitSet();
        Quotas quotas = new Quotas(byLabel.values().stream().mapToInt(List::size).toArray());
        int[] forTest = quotas.take(test);
        int[] forValidation = quotas.take(validation);
        int label = 0;
        for (List<Integer> rows : byLabel.values()) {
            rows.sort(Comparator.<Integer>comparingLong(row -> Draw.bits(seed, PURPOSE, row)).thenComparing(row -> row));
            rows.subList(0, forTest[label]).forEach(inTest::set);
            rows.subList(forTest[label], forTest[label] + forValidation[label]).forEach(inValidation::set);
            label++;
        }
        BitSet train = new BitSet();
        for (int row = 0; row < leader.size(); row++) {
            BitSet part = inTest.get(leader.get(row)) ? inTest : inValidation.get(leader.get(row)) ? inValidation : train;
            part.set(row);
        }
        return new Places(train, inValidation, inTest);
    }

    /// A number for a row's document; where the source does not name documents, its second text is one.
    private static long document(Example example, Examples from) {
        String document = example.document().isEmpty() ? example.pair() : example.document();
        if (document.isEmpty()) {
            throw new DataException(from.place(example.row()) + ": names no document, which data is to be held out by; give 'by: rows', a "
                    + "file with documents (titles of SQuAD, -DOCSTART- lines of CoNLL), or a column of second texts in data.columns.pair");
        }
        return Draw.name(document);
    }

    /// A number for a row's texts, case and white space aside; two that differ share one with chance 2^-64.
    static long textKey(Example example) {
        return Draw.mix(Draw.name(normal(example.text())) + 31 * Draw.name(normal(example.pair())));
    }

    private static String normal(String text) {
        return SPACES.matcher(text.strip()).replaceAll(" ").toLowerCase(Locale.ROOT);
    }

    /// Deals a share out to labels by largest remainder; each label keeps a row.
    private static final class Quotas {
        private final int[] all;
        private final int[] left;

        Quotas(int[] sizes) {
            all = sizes;
            left = sizes.clone();
        }

        int[] take(double share) {
            int[] taken = new int[all.length];
            long total = 0;
            for (int label = 0; label < all.length; label++) {
                taken[label] = Math.min((int) (share * all[label] + 1e-9), left[label] - 1);
                total += taken[label];
            }
            long wanted = Math.round(share * Arrays.stream(all).asLongStream().sum());
            List<Integer> byRemainder = new ArrayList<>();
            for (int label = 0; label < all.length; label++) {
                byRemainder.add(label);
            }
            byRemainder.sort(Comparator.comparingDouble(label -> (int) (share * all[label] + 1e-9) - share * all[label]));
            for (int label : byRemainder) {
                if (total < wanted && taken[label] < left[label] - 1 && share * all[label] > taken[label]) {
                    taken[label]++;
                    total++;
                }
            }
            for (int label = 0; label < all.length; label++) {
                left[label] -= taken[label];
            }
            return taken;
        }
    }
}
