package dev.cultivar.nn;

import dev.cultivar.batch.Batch;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Virtual tokens before each row of a batch: vectors in place of words (a prompt), or keys and values in every layer (a prefix).
sealed interface Virtual {
    /// Vectors of words with the prompt's in place.
    Tensor prompted(Tensor words);

    /// How many tokens each layer sees that are no part of the batch.
    int keys();

    /// What a layer attends to.
    KeyValues.Layer before(int layer, Tensor keys, Tensor values);

    /// Prompt tuning (Lester et al., 2021, "The power of scale for parameter-efficient prompt tuning").
    ///
    /// @param vectors (P, C)
    record Prompt(Tensor vectors) implements Virtual {
        @Override
        public Tensor prompted(Tensor words) {
            long tokens = vectors.size(0);
            Tensor all = vectors.to(words.scalar_type()).unsqueeze(0).expand(words.size(0), -1, -1); // (B, P, C)
            return torch.cat(new TensorVector(all, words.narrow(1, tokens, words.size(1) - tokens)), 1);
        }

        @Override
        public int keys() {
            return 0;
        }

        @Override
        public KeyValues.Layer before(int layer, Tensor keys, Tensor values) {
            return new KeyValues.Layer(keys, values);
        }

        /// The batch with places for the prompt before each row.
        Batch places(Batch batch, int pad) {
            int tokens = Math.toIntExact(vectors.size(0));
            SequencedMap<String, Batch.Field> fields = new LinkedHashMap<>();
            longer(fields, batch, "input_ids", tokens, pad);
            longer(fields, batch, "attention_mask", tokens, 1);
            longer(fields, batch, "token_type_ids", tokens, 0);
            return new Batch(batch.rows(), batch.origin(), fields);
        }

        private static void longer(SequencedMap<String, Batch.Field> fields, Batch batch, String field, int tokens, int filler) {
            if (batch.has(field)) {
                var ints = batch.ints(field);
                int rows = Math.toIntExact(ints.shape()[0]);
                fields.put(field, new Batch.Field.Ints(lengthened(ints.values(), rows, tokens, filler), new long[] {rows, ints.shape()[1] + tokens}));
            }
        }
    }

    /// Prefix tuning (Li and Liang, 2021), without a network that makes the prefix.
    ///
    /// @param numbers (P, layers 2 H d): of each layer its keys, then its values
    /// @param shape   of the backbone's keys
    record Prefix(Tensor numbers, VirtualShape shape) implements Virtual {
        @Override
        public Tensor prompted(Tensor words) {
            return words;
        }

        @Override
        public int keys() {
            return Math.toIntExact(numbers.size(0));
        }

        @Override
        public KeyValues.Layer before(int layer, Tensor keys, Tensor values) {
            return new KeyValues.Layer(joined(2 * layer, keys), joined(2 * layer + 1, values));
        }

        private Tensor joined(int part, Tensor own) {
            long width = (long) shape.heads() * shape.keyWidth();
            Tensor mine = numbers.narrow(1, part * width, width)
                    .view(keys(), shape.heads(), shape.keyWidth())
                    .transpose(0, 1) // (P, H, d) -> (H, P, d)
                    .to(own.scalar_type())
                    .unsqueeze(0)
                    .expand(own.size(0), -1, -1, -1);
            return torch.cat(new TensorVector(mine, own), 2);
        }
    }

    /// Rows of numbers with a filler before each.
    static int[] lengthened(int[] values, int rows, int tokens, int filler) {
        if (tokens == 0 || values.length == 0) {
            return values;
        }
        int length = values.length / rows;
        int[] longer = new int[values.length + rows * tokens];
        for (int row = 0; row < rows; row++) {
            int from = row * (length + tokens);
            Arrays.fill(longer, from, from + tokens, filler);
            System.arraycopy(values, row * length, longer, from + tokens, length);
        }
        return longer;
    }
}
