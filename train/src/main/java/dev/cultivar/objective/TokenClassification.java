package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.evaluate.TagScores;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.TokenClassifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/// One tag a word, by cross entropy over a linear layer at each word's first piece.
///
/// Batches: what the backbone reads, and `labels` (B, T), [CrossEntropy#IGNORED] everywhere but there.
public final class TokenClassification implements Objective {
    private static final String WORDS = "token_classification";

    private final TokenClassifier network;
    private final List<String> tags;

    /// @param tags the tags' names, in the order of the head's outputs
    public TokenClassification(TokenClassifier network, List<String> tags) {
        this.network = network;
        this.tags = List.copyOf(tags);
    }

    @Override
    public Denominators denominators(Batch batch) {
        return Denominators.of(WORDS, Arrays.stream(batch.ints("labels").values()).filter(label -> label != CrossEntropy.IGNORED).count());
    }

    @Override
    public Loss loss(Model model, Inputs inputs, Mode mode) {
        return Loss.of(new Loss.Term(WORDS, CrossEntropy.sum(flat(network.logits(inputs, mode)), inputs.tensor("labels").reshape(-1), 0), 1));
    }

    /// (B, T, K) -> (B T, K)
    private Tensor flat(Tensor logits) {
        return logits.reshape(-1, network.head().outputs());
    }

    @Override
    public Reads reads() {
        return Reads.STATES;
    }

    @Override
    public boolean concurrent() {
        return true;
    }

    @Override
    public Measurement measurement(Model model) {
        return new Scores();
    }

    /// Entities found, and tags hit, over the words of real rows.
    public final class Scores implements Measurement {
        private final List<List<String>> gold = new ArrayList<>();
        private final List<List<String>> predicted = new ArrayList<>();
        private final RowLosses losses = new RowLosses("loss");

        @Override
        public void add(Inputs inputs) {
            Batch batch = inputs.batch();
            float[] probabilities = network.probabilities(inputs);
            Batch.Field.Ints labels = batch.ints("labels");
            int length = Math.toIntExact(labels.shape()[1]);
            for (int row = 0; row < batch.rows(); row++) {
                add(probabilities, labels.values(), row * length, length);
            }
        }

        private void add(float[] probabilities, int[] labels, int from, int length) {
            List<String> right = new ArrayList<>();
            List<String> said = new ArrayList<>();
            double loss = 0;
            for (int at = from; at < from + length; at++) {
                if (labels[at] != CrossEntropy.IGNORED) {
                    int first = at * tags.size();
                    right.add(tags.get(labels[at]));
                    said.add(tags.get(best(probabilities, first)));
                    loss -= Math.log(Math.max(probabilities[first + labels[at]], Math.ulp(1f)));
                }
            }
            gold.add(right);
            predicted.add(said);
            losses.add(loss, right.size());
        }

        private int best(float[] probabilities, int from) {
            int best = 0;
            for (int tag = 1; tag < tags.size(); tag++) {
                best = probabilities[from + tag] > probabilities[from + best] ? tag : best;
            }
            return best;
        }

        /// All scores, for reports.
        public TagScores scores() {
            return TagScores.of(gold, predicted);
        }

        @Override
        public List<Metric> metrics() {
            List<Metric> metrics = new ArrayList<>(scores().metrics());
            metrics.add(losses.scores().loss());
            return metrics;
        }
    }
}
