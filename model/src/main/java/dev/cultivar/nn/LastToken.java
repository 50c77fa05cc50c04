package dev.cultivar.nn;

import dev.cultivar.batch.Batch;
import dev.cultivar.torch.Tensors;
import org.bytedeco.pytorch.Tensor;

/// A decoder's one vector for a row: the state of its last token that is no padding, the only one that has seen them all.
final class LastToken {
    private LastToken() {}

    /// (B, T, C) -> (B, C)
    static Tensor of(Hidden hidden, Inputs inputs) {
        Tensor states = hidden.states();
        if (!inputs.has("attention_mask")) {
            return states.select(1, -1);
        }
        Batch.Field.Ints mask = inputs.batch().ints("attention_mask");
        int rows = Math.toIntExact(mask.shape()[0]);
        int length = Math.toIntExact(mask.shape()[1]);
        int[] last = new int[rows];
        for (int row = 0; row < rows; row++) {
            int at = length - 1;
            while (at > 0 && mask.values()[row * length + at] == 0) {
                at--;
            }
            last[row] = row * length + at;
        }
        return states.reshape(-1, states.size(-1)).index_select(0, Tensors.ofInts(last, rows));
    }
}
