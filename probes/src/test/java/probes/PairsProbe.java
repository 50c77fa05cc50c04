package probes;

import dev.cultivar.batch.Batch;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.Pooling;
import dev.cultivar.objective.CrossEntropy;
import dev.cultivar.objective.Denominators;
import dev.cultivar.objective.Loss;
import dev.cultivar.objective.Measurement;
import dev.cultivar.objective.Objective;
import dev.cultivar.run.Extensions;
import dev.cultivar.torch.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Pairs of sentences that mean the same, each told from all others of the batch (van den Oord et al., 2018, equation 4; Henderson
/// et al., 2017): a loss that no sum over rows gives. The built-in BERT and the built-in tables of text, with an objective of its own.
final class PairsProbe {
    private static final String[][] WORDS = {
        {"dog", "hound"}, {"cat", "feline"}, {"car", "automobile"}, {"boat", "vessel"}, {"road", "street"}, {"house", "dwelling"},
        {"child", "kid"}, {"doctor", "physician"}, {"garden", "yard"}, {"river", "stream"}, {"hill", "mound"}, {"forest", "woods"}
    };
    private static final String[][] VERBS = {{"sees", "notices"}, {"likes", "enjoys"}, {"fears", "dreads"}, {"leaves", "quits"}};

    static final Probe PROBE = new Probe("""
            backbone: {kind: bert, layers: 1, width: 32, heads: 2, positions: 32, dropout: 0.1}
            tokenizer: {kind: wordpiece, vocabulary: 200}
            data:
              train: {file: pairs.csv}
              validation: {fraction: 0.1}
              columns: {text: text, pair: pair}
            objective: {kind: custom, name: in_batch_negatives, parameters: {temperature: 0.1}}
            optimizer: {kind: adamw, learning_rate: 3e-3}
            horizon: {steps: 200}
            batching: {rows: 32, max_length: 32}
            evaluate: {every: never}
            checkpoint: {every: {steps: 10}}
            device: {kind: cpu, threads: 1, precision: float32}
            """,
            Extensions.builder()
                    .objective("in_batch_negatives", (parameters, model) -> new InBatchNegatives(parameters.number("temperature", 0.05)))
                    .build());

    /// Writes pairs: the same statement in other words.
    static Path write(Path file) throws IOException {
        var random = new Random(5);
        var text = new StringBuilder("text,pair\n");
        for (int row = 0; row < 1000; row++) {
            String[] one = WORDS[random.nextInt(WORDS.length)];
            String[] verb = VERBS[random.nextInt(VERBS.length)];
            String[] other = WORDS[random.nextInt(WORDS.length)];
            text.append("the ").append(one[0]).append(' ').append(verb[0]).append(" a ").append(other[0]).append(',');
            text.append("a ").append(other[1]).append(" is what the ").append(one[1]).append(' ').append(verb[1]).append('\n');
        }
        return Files.writeString(file, text);
    }

    private record InBatchNegatives(double temperature) implements Objective {
        @Override
        public Denominators denominators(Batch batch) {
            return Denominators.of("pairs", batch.rows());
        }

        @Override
        public Optional<String> indivisible() {
            return Optional.of("each row's negatives are all other rows of the batch");
        }

        @Override
        public Loss loss(Model model, Inputs inputs, Mode mode) {
            Tensor scores = scores(model, inputs, mode);
            int[] own = new int[Math.toIntExact(scores.size(0))];
            java.util.Arrays.setAll(own, i -> i);
            return Loss.of(new Loss.Term("pairs", CrossEntropy.sum(scores, Tensors.ofInts(own, own.length), 0), 1));
        }

        /// (B, B): how alike each first sentence and each second one are.
        private Tensor scores(Model model, Inputs inputs, Mode mode) {
            Tensor first = vectors(model, half(inputs.batch(), 0), mode);
            Tensor second = vectors(model, half(inputs.batch(), 1), mode);
            return torch.matmul(first, second.t()).div(new Scalar(temperature));
        }

        /// (B, C), each of length 1.
        private static Tensor vectors(Model model, Inputs inputs, Mode mode) {
            Tensor pooled = Pooling.MEAN.apply(model.backbone(), model.backbone().forward(inputs, mode), inputs, mode);
            return pooled.div(pooled.square().sum(new long[] {1}, true, new org.bytedeco.pytorch.ScalarTypeOptional()).add(new Scalar(1e-9)).sqrt());
        }

        /// The same rows with one of their sentences masked away.
        private static Inputs half(Batch batch, int segment) {
            int[] segments = batch.ints("token_type_ids").values();
            int[] mask = batch.ints("attention_mask").values().clone();
            for (int i = 0; i < mask.length; i++) {
                mask[i] = segments[i] == segment ? mask[i] : 0;
            }
            long[] shape = batch.ints("input_ids").shape();
            return Inputs.of(Batch.of(batch.origin()).ints("input_ids", batch.ints("input_ids").values(), shape).ints("attention_mask", mask, shape).build());
        }

        /// How often a row's own pair is the likest of those of the batch; filler rows are not asked.
        @Override
        public Measurement measurement(Model model) {
            return new Measured("found", inputs -> {
                int rows = inputs.batch().rows();
                Tensor scores = scores(model, inputs, Mode.INFERENCE).narrow(0, 0, rows).narrow(1, 0, rows);
                float[] best = Tensors.floats(scores.sub(scores.amax(new long[] {1}, true)));
                int found = 0;
                for (int i = 0; i < rows; i++) {
                    found += best[i * rows + i] == 0 ? 1 : 0;
                }
                return found / (double) rows;
            });
        }
    }
}
