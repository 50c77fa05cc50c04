package probes;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.Draw;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.Weights;
import dev.cultivar.objective.Denominators;
import dev.cultivar.objective.Loss;
import dev.cultivar.objective.Measurement;
import dev.cultivar.objective.Objective;
import dev.cultivar.run.Extensions;
import dev.cultivar.torch.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// WGAN-GP (Gulrajani et al., 2017, algorithm 1) on a ring of eight Gaussians: five critic turns and a generator turn in a step.
/// The critic is the backbone, so that what it learned can be reused.
final class RingProbe {
    static final int MODES = 8;
    private static final int NOISE = 4;
    private static final double DEVIATION = 0.15;

    static final Probe PROBE = new Probe("""
            backbone: {kind: custom, name: critic}
            data: {kind: custom, name: ring}
            turns:
              - name: critic
                times: 5
                moves: [mlp., score.]
                objective: {kind: custom, name: critic}
                optimizer: {kind: adamw, learning_rate: 5e-3, betas: [0, 0.9], weight_decay: 0}
                clipping: none
              - name: generator
                moves: [generator.]
                objective: {kind: custom, name: generator}
                optimizer: {kind: adamw, learning_rate: 5e-3, betas: [0, 0.9], weight_decay: 0}
                clipping: none
            horizon: {steps: 600}
            batching: {rows: 64}
            evaluate: {every: never, tasks: [validation]}
            checkpoint: {every: {steps: 25}}
            device: {kind: cpu, threads: 1, precision: float32}
            """,
            Extensions.builder()
                    .backbone("critic", (parameters, weights) -> Mlp.declared("critic", weights, 2, 64, 2))
                    .objective("critic", (parameters, model) -> new Critic(net(model)))
                    .objective("generator", (parameters, model) -> new Generator(net(model)))
                    .source("ring", (parameters, seed) -> {
                        long batches = parameters.whole("batches", Long.MAX_VALUE);
                        List<String> labels = IntStream.range(0, MODES).mapToObj(mode -> "mode-" + mode).toList();
                        return new Numbered(number -> batch(seed, number % batches, 64), batch(seed, -1, 2000), labels);
                    })
                    .build());

    /// The generator and the critic's score, which both turns know.
    private record Net(Weights weights, Mlp critic) {
        Tensor score(Tensor x) {
            return Mlp.linear(weights, "score", critic.features(x)); // (B, 2) -> (B, 1)
        }

        Tensor generate(Tensor noise) {
            Tensor hidden = torch.relu(Mlp.linear(weights, "generator.0", noise));
            return Mlp.linear(weights, "generator.2", torch.relu(Mlp.linear(weights, "generator.1", hidden))); // (B, Z) -> (B, 2)
        }
    }

    private static Net net(Model model) {
        return model.network("gan", Net.class, weights -> {
            Mlp.declare(weights, "score", 64, 1);
            Mlp.declare(weights, "generator.0", NOISE, 64);
            Mlp.declare(weights, "generator.1", 64, 64);
            Mlp.declare(weights, "generator.2", 64, 2);
            return new Net(weights, (Mlp) model.backbone());
        });
    }

    private record Critic(Net net) implements Objective {
        @Override
        public Denominators denominators(Batch batch) {
            return Denominators.of("distance", batch.rows()).plus(Denominators.of("penalty", batch.rows()));
        }

        @Override
        public Loss loss(Model model, Inputs inputs, Mode mode) {
            Tensor real = inputs.tensor("x");
            Tensor fake = net.generate(inputs.tensor("noise")).detach();
            Tensor between = real.add(fake.sub(real).mul(inputs.tensor("mix"))).detach().requires_grad_(true);
            Tensor scores = net.score(between);
            // create_graph: the gradient is part of the loss, and is differentiated again.
            Tensor slope = torch.grad(new TensorVector(scores), new TensorVector(between),
                    new TensorVector(torch.ones_like(scores)), new BoolOptional(true), true, false).get(0);
            Tensor excess = slope.square().sum(1).add(new Scalar(1e-12)).sqrt().sub(new Scalar(1));
            return Loss.of(
                    new Loss.Term("distance", net.score(fake).sub(net.score(real)).sum(), 1),
                    new Loss.Term("penalty", excess.square().sum(), 0.1));
        }
    }

    private record Generator(Net net) implements Objective {
        @Override
        public Denominators denominators(Batch batch) {
            return Denominators.of("distance", batch.rows());
        }

        @Override
        public Loss loss(Model model, Inputs inputs, Mode mode) {
            return Loss.of(new Loss.Term("distance", net.score(net.generate(inputs.tensor("noise"))).sum().neg(), 1));
        }

        @Override
        public Measurement measurement(Model model) {
            return new Measured("modes", inputs -> covered(Tensors.floats(net.generate(inputs.tensor("noise")))));
        }
    }

    /// How many modes get at least a twentieth of the points, within three deviations.
    private static long covered(float[] points) {
        int[] hits = new int[MODES];
        for (int i = 0; i < points.length; i += 2) {
            for (int mode = 0; mode < MODES; mode++) {
                hits[mode] += Math.hypot(points[i] - centre(mode)[0], points[i + 1] - centre(mode)[1]) < 3 * DEVIATION ? 1 : 0;
            }
        }
        return IntStream.of(hits).filter(hit -> hit >= points.length / 2 / 20.0).count();
    }

    private static double[] centre(int mode) {
        return new double[] {2 * Math.cos(mode * Math.TAU / MODES), 2 * Math.sin(mode * Math.TAU / MODES)};
    }

    /// Points, their modes, and noise, as a function of the seed and the batch's number.
    private static Batch batch(long seed, long number, int rows) {
        var random = new SplittableRandom(Draw.bits(seed, number));
        int[] labels = random.ints(rows, 0, MODES).toArray();
        double[] x = new double[2 * rows];
        double[] noise = new double[NOISE * rows];
        Arrays.setAll(x, i -> centre(labels[i / 2])[i % 2] + DEVIATION * random.nextGaussian());
        Arrays.setAll(noise, i -> random.nextGaussian());
        return Batch.of(new long[rows]).floats("x", Rows.floats(x), rows, 2).ints("labels", labels, rows)
                .floats("noise", Rows.floats(noise), rows, NOISE).floats("mix", Rows.floats(random.doubles(rows).toArray()), rows, 1).build();
    }
}
