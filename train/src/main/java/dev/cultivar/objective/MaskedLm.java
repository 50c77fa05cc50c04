package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.evaluate.LossScores;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.nn.Hidden;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.LinearHead;
import dev.cultivar.nn.MaskedLmHead;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/// Masked language modelling (Devlin et al., 2019, section 3.1, task 1), alone or with next-sentence prediction (task 2).
///
/// Batches: `input_ids` with masks in them, `labels` (B, T) with -100 where nothing was masked and, for the second term,
/// `next_sentence_label` (B), 0 where the second segment follows, 1 where it is another's, -100 where there is none. Only masked positions are projected on the vocabulary.
final class MaskedLm implements Objective {
    private static final String TOKENS = "masked_lm";
    private static final String SENTENCES = "next_sentence";

    private final MaskedLmHead tokens;
    private final List<LinearHead> sentences;
    private final double sentenceWeight;

    /// @param sentences      the head of the second term; none for masked LM alone
    /// @param sentenceWeight of the second term
    MaskedLm(MaskedLmHead tokens, List<LinearHead> sentences, double sentenceWeight) {
        this.tokens = tokens;
        this.sentences = sentences;
        this.sentenceWeight = sentenceWeight;
    }

    @Override
    public Denominators denominators(Batch batch) {
        Denominators per = Denominators.of(TOKENS, labelled(batch.ints("labels").values()).length);
        return sentences.isEmpty()
                ? per
                : per.plus(Denominators.of(SENTENCES, labelled(batch.ints("next_sentence_label").values()).length));
    }

    /// The places of labels that count.
    private static int[] labelled(int[] labels) {
        return IntStream.range(0, labels.length).filter(i -> labels[i] != CrossEntropy.IGNORED).toArray();
    }

    @Override
    public Loss loss(Model model, Inputs inputs, Mode mode) {
        Hidden hidden = model.backbone().forward(inputs, mode);
        List<Loss.Term> terms = new ArrayList<>();
        int[] labels = inputs.batch().ints("labels").values();
        int[] places = labelled(labels);
        terms.add(new Loss.Term(TOKENS, CrossEntropy.sum(logits(hidden, places), chosen(labels, places), 0), 1));
        for (LinearHead head : sentences) {
            Tensor pairs = head.logits(model.backbone().pooled(hidden, inputs, mode)); // (B, 2)
            terms.add(new Loss.Term(SENTENCES, CrossEntropy.sum(pairs, inputs.tensor("next_sentence_label"), 0), sentenceWeight));
        }
        return new Loss(terms);
    }

    /// (B, T, C) -> (M, V): the masked positions only.
    private Tensor logits(Hidden hidden, int[] places) {
        Tensor states = hidden.states();
        Tensor flat = states.reshape(-1, states.size(-1)); // (B T, C)
        return tokens.logits(flat.index_select(0, Tensors.ofInts(places, places.length)));
    }

    private static Tensor chosen(int[] labels, int[] places) {
        return Tensors.ofInts(IntStream.of(places).map(place -> labels[place]).toArray(), places.length);
    }

    @Override
    public boolean concurrent() {
        return true;
    }

    @Override
    public Measurement measurement(Model model) {
        return new Scores(model);
    }

    /// Loss and perplexity over masked tokens, and accuracy of the second term where there is one.
    private final class Scores implements Measurement {
        private final Model model;
        private final RowLosses loss = new RowLosses("loss");
        private long right;
        private long pairs;

        Scores(Model model) {
            this.model = model;
        }

        @Override
        public void add(Inputs inputs) {
            Batch batch = inputs.batch();
            Hidden hidden = model.backbone().forward(inputs, Mode.INFERENCE);
            int[] labels = batch.ints("labels").values();
            int length = labels.length / (int) batch.ints("labels").shape()[0];
            int[] places = IntStream.of(labelled(labels)).filter(place -> place / length < batch.rows()).toArray();
            float[] each = Tensors.floats(CrossEntropy.each(logits(hidden, places), chosen(labels, places)));
            for (int from = 0; from < places.length; ) { // a row's masked tokens lie together
                int row = places[from] / length;
                double sum = 0;
                int to = from;
                for (; to < places.length && places[to] / length == row; to++) {
                    sum += each[to];
                }
                loss.add(sum, to - from);
                from = to;
            }
            for (LinearHead head : sentences) {
                score(head, hidden, inputs);
            }
        }

        private void score(LinearHead head, Hidden hidden, Inputs inputs) {
            float[] scores = Tensors.floats(head.logits(model.backbone().pooled(hidden, inputs, Mode.INFERENCE)));
            int[] gold = inputs.batch().ints("next_sentence_label").values();
            for (int row = 0; row < inputs.batch().rows(); row++) {
                if (gold[row] != CrossEntropy.IGNORED) {
                    pairs++;
                    right += (scores[2 * row + 1] > scores[2 * row] ? 1 : 0) == gold[row] ? 1 : 0;
                }
            }
        }

        @Override
        public List<Metric> metrics() {
            List<Metric> metrics = new ArrayList<>();
            LossScores scores = loss.scores();
            metrics.add(scores.loss());
            metrics.add(scores.perplexity());
            if (pairs > 0) {
                metrics.add(Metric.share("next_sentence_accuracy", right, pairs));
            }
            return metrics;
        }
    }
}
