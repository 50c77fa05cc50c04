package dev.cultivar.precompute;

import dev.cultivar.batch.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One row of a batch as a backbone reads it, without padding: tokens, or a picture.
///
/// @param names  of the fields
/// @param fields one value a token, in the order of the names; of a picture its numbers' bits
/// @param length tokens, or a picture's numbers
/// @param shape  of a picture, C, H, W; empty where the row is made of tokens
record Row(List<String> names, List<int[]> fields, int length, List<Long> shape) {
    private static final String MASK = "attention_mask";

    /// A row of tokens.
    Row(List<String> names, List<int[]> fields, int length) {
        this(names, fields, length, List.of());
    }

    /// A picture.
    ///
    /// @param values C x H x W of them
    static Row picture(String name, float[] values, List<Long> shape) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return new Row(List.of(name), List.of(bits), bits.length, shape);
    }

    /// The rows of a batch, filler rows too.
    ///
    /// @param names of the fields that are read, where the batch has them
    static List<Row> of(Batch batch, List<String> names) {
        List<String> there = names.stream().filter(batch::has).toList();
        long[] shape = batch.field(there.getFirst()).shape(); // (B, T), or (B, C, H, W)
        List<Row> rows = new ArrayList<>();
        if (batch.field(there.getFirst()) instanceof Batch.Field.Floats pictures) {
            int length = pictures.values().length / (int) shape[0];
            List<Long> own = Arrays.stream(shape).skip(1).boxed().toList();
            for (int row = 0; row < shape[0]; row++) {
                rows.add(picture(there.getFirst(), Arrays.copyOfRange(pictures.values(), row * length, (row + 1) * length), own));
            }
            return rows;
        }
        int length = (int) shape[1];
        for (int row = 0; row < shape[0]; row++) {
            int from = row * length;
            int own = batch.has(MASK) ? own(batch.ints(MASK).values(), from, length) : length;
            rows.add(new Row(there, there.stream().map(name -> Arrays.copyOfRange(batch.ints(name).values(), from, from + own)).toList(), own));
        }
        return rows;
    }

    boolean isPicture() {
        return !shape.isEmpty();
    }

    /// Tokens up to the last one that is no padding.
    private static int own(int[] mask, int from, int length) {
        int own = length;
        while (own > 1 && mask[from + own - 1] == 0) {
            own--;
        }
        return own;
    }

    /// A batch of rows, each padded with zeros; pictures are of one shape.
    static Batch batch(List<Row> rows, int length) {
        Batch.Builder batch = Batch.of(new long[rows.size()]);
        Row first = rows.getFirst();
        for (int n = 0; n < first.names().size(); n++) {
            int[] values = new int[rows.size() * length];
            for (int row = 0; row < rows.size(); row++) {
                System.arraycopy(rows.get(row).fields().get(n), 0, values, row * length, rows.get(row).length());
            }
            if (first.isPicture()) {
                float[] numbers = new float[values.length];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = Float.intBitsToFloat(values[i]);
                }
                batch.floats(first.names().get(n), numbers, shape(rows.size(), first.shape()));
            } else {
                batch.ints(first.names().get(n), values, rows.size(), length);
            }
        }
        return batch.build();
    }

    /// A number of rows before the shape of each.
    static long[] shape(int rows, List<Long> each) {
        long[] whole = new long[each.size() + 1];
        whole[0] = rows;
        for (int i = 0; i < each.size(); i++) {
            whole[i + 1] = each.get(i);
        }
        return whole;
    }

    /// What its entry is found by.
    ///
    /// @param prefix all that the values depend on besides the row
    /// @param width  and height of the canonical batch that it is computed in
    Key key(Key prefix, int width, int height) {
        Key.Digest digest = Key.digest().add(prefix).add(width).add(height);
        for (int n = 0; n < names.size(); n++) {
            digest.add(names.get(n)).add(fields.get(n));
        }
        return digest.key();
    }
}
