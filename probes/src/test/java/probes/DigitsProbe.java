package probes;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.Draw;
import dev.cultivar.nn.Backbone;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.Hidden;
import dev.cultivar.nn.Initial;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Weights;
import dev.cultivar.run.Extensions;
import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// A convolutional network with batch normalisation (Ioffe and Szegedy, 2015) on digits drawn with random distortion: running
/// statistics are buffers, and a frozen layer uses them.
final class DigitsProbe {
    private static final int SIDE = 16;
    private static final int ROWS = 32;
    private static final int[] CHANNELS = {1, 8, 16};
    /// Each digit as strokes through points of a grid of 3 columns and 5 rows, read along its lines; a blank lifts the pen.
    private static final String[] STROKES = {"acoma", "bn", "acihgmo", "acigio gh", "agi co", "cagiom", "camoig", "acn", "acoma gi", "igacom"};

    static final Probe PROBE = new Probe("""
            backbone: {kind: custom, name: cnn}
            data: {kind: custom, name: digits}
            objective: {kind: classification}
            optimizer: {kind: adamw, learning_rate: 5e-3}
            horizon: {steps: 150}
            batching: {rows: 32}
            evaluate: {every: {steps: 50}, tasks: [validation]}
            checkpoint: {every: {steps: 5}}
            device: {kind: cpu, threads: 1, precision: float32}
            """,
            Extensions.builder()
                    .backbone("cnn", (parameters, weights) -> Cnn.declared(weights))
                    .source("digits", (parameters, seed) -> new Numbered(
                            number -> batch(seed, number, ROWS),
                            batch(seed, -1, 200),
                            IntStream.range(0, 10).mapToObj(String::valueOf).toList()))
                    .build());

    private static Batch batch(long seed, long number, int rows) {
        float[] pixels = new float[rows * SIDE * SIDE];
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++) {
            var random = new SplittableRandom(Draw.bits(seed, number, i));
            labels[i] = random.nextInt(10);
            int[] drawn = draw(labels[i], random).getRaster().getSamples(0, 0, SIDE, SIDE, 0, (int[]) null);
            for (int k = 0; k < drawn.length; k++) {
                pixels[i * drawn.length + k] = drawn[k] / 255f;
            }
        }
        return Batch.of(new long[rows]).floats("x", pixels, rows, 1, SIDE, SIDE).ints("labels", labels, rows).build();
    }

    private static BufferedImage draw(int digit, SplittableRandom random) {
        var path = new Path2D.Double();
        boolean down = false;
        for (char at : STROKES[digit].toCharArray()) {
            double column = (at - 'a') % 3 + random.nextDouble(-0.2, 0.2);
            double row = (at - 'a') / 3 + random.nextDouble(-0.2, 0.2);
            if (at == ' ') {
                down = false;
            } else if (down) {
                path.lineTo(column, row);
            } else {
                path.moveTo(column, row);
                down = true;
            }
        }
        var distortion = new AffineTransform();
        distortion.translate(SIDE / 2.0 + random.nextDouble(-1.5, 1.5), SIDE / 2.0 + random.nextDouble(-1.5, 1.5));
        distortion.rotate(random.nextDouble(-0.25, 0.25));
        distortion.shear(random.nextDouble(-0.2, 0.2), 0);
        distortion.scale(random.nextDouble(2.2, 3.2), random.nextDouble(2, 2.8));
        distortion.translate(-1, -2);
        var image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D pen = image.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setStroke(new BasicStroke((float) random.nextDouble(1, 2)));
        pen.draw(distortion.createTransformedShape(path));
        pen.dispose();
        return image;
    }

    /// Blocks of a convolution with stride 2, batch normalisation and ReLU.
    private record Cnn(Weights weights) implements Backbone {
        static Cnn declared(Weights weights) {
            for (int i = 1; i < CHANNELS.length; i++) {
                weights.parameter("block." + i + ".conv", new Initial.Uniform(1 / Math.sqrt(9.0 * CHANNELS[i - 1])), CHANNELS[i], CHANNELS[i - 1], 3, 3);
                weights.parameter("block." + i + ".scale", new Initial.Constant(1), CHANNELS[i]);
                weights.parameter("block." + i + ".shift", new Initial.Constant(0), CHANNELS[i]);
                weights.buffer("block." + i + ".mean", new Initial.Constant(0), CHANNELS[i]);
                weights.buffer("block." + i + ".variance", new Initial.Constant(1), CHANNELS[i]);
            }
            return new Cnn(weights);
        }

        private TensorOptional of(int block, String part) {
            return new TensorOptional(weights.get("block." + block + "." + part));
        }

        @Override
        public Hidden forward(Inputs inputs, Mode mode) {
            List<Tensor> cuts = new ArrayList<>(List.of(inputs.tensor("x"))); // (B, 1, H, W)
            for (int i = 1; i < CHANNELS.length; i++) {
                Tensor x = torch.conv2d(cuts.getLast(), weights.get("block." + i + ".conv"), new TensorOptional(),
                        new long[] {2, 2}, new long[] {1, 1}, new long[] {1, 1}, 1); // (B, C, H, W) -> (B, C', H/2, W/2)
                cuts.add(torch.relu(torch.batch_norm(x, of(i, "scale"), of(i, "shift"), of(i, "mean"), of(i, "variance"),
                        mode.training(i), 0.1, 1e-5, false)));
            }
            return new Hidden(cuts.getLast(), cuts);
        }

        @Override
        public Tensor pooled(Hidden hidden, Inputs inputs, Mode mode) {
            return hidden.states().flatten(1, 3); // (B, C, H, W) -> (B, C H W)
        }

        @Override
        public Optional<String> indivisible(int frozenBelow) {
            return frozenBelow > layers() ? Optional.empty() : Optional.of("batch normalisation computes with the statistics of all rows");
        }

        @Override
        public int width() {
            return CHANNELS[layers()] * (SIDE >> layers()) * (SIDE >> layers());
        }

        @Override
        public int layers() {
            return CHANNELS.length - 1;
        }

        @Override
        public int depth(String parameter) {
            return parameter.startsWith("block.") ? Integer.parseInt(parameter.split("\\.")[1]) : -1;
        }

        @Override
        public Map<String, Object> config() {
            return Backbones.customConfig("cnn", Map.of());
        }

        @Override
        public int positions() {
            return 0;
        }

        @Override
        public double forwardFlops(int length) {
            return 2.0 * 9 * (8 * SIDE * SIDE / 4 + 8 * 16 * SIDE * SIDE / 16);
        }
    }
}
