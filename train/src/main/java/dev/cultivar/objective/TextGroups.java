package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.nn.Inputs;
import java.util.Arrays;
import java.util.List;

/// The texts of a batch whose rows are groups of texts, one under the other, so that a backbone reads all of them at once.
///
/// A group batch has `input_ids`, `attention_mask`, `token_type_ids` (G, N, T) and, where groups have different sizes, `texts` (G).
///
/// @param rows  the same fields, (R, T): the texts of the first group, then those of the second, ...
/// @param sizes how many texts each group has, R in all
record TextGroups(Inputs rows, int[] sizes) {
    private static final List<String> FIELDS = List.of("input_ids", "attention_mask", "token_type_ids");

    static TextGroups of(Batch batch) {
        long[] shape = batch.ints(FIELDS.getFirst()).shape();
        int most = Math.toIntExact(shape[1]);
        int width = Math.toIntExact(shape[2]);
        int[] sizes = sizes(batch);
        int texts = Arrays.stream(sizes).sum();
        Batch.Builder flat = Batch.of(new long[texts]);
        for (String field : FIELDS) {
            int[] from = batch.ints(field).values();
            int[] to = new int[texts * width];
            for (int group = 0, at = 0; group < sizes.length; at += sizes[group++]) {
                System.arraycopy(from, group * most * width, to, at * width, sizes[group] * width);
            }
            flat.ints(field, to, texts, width);
        }
        return new TextGroups(Inputs.of(flat.build()), sizes);
    }

    /// How many texts each group has.
    static int[] sizes(Batch batch) {
        if (batch.has("texts")) {
            return batch.ints("texts").values();
        }
        int[] sizes = new int[batch.rows()];
        Arrays.fill(sizes, Math.toIntExact(batch.ints(FIELDS.getFirst()).shape()[1]));
        return sizes;
    }
}
