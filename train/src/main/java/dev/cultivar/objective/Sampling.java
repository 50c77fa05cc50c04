package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.Draw;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.torch.Tensors;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/// Draws one piece for each position from the softmax of its logits, by inversion: the first piece at which the summed
/// probabilities pass a uniform number. No gradient flows through it.
///
/// @param temperature that logits are divided by
/// @param uniforms    where the numbers come from
record Sampling(double temperature, Uniforms uniforms) {

    /// One number in [0, 1) a position.
    @FunctionalInterface
    interface Uniforms {
        /// In training from the mode's own generator, a function of seed, step and micro-batch; where the mode has none,
        /// and so in every evaluation, [#BY_ROW].
        Uniforms BY_PLACE = (batch, places, mode) -> mode.draws() == null ? Uniforms.BY_ROW.of(batch, places, mode) : drawn(places.length, mode);

        /// A function of the row's number and the position in it: whatever batch the row is in, it meets the same replacements.
        Uniforms BY_ROW = (batch, places, mode) -> {
            long length = batch.ints("input_ids").shape()[1];
            double[] numbers = new double[places.length];
            for (int i = 0; i < places.length; i++) {
                numbers[i] = Draw.unit(Draw.name("replaced tokens"), batch.origin()[(int) (places[i] / length)], places[i] % length);
            }
            return numbers;
        };

        /// @param places of the positions in the flat batch, (B T)
        double[] of(Batch batch, int[] places, Mode mode);

        private static double[] drawn(int count, Mode mode) {
            Tensor drawn = torch.empty(new long[] {count}, new TensorOptions(torch.ScalarType.Float), null)
                    .uniform_(0, 1, new GeneratorOptional(mode.draws()));
            float[] values = Tensors.floats(drawn);
            double[] numbers = new double[count];
            for (int i = 0; i < count; i++) {
                numbers[i] = values[i];
            }
            return numbers;
        }
    }

    /// (M, V) -> M pieces
    int[] pieces(Tensor logits, Batch batch, int[] places, Mode mode) {
        try (var without = new NoGradient()) {
            double[] numbers = uniforms.of(batch, places, mode);
            float[] floats = new float[numbers.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = Math.min((float) numbers[i], Math.nextDown(1f));
            }
            // In float64: a sum over a large vocabulary must not swallow its last pieces.
            Tensor summed = torch.softmax(logits.detach().to(torch.ScalarType.Double).div(new Scalar(temperature)), -1).cumsum(-1); // (M, V)
            long last = logits.size(-1) - 1;
            Tensor wanted = Tensors.ofFloats(floats, floats.length, 1).mul(summed.narrow(-1, last, 1)); // (M, 1)
            float[] drawn = Tensors.floats(summed.le(wanted).sum(-1L)); // (M): how many pieces the number has passed
            int[] pieces = new int[drawn.length];
            for (int i = 0; i < pieces.length; i++) {
                pieces[i] = (int) drawn[i];
            }
            return pieces;
        }
    }
}
