package dev.cultivar.nn;

import dev.cultivar.batch.Draw;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// The first values of a parameter, as a function of the run's seed and the parameter's name.
public sealed interface Initial {
    /// Values for `count` elements.
    float[] values(int count, long seed, String name);

    record Constant(float value) implements Initial {
        @Override
        public float[] values(int count, long seed, String name) {
            float[] values = new float[count];
            Arrays.fill(values, value);
            return values;
        }
    }

    /// Values that something else has told.
    record Given(List<Float> values) implements Initial {
        public Given {
            values = List.copyOf(values);
        }

        @Override
        public float[] values(int count, long seed, String name) {
            float[] given = new float[count];
            for (int i = 0; i < count; i++) {
                given[i] = values.get(i);
            }
            return given;
        }
    }

    /// Gaussian with mean 0.
    record Normal(double deviation) implements Initial {
        @Override
        public float[] values(int count, long seed, String name) {
            var random = new SplittableRandom(Draw.bits(seed, Draw.name(name)));
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = (float) (deviation * random.nextGaussian());
            }
            return values;
        }
    }

    /// Uniform in `[-bound, bound)`; PyTorch's own choice for linear layers and convolutions is `1 / sqrt(fan in)`.
    record Uniform(double bound) implements Initial {
        @Override
        public float[] values(int count, long seed, String name) {
            var random = new SplittableRandom(Draw.bits(seed, Draw.name(name)));
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
            }
            return values;
        }
    }
}
