package dev.cultivar.data;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.DataException;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/// What a row's label means: how its text becomes the numbers that are stored with the row, and how these become fields of a batch.
///
/// A batch's filler rows come last; losses pass over them by the label [LabelledBatches#IGNORED], or, where labels are real numbers,
/// by [Batch#rows].
public sealed interface Targets {

    /// One class a row, or nothing where there are no classes.
    static Targets of(Labels labels) {
        return labels.size() == 0 ? new None() : new OneClass(labels);
    }

    /// The numbers to store with a row.
    ///
    /// @param from where the row comes from, for messages
    int[] read(Example example, Examples from);

    /// Adds the fields of the rows to a batch of that height.
    void into(Batch.Builder batch, List<TokenRow> rows, int height);

    /// The classes' names, none where rows have no class.
    Labels labels();

    /// Which classes a row has, for counts.
    default int[] classes(TokenRow row) {
        return row.target();
    }

    /// What the stored numbers mean, for fingerprints.
    default String meaning() {
        return getClass().getSimpleName();
    }

    /// Rows without labels: `labels` (B), all of them ignored.
    record None() implements Targets {
        @Override
        public int[] read(Example example, Examples from) {
            return new int[0];
        }

        @Override
        public void into(Batch.Builder batch, List<TokenRow> rows, int height) {
            int[] labels = new int[height];
            Arrays.fill(labels, LabelledBatches.IGNORED);
            batch.ints("labels", labels, height);
        }

        @Override
        public Labels labels() {
            return Labels.none();
        }
    }

    /// One class a row: `labels` (B).
    ///
    /// @param labels the classes, in an order that means something where the task is ordinal
    record OneClass(Labels labels) implements Targets {
        @Override
        public int[] read(Example example, Examples from) {
            return new int[] {labels.number(example, from)};
        }

        @Override
        public void into(Batch.Builder batch, List<TokenRow> rows, int height) {
            int[] numbers = new int[height];
            Arrays.fill(numbers, LabelledBatches.IGNORED);
            for (int i = 0; i < rows.size(); i++) {
                numbers[i] = rows.get(i).target()[0];
            }
            batch.ints("labels", numbers, height);
        }
    }

    /// Any number of classes a row, none too: `labels` (B, K) of zeros and ones.
    ///
    /// @param labels    the classes
    /// @param separator between the names in the label's column
    record ManyClasses(Labels labels, String separator) implements Targets {

        /// The distinct names in the label's column.
        public static Labels names(Examples examples, String separator) {
            TreeSet<String> seen = new TreeSet<>();
            examples.each(example -> seen.addAll(parts(example.label(), separator)));
            return Labels.of(seen);
        }

        private static List<String> parts(String cell, String separator) {
            return Arrays.stream(cell.split(java.util.regex.Pattern.quote(separator)))
                    .map(String::strip)
                    .filter(part -> !part.isEmpty())
                    .toList();
        }

        @Override
        public int[] read(Example example, Examples from) {
            return parts(example.label(), separator).stream()
                    .mapToInt(name -> labels.number(new Example(example.row(), "", "", name), from))
                    .sorted()
                    .distinct()
                    .toArray();
        }

        @Override
        public void into(Batch.Builder batch, List<TokenRow> rows, int height) {
            float[] flags = new float[height * labels.size()];
            for (int i = 0; i < rows.size(); i++) {
                for (int number : rows.get(i).target()) {
                    flags[i * labels.size() + number] = 1;
                }
            }
            batch.floats("labels", flags, height, labels.size());
        }

        @Override
        public String meaning() {
            return "ManyClasses " + separator;
        }
    }

    /// A number a row: `labels` (B).
    record Value() implements Targets {
        @Override
        public int[] read(Example example, Examples from) {
            return new int[] {Float.floatToRawIntBits(number(example, from))};
        }

        private static float number(Example example, Examples from) {
            try {
                float number = Float.parseFloat(example.label().strip());
                if (Float.isFinite(number)) {
                    return number;
                }
            } catch (NumberFormatException noNumber) {
                // told below
            }
            throw new DataException(from.place(example.row()) + ": label '" + example.label() + "' is no finite number, which this objective "
                    + "learns. Correct the cell, or drop the row with 'where'.");
        }

        /// What a stored row says.
        static float of(TokenRow row) {
            return Float.intBitsToFloat(row.target()[0]);
        }

        @Override
        public void into(Batch.Builder batch, List<TokenRow> rows, int height) {
            float[] values = new float[height];
            for (int i = 0; i < rows.size(); i++) {
                values[i] = of(rows.get(i));
            }
            batch.floats("labels", values, height);
        }

        @Override
        public Labels labels() {
            return Labels.none();
        }

        @Override
        public int[] classes(TokenRow row) {
            return new int[0];
        }
    }
}
