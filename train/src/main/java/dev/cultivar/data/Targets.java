package dev.cultivar.data;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.DataException;
import dev.cultivar.batch.Draw;
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
    void into(Batch.Builder batch, List<? extends Labelled> rows, int height);

    /// The classes' names, none where rows have no class.
    Labels labels();

    /// Which classes a row has, for counts.
    default int[] classes(Labelled row) {
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
        public void into(Batch.Builder batch, List<? extends Labelled> rows, int height) {
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
        public void into(Batch.Builder batch, List<? extends Labelled> rows, int height) {
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

        /// The names in a cell.
        public static List<String> parts(String cell, String separator) {
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
        public void into(Batch.Builder batch, List<? extends Labelled> rows, int height) {
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

    /// A tag for each word: `labels` (B, T), the tag's number at a word's first piece, behind `[CLS]`, and nowhere else.
    ///
    /// A stored row has a number for each piece, [LabelledBatches#IGNORED] for those that go on with a word.
    ///
    /// @param labels the tags, `O` first
    record Tags(Labels labels) implements Targets {
        /// The number of each word's tag.
        @Override
        public int[] read(Example example, Examples from) {
            return Arrays.stream(example.label().split(" "))
                    .mapToInt(tag -> labels.number(new Example(example.row(), "", "", tag), from))
                    .toArray();
        }

        @Override
        public void into(Batch.Builder batch, List<? extends Labelled> rows, int height) {
            int length = Math.toIntExact(batch.shape("input_ids")[1]);
            int[] numbers = new int[height * length];
            Arrays.fill(numbers, LabelledBatches.IGNORED);
            for (int i = 0; i < rows.size(); i++) {
                int[] target = rows.get(i).target();
                System.arraycopy(target, 0, numbers, i * length + 1, target.length);
            }
            batch.ints("labels", numbers, height, length);
        }

        @Override
        public int[] classes(Labelled row) {
            return Arrays.stream(row.target()).filter(number -> number != LabelledBatches.IGNORED).toArray();
        }
    }

    /// A stretch of the second segment: `start_positions` and `end_positions` (B), the first and the last token of the answer in the row;
    /// both 0, where `[CLS]` stands, in a window without one, and both behind the row in filler, where losses pass over them.
    ///
    /// A stored row has the two positions and the number of the piece of the text that the window starts with.
    ///
    /// @param stride pieces of the text that two windows share
    record Span(int stride) implements Targets {
        @Override
        public int[] read(Example example, Examples from) {
            throw new IllegalStateException("where an answer stands in a row is known once the text is cut into windows");
        }

        @Override
        public void into(Batch.Builder batch, List<? extends Labelled> rows, int height) {
            int[] starts = new int[height];
            int[] ends = new int[height];
            int outside = Math.toIntExact(batch.shape("input_ids")[1]);
            Arrays.fill(starts, outside);
            Arrays.fill(ends, outside);
            for (int i = 0; i < rows.size(); i++) {
                starts[i] = rows.get(i).target()[0];
                ends[i] = rows.get(i).target()[1];
            }
            batch.ints("start_positions", starts, height).ints("end_positions", ends, height);
        }

        @Override
        public Labels labels() {
            return Labels.none();
        }

        @Override
        public int[] classes(Labelled row) {
            return new int[0];
        }

        @Override
        public String meaning() {
            return "Span " + stride;
        }
    }

    /// What rows have that are parts of longer texts: beside the label `document` (B), the row of the source, so that what is said of the
    /// parts can be put together.
    ///
    /// @param of what the text is labelled with
    record Parted(Targets of) implements Targets {
        @Override
        public int[] read(Example example, Examples from) {
            return of.read(example, from);
        }

        @Override
        public void into(Batch.Builder batch, List<? extends Labelled> rows, int height) {
            of.into(batch, rows, height);
            int[] documents = new int[height];
            for (int i = 0; i < rows.size(); i++) {
                documents[i] = Math.toIntExact(rows.get(i).origin());
            }
            batch.ints("document", documents, height);
        }

        @Override
        public Labels labels() {
            return of.labels();
        }

        @Override
        public int[] classes(Labelled row) {
            return of.classes(row);
        }

        @Override
        public String meaning() {
            return of.meaning();
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
        public static float of(Labelled row) {
            return Float.intBitsToFloat(row.target()[0]);
        }

        @Override
        public void into(Batch.Builder batch, List<? extends Labelled> rows, int height) {
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
        public int[] classes(Labelled row) {
            return new int[0];
        }
    }

    /// A document's grade and the query it is of: `labels` (B), and `query` (B, 2), a number of 64 bits in two.
    record Graded() implements Targets {
        @Override
        public int[] read(Example example, Examples from) {
            float grade = Value.number(example, from);
            if (grade < 0) {
                throw new DataException(from.place(example.row()) + ": grade " + example.label() + " is below 0; a document of no use has grade 0");
            }
            long query = Draw.name(example.text());
            return new int[] {Float.floatToRawIntBits(grade), (int) (query >>> 32), (int) query};
        }

        static float grade(int[] target) {
            return Float.intBitsToFloat(target[0]);
        }

        /// Equal for rows of one query; two queries share a number with chance 2^-64.
        static long query(int[] target) {
            return (long) target[1] << 32 | target[2] & 0xFFFFFFFFL;
        }

        @Override
        public void into(Batch.Builder batch, List<? extends Labelled> rows, int height) {
            float[] grades = new float[height];
            int[] queries = new int[2 * height];
            for (int i = 0; i < rows.size(); i++) {
                int[] target = rows.get(i).target();
                grades[i] = grade(target);
                queries[2 * i] = target[1];
                queries[2 * i + 1] = target[2];
            }
            batch.floats("labels", grades, height);
            batch.ints("query", queries, height, 2);
        }

        @Override
        public Labels labels() {
            return Labels.none();
        }

        @Override
        public int[] classes(Labelled row) {
            return new int[0];
        }
    }
}
