package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.evaluate.TextScores;
import dev.cultivar.generate.Continuation;
import dev.cultivar.generate.TargetGenerator;
import dev.cultivar.generate.Writing;
import dev.cultivar.nn.EncoderDecoder;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.TargetHead;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/// One text from another (Sutskever et al., 2014, "Sequence to sequence learning with neural networks"): the decoder tells each token of the
/// target from the source and the tokens before it. Pretraining by spans and by denoising is the same with other rows.
///
/// Batches: `input_ids`, `attention_mask` (B, S) of the source; `labels` (B, T) of the target, -100 where there is none, of which
/// `decoder_input_ids` are made where they are not given. Where texts are to be scored also `references` (B, R), whole targets as tokens, -1 where they end.
final class SequenceToSequence implements Objective {
    static final String LABELS = "labels";
    static final String REFERENCES = "references";
    private static final String TOKENS = "seq2seq";

    private final EncoderDecoder halves;
    private final TargetHead head;
    private final double smoothing;
    private final int mostTokens;
    private final Spelling spelling;

    /// @param smoothing  share of the target spread over all pieces
    /// @param mostTokens of a text that is written to be scored
    /// @param spelling   of the tokens, for scores of texts
    SequenceToSequence(EncoderDecoder halves, TargetHead head, double smoothing, int mostTokens, Spelling spelling) {
        this.halves = halves;
        this.head = head;
        this.smoothing = smoothing;
        this.mostTokens = mostTokens;
        this.spelling = spelling;
    }

    @Override
    public Denominators denominators(Batch batch) {
        return Denominators.of(TOKENS, IntStream.of(batch.ints(LABELS).values()).filter(id -> id != CrossEntropy.IGNORED).count());
    }

    @Override
    public Loss loss(Model model, Inputs inputs, Mode mode) {
        var chosen = new Chosen(inputs, model.backbone().forward(shifted(inputs), mode).states());
        return Loss.of(ProjectedCrossEntropy.term(TOKENS, chosen.states, head.weight(), chosen.labels, head.bias(), smoothing));
    }

    /// The same with what the decoder reads, made of the labels, where the batch does not give it.
    private Inputs shifted(Inputs inputs) {
        Batch batch = inputs.batch();
        if (batch.has("decoder_input_ids")) {
            return inputs;
        }
        Batch.Field.Ints labels = batch.ints(LABELS);
        SequencedMap<String, Batch.Field> fields = new LinkedHashMap<>(batch.fields());
        int[] shifted = halves.targets().shifted(labels.values(), Math.toIntExact(labels.shape()[1]));
        fields.put("decoder_input_ids", new Batch.Field.Ints(shifted, labels.shape()));
        Inputs both = Inputs.of(new Batch(batch.rows(), batch.origin(), fields));
        return inputs.start().map(both::from).orElse(both);
    }

    /// The positions that have a label, as the projection takes them: (B, T, C) -> (N, C) and (N).
    private final class Chosen {
        private final Tensor states;
        private final Tensor labels;
        private final int[] places;

        Chosen(Inputs inputs, Tensor all) {
            int[] targets = inputs.batch().ints(LABELS).values();
            places = IntStream.range(0, targets.length).filter(i -> targets[i] != CrossEntropy.IGNORED).toArray();
            Tensor flat = all.reshape(-1, all.size(-1)); // (B T, C)
            states = head.scaled(flat.index_select(0, Tensors.ofInts(places, places.length)));
            labels = Tensors.ofInts(IntStream.of(places).map(place -> targets[place]).toArray(), places.length);
        }
    }

    @Override
    public double headFlops(Model model) {
        return model.backbone().width() * (double) model.backbone().vocabulary(); // of a token that is written; half of all are
    }

    @Override
    public boolean concurrent() {
        return true;
    }

    @Override
    public Measurement measurement(Model model) {
        return new Scores(model);
    }

    /// Loss and perplexity and, where texts are scored, the scores of what the model writes beside those of the sources' first sentences.
    private final class Scores implements Measurement {
        private final Model model;
        private final RowLosses loss = new RowLosses("loss");
        private final TextScores texts = new TextScores();

        Scores(Model model) {
            this.model = model;
        }

        @Override
        public void add(Inputs inputs) {
            Batch batch = inputs.batch();
            var chosen = new Chosen(inputs, model.backbone().forward(shifted(inputs), Mode.INFERENCE).states());
            float[] each = Tensors.floats(ProjectedCrossEntropy.each(chosen.states, head.weight(), chosen.labels, head.bias()));
            int length = (int) batch.ints(LABELS).shape()[1];
            double[] sums = new double[batch.rows()];
            long[] counts = new long[batch.rows()];
            for (int i = 0; i < each.length; i++) {
                int row = chosen.places[i] / length;
                if (row < sums.length) {
                    sums[row] += each[i];
                    counts[row]++;
                }
            }
            for (int row = 0; row < sums.length; row++) {
                loss.add(sums[row], counts[row]);
            }
            if (batch.has(REFERENCES)) {
                write(batch);
            }
        }

        /// Greedily, up to as many tokens as are learned to be written.
        private void write(Batch batch) {
            Batch.Field.Ints references = batch.ints(REFERENCES);
            int width = Math.toIntExact(references.shape()[1]);
            var generator = new TargetGenerator(model, spelling.pieces(), Set.copyOf(halves.targets().special().ends()));
            List<Continuation> written = generator.write(batch, Writing.greedy(mostTokens));
            for (int row = 0; row < batch.rows(); row++) {
                int[] reference = Arrays.stream(references.values(), row * width, (row + 1) * width).filter(token -> token >= 0).toArray();
                texts.add(source(batch, row), spelling.text().apply(reference), spelling.text().apply(written.get(row).tokens()));
            }
        }

        /// The text that the model reads, which is cut where it is longer than a row.
        private String source(Batch batch, int row) {
            int[] tokens = batch.ints("input_ids").values();
            int[] mask = batch.ints("attention_mask").values();
            int width = Math.toIntExact(batch.ints("input_ids").shape()[1]);
            return spelling.text().apply(IntStream.range(row * width, (row + 1) * width).filter(i -> mask[i] != 0).map(i -> tokens[i]).toArray());
        }

        @Override
        public List<Metric> metrics() {
            List<Metric> metrics = new ArrayList<>(List.of(loss.scores().loss(), loss.scores().perplexity()));
            if (texts.rows() > 0) {
                metrics.addAll(texts.metrics());
            }
            return metrics;
        }
    }
}
