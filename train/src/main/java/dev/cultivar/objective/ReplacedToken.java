package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.nn.Detection;
import dev.cultivar.nn.Hidden;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.torch.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/// Replaced-token detection (Clark et al., 2020, section 2): a small generator guesses masked pieces, and the discriminator, which
/// is the backbone, tells of every token whether it is still the original's.
///
/// Batches are those of [MaskedLm]. The generator learns by masked language modelling alone: it is no adversary, and no gradient
/// flows through what is drawn from its guesses. A guess that happens to be right counts as original.
final class ReplacedToken implements Objective {
    /// The generator's term, over masked pieces.
    static final String GUESSES = "masked_lm";
    /// The discriminator's term, over all tokens that are not padding.
    static final String DETECTION = "replaced_token";

    private final Detection detection;
    private final boolean sharedEmbeddings;
    private final double weight;
    private final Sampling sampling;

    /// @param sharedEmbeddings whether the generator reads the backbone's embeddings
    /// @param weight           of the discriminator's term
    /// @param sampling         of the guesses
    ReplacedToken(Detection detection, boolean sharedEmbeddings, double weight, Sampling sampling) {
        this.detection = detection;
        this.sharedEmbeddings = sharedEmbeddings;
        this.weight = weight;
        this.sampling = sampling;
    }

    /// A batch as the generator leaves it.
    ///
    /// @param guesses  the generator's logits at the masked places, (M, V)
    /// @param places   of the masked pieces in the flat batch, (B T)
    /// @param original pieces there
    /// @param inputs   of the discriminator
    /// @param replaced for every token whether it is another than the original's
    record Corrupted(Tensor guesses, int[] places, int[] original, Inputs inputs, boolean[] replaced) {}

    Corrupted corrupt(Inputs inputs, Mode mode) {
        Batch batch = inputs.batch();
        int[] labels = batch.ints("labels").values();
        int[] places = IntStream.range(0, labels.length).filter(i -> labels[i] != CrossEntropy.IGNORED).toArray();
        int[] original = IntStream.of(places).map(place -> labels[place]).toArray();
        // The start, where there is one, is the backbone's.
        Tensor states = detection.generator().forward(Inputs.of(batch), ofGenerator(mode)).states(); // (B, T, C)
        Tensor flat = states.reshape(-1, states.size(-1)); // (B T, C)
        Tensor guesses = detection.guesses().logits(flat.index_select(0, Tensors.ofInts(places, places.length))); // (M, V)
        int[] drawn = sampling.pieces(guesses, batch, places, mode);
        int[] pieces = batch.ints("input_ids").values().clone();
        boolean[] replaced = new boolean[pieces.length];
        for (int i = 0; i < places.length; i++) {
            pieces[places[i]] = drawn[i];
            replaced[places[i]] = drawn[i] != original[i];
        }
        var fields = new LinkedHashMap<>(batch.fields());
        fields.put("input_ids", new Batch.Field.Ints(pieces, batch.ints("input_ids").shape()));
        return new Corrupted(guesses, places, original, Inputs.of(new Batch(batch.rows(), batch.origin(), fields)), replaced);
    }

    /// The generator always learns, whatever of the backbone is frozen; shared embeddings are the backbone's.
    private Mode ofGenerator(Mode mode) {
        return new Mode(mode.training(), sharedEmbeddings ? Math.min(1, mode.frozenBelow()) : 0, mode.draws());
    }

    @Override
    public Denominators denominators(Batch batch) {
        long masked = IntStream.of(batch.ints("labels").values()).filter(label -> label != CrossEntropy.IGNORED).count();
        return Denominators.of(GUESSES, masked).plus(Denominators.of(DETECTION, batch.tokens()));
    }

    @Override
    public Loss loss(Model model, Inputs inputs, Mode mode) {
        Corrupted corrupted = corrupt(inputs, mode);
        Tensor original = Tensors.ofInts(corrupted.original(), corrupted.original().length);
        return Loss.of(
                new Loss.Term(GUESSES, CrossEntropy.sum(corrupted.guesses(), original, 0), 1),
                new Loss.Term(DETECTION, BinaryCrossEntropy.sum(scores(model, corrupted, mode), labels(corrupted), corrupted.inputs()), weight));
    }

    /// (B, T)
    private Tensor scores(Model model, Corrupted corrupted, Mode mode) {
        Hidden hidden = model.backbone().forward(corrupted.inputs(), mode);
        return detection.head().logits(hidden.states());
    }

    /// (B, T) of zeros and ones
    private static Tensor labels(Corrupted corrupted) {
        int[] ones = new int[corrupted.replaced().length];
        for (int i = 0; i < ones.length; i++) {
            ones[i] = corrupted.replaced()[i] ? 1 : 0;
        }
        return Tensors.ofInts(ones, corrupted.inputs().batch().ints("input_ids").shape());
    }

    @Override
    public boolean concurrent() {
        return true;
    }

    @Override
    public Measurement measurement(Model model) {
        return new Scores(model);
    }

    /// Losses of both networks, and how well replaced tokens are told. What is drawn depends on the row alone.
    private final class Scores implements Measurement {
        private final Model model;
        private final RowLosses guesses = new RowLosses("generator_loss");
        private final RowLosses losses = new RowLosses("discriminator_loss");
        private final DetectionCounts counts = new DetectionCounts();

        Scores(Model model) {
            this.model = model;
        }

        @Override
        public void add(Inputs inputs) {
            Corrupted corrupted = corrupt(inputs, Mode.INFERENCE);
            Batch batch = inputs.batch();
            int length = (int) batch.ints("input_ids").shape()[1];
            float[] each = Tensors.floats(CrossEntropy.each(
                    corrupted.guesses(), Tensors.ofInts(corrupted.original(), corrupted.original().length)));
            float[] scores = Tensors.floats(scores(model, corrupted, Mode.INFERENCE));
            for (int row = 0, masked = 0; row < batch.rows(); row++) {
                double sum = 0;
                int from = masked;
                for (; masked < each.length && corrupted.places()[masked] / length == row; masked++) {
                    sum += each[masked];
                }
                guesses.add(sum, masked - from);
                row(batch, corrupted, scores, row, length);
            }
        }

        private void row(Batch batch, Corrupted corrupted, float[] scores, int row, int length) {
            double sum = 0;
            long tokens = 0;
            var counted = new DetectionCounts.Row();
            for (int i = row * length; i < (row + 1) * length; i++) {
                if (!batch.has("attention_mask") || batch.ints("attention_mask").values()[i] != 0) {
                    sum += BinaryCrossEntropy.of(scores[i], corrupted.replaced()[i]);
                    tokens++;
                    counted.add(corrupted.replaced()[i], scores[i] > 0);
                }
            }
            losses.add(sum, tokens);
            counts.add(counted);
        }

        @Override
        public List<Metric> metrics() {
            List<Metric> metrics = new java.util.ArrayList<>();
            metrics.add(losses.scores().loss());
            metrics.add(guesses.scores().loss());
            metrics.addAll(counts.metrics());
            return metrics;
        }
    }
}
