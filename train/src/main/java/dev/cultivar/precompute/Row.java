package dev.cultivar.precompute;

import dev.cultivar.batch.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One row of a batch as a backbone reads it, without padding.
///
/// @param names  of the fields
/// @param fields one value a token, in the order of the names
record Row(List<String> names, List<int[]> fields, int length) {
    private static final String MASK = "attention_mask";

    /// The rows of a batch, filler rows too.
    ///
    /// @param names of the fields that are read, where the batch has them
    static List<Row> of(Batch batch, List<String> names) {
        List<String> there = names.stream().filter(batch::has).toList();
        long[] shape = batch.ints(there.getFirst()).shape(); // (B, T)
        int length = (int) shape[1];
        List<Row> rows = new ArrayList<>();
        for (int row = 0; row < shape[0]; row++) {
            int from = row * length;
            int own = batch.has(MASK) ? own(batch.ints(MASK).values(), from, length) : length;
            rows.add(new Row(there, there.stream().map(name -> Arrays.copyOfRange(batch.ints(name).values(), from, from + own)).toList(), own));
        }
        return rows;
    }

    /// Tokens up to the last one that is no padding.
    private static int own(int[] mask, int from, int length) {
        int own = length;
        while (own > 1 && mask[from + own - 1] == 0) {
            own--;
        }
        return own;
    }

    /// A batch of rows, each padded with zeros.
    static Batch batch(List<Row> rows, int length) {
        Batch.Builder batch = Batch.of(new long[rows.size()]);
        List<String> names = rows.getFirst().names();
        for (int n = 0; n < names.size(); n++) {
            int[] values = new int[rows.size() * length];
            for (int row = 0; row < rows.size(); row++) {
                System.arraycopy(rows.get(row).fields().get(n), 0, values, row * length, rows.get(row).length());
            }
            batch.ints(names.get(n), values, rows.size(), length);
        }
        return batch.build();
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
