package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.nn.CausalLmHead;
import dev.cultivar.nn.Hidden;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/// Causal language modelling (Bengio et al., 2003; Radford et al., 2018, equation 1): each position predicts the token after it.
///
/// Batches: `input_ids` and `targets` (B, T), the token that follows each position, -100 where none is to be predicted; where the
/// length of the text is known, `target_bytes` (B): how many bytes of text a row's targets stand for.
final class CausalLm implements Objective {
    static final String TARGETS = "targets";
    static final String BYTES = "target_bytes";
    private static final String TOKENS = "causal_lm";
    private static final double BITS = Math.log(2);

    private final CausalLmHead head;

    CausalLm(CausalLmHead head) {
        this.head = head;
    }

    @Override
    public Denominators denominators(Batch batch) {
        return Denominators.of(TOKENS, IntStream.of(batch.ints(TARGETS).values()).filter(id -> id != CrossEntropy.IGNORED).count());
    }

    @Override
    public Loss loss(Model model, Inputs inputs, Mode mode) {
        Hidden hidden = model.backbone().forward(inputs, mode);
        var chosen = new Chosen(inputs, hidden.states());
        return Loss.of(ProjectedCrossEntropy.term(TOKENS, chosen.states, head.weight(), head.cap(), chosen.labels));
    }

    /// The positions that have a target: (B, T, C) -> (N, C) and (N).
    private static final class Chosen {
        private final Tensor states;
        private final Tensor labels;
        private final int[] places;

        Chosen(Inputs inputs, Tensor all) {
            int[] targets = inputs.batch().ints(TARGETS).values();
            places = IntStream.range(0, targets.length).filter(i -> targets[i] != CrossEntropy.IGNORED).toArray();
            Tensor flat = all.reshape(-1, all.size(-1)); // (B T, C)
            if (places.length == targets.length) {
                states = flat;
                labels = inputs.tensor(TARGETS).reshape(-1);
            } else {
                states = flat.index_select(0, Tensors.ofInts(places, places.length));
                labels = Tensors.ofInts(IntStream.of(places).map(place -> targets[place]).toArray(), places.length);
            }
        }
    }

    @Override
    public double headFlops(Model model) {
        return 2.0 * model.backbone().width() * model.backbone().vocabulary();
    }

    @Override
    public boolean concurrent() {
        return true;
    }

    @Override
    public Measurement measurement(Model model) {
        return new Scores(model);
    }

    /// Loss, perplexity and, where rows say how many bytes they stand for, bits a byte: the one that compares across tokenizers.
    private final class Scores implements Measurement {
        private final Model model;
        private final RowLosses loss = new RowLosses("loss");
        private final RowLosses bits = new RowLosses("bits_per_byte");
        private boolean bytes;

        Scores(Model model) {
            this.model = model;
        }

        @Override
        public void add(Inputs inputs) {
            Batch batch = inputs.batch();
            var chosen = new Chosen(inputs, model.backbone().forward(inputs, Mode.INFERENCE).states());
            float[] each = Tensors.floats(ProjectedCrossEntropy.each(chosen.states, head.weight(), head.cap(), chosen.labels));
            int length = (int) batch.ints(TARGETS).shape()[1];
            double[] sums = new double[batch.rows()];
            long[] counts = new long[batch.rows()];
            for (int i = 0; i < each.length; i++) {
                int row = chosen.places[i] / length;
                if (row < sums.length) {
                    sums[row] += each[i];
                    counts[row]++;
                }
            }
            bytes = batch.has(BYTES);
            for (int row = 0; row < sums.length; row++) {
                loss.add(sums[row], counts[row]);
                if (bytes) {
                    bits.add(sums[row] / BITS, batch.ints(BYTES).values()[row]);
                }
            }
        }

        @Override
        public List<Metric> metrics() {
            List<Metric> metrics = new ArrayList<>();
            metrics.add(loss.scores().loss());
            metrics.add(loss.scores().perplexity());
            if (bytes) {
                metrics.add(bits.scores().loss());
            }
            return metrics;
        }
    }
}
