package probes.jar;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.Draw;
import dev.cultivar.checkpoint.StateReader;
import dev.cultivar.checkpoint.StateWriter;
import dev.cultivar.loop.BatchSource;
import dev.cultivar.nn.Backbone;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.Hidden;
import dev.cultivar.nn.Initial;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.Weights;
import dev.cultivar.objective.Denominators;
import dev.cultivar.objective.Loss;
import dev.cultivar.objective.Objective;
import dev.cultivar.run.Extensions;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// Learns the sine of a number: an extension that the command line finds in a jar.
public final class Waves implements Extensions.Provider {
    private static final int WIDTH = 32;

    @Override
    public Extensions extensions() {
        return Extensions.builder()
                .backbone("tanh", (parameters, weights) -> {
                    weights.parameter("tanh.weight", new Initial.Normal(parameters.number("deviation", 1)), WIDTH, 1);
                    weights.parameter("tanh.bias", new Initial.Normal(1), WIDTH);
                    return new Tanh(weights, parameters.values());
                })
                .objective("regression", (parameters, model) -> {
                    model.weights().parameter("out.weight", new Initial.Normal(0.1), 1, WIDTH);
                    return new Regression();
                })
                .source("sine", (parameters, seed) -> new Sine(seed))
                .build();
    }

    private record Tanh(Weights weights, Map<String, Object> parameters) implements Backbone {
        @Override
        public Hidden forward(Inputs inputs, Mode mode) {
            Tensor x = inputs.tensor("x"); // (B, 1) -> (B, C)
            Tensor states = torch.tanh(torch.linear(x, weights.get("tanh.weight"), new TensorOptional(weights.get("tanh.bias"))));
            return new Hidden(states, List.of(x, states));
        }

        @Override
        public Tensor pooled(Hidden hidden, Inputs inputs, Mode mode) {
            return hidden.states();
        }

        @Override
        public int width() {
            return WIDTH;
        }

        @Override
        public int layers() {
            return 1;
        }

        @Override
        public int depth(String parameter) {
            return parameter.startsWith("tanh.") ? 1 : -1;
        }

        @Override
        public Map<String, Object> config() {
            return Backbones.customConfig("tanh", parameters);
        }

        @Override
        public int positions() {
            return 0;
        }

        @Override
        public double forwardFlops(int length) {
            return 2.0 * WIDTH;
        }
    }

    private record Regression() implements Objective {
        @Override
        public Denominators denominators(Batch batch) {
            return Denominators.of("squares", batch.rows());
        }

        @Override
        public Loss loss(Model model, Inputs inputs, Mode mode) {
            Tensor states = model.backbone().forward(inputs, mode).states();
            Tensor error = torch.linear(states, model.weights().get("out.weight")).sub(inputs.tensor("y"));
            return Loss.of(new Loss.Term("squares", error.square().sum(), 1));
        }
    }

    private static final class Sine implements BatchSource {
        private final long seed;
        private long next;

        Sine(long seed) {
            this.seed = seed;
        }

        @Override
        public List<Batch> next(String turn, int count, Model model) {
            if (Boolean.getBoolean("probes.mortal")) {
                System.out.println("alive"); // so that whoever kills it knows where it is
            }
            return IntStream.range(0, count).mapToObj(i -> batch(next++)).toList();
        }

        private Batch batch(long number) {
            float[] x = new float[32];
            float[] y = new float[32];
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) (6 * Draw.unit(seed, number, i) - 3);
                y[i] = (float) Math.sin(x[i]);
            }
            return Batch.of(new long[32]).floats("x", x, 32, 1).floats("y", y, 32, 1).build();
        }

        @Override
        public Map<String, Iterable<Batch>> tasks() {
            return Map.of("validation", List.of(batch(-1)));
        }

        @Override
        public void save(StateWriter out) {
            out.whole("next", next);
        }

        @Override
        public void restore(StateReader in) {
            next = in.whole("next");
        }
    }
}
