package dev.cultivar.nn;

import dev.cultivar.batch.Batch;
import dev.cultivar.torch.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Where each token of a batch stands in its text: as the batch says, from 0 in each packed segment, or from the left edge.
///
/// @param ids    (T), the same for all rows, or (B, T)
/// @param shared whether all rows have the same
/// @param length T
record Positions(int[] ids, boolean shared, int length) {

    static Positions of(Inputs inputs, int length) {
        if (inputs.has("position_ids")) {
            Batch.Field.Ints ids = inputs.batch().ints("position_ids");
            return new Positions(ids.values(), ids.values().length == length, length);
        }
        if (inputs.past().isPresent()) {
            return inputs.past().get().positions(inputs, length);
        }
        if (inputs.has("segment_ids")) {
            return new Positions(restarting(inputs.batch().ints("segment_ids").values(), length), false, length);
        }
        return counted(inputs.virtualKeys(), length);
    }

    /// From the left edge.
    ///
    /// @param first position of the first token
    static Positions counted(int first, int length) {
        int[] ids = new int[length];
        for (int i = 0; i < length; i++) {
            ids[i] = first + i;
        }
        return new Positions(ids, true, length);
    }

    /// Counted from 0 wherever another segment begins.
    private static int[] restarting(int[] segments, int length) {
        int[] ids = new int[segments.length];
        for (int i = 1; i < ids.length; i++) {
            ids[i] = i % length == 0 || segments[i] != segments[i - 1] ? 0 : ids[i - 1] + 1;
        }
        return ids;
    }

    /// Refuses what the model has no position for.
    Positions below(int positions) {
        for (int id : ids) {
            if (id < 0 || id >= positions) {
                throw new IllegalArgumentException("a token at position " + id + " is beyond the model's " + positions + " positions");
            }
        }
        return this;
    }

    /// The rows of a table of positions, (T, C) or (B, T, C).
    Tensor embed(Tensor table) {
        boolean counted = shared;
        for (int i = 1; i < length && counted; i++) {
            counted = ids[i] == ids[i - 1] + 1;
        }
        return counted ? table.narrow(0, ids[0], length) : torch.embedding(table, tensor());
    }

    /// (T) or (B, T), int64
    Tensor tensor() {
        return shared ? Tensors.ofInts(ids, length) : Tensors.ofInts(ids, ids.length / length, length);
    }
}
