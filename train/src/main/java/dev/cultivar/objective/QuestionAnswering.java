package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.evaluate.AnswerScores;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.SpanFinder;
import dev.cultivar.predict.Answer;
import dev.cultivar.predict.Spans;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/// The answer to a question as a stretch of the text that it is asked of: cross entropy of its first and of its last token among all
/// tokens of the row (Devlin et al., 2019, section 4.2), each the half of the loss.
///
/// Batches: what the backbone reads, and `start_positions` and `end_positions` (B). A position outside the row counts for nothing.
public final class QuestionAnswering implements Objective {
    private static final String START = "start";
    private static final String END = "end";

    private final SpanFinder network;
    private final Spans.Rules rules;

    /// @param rules how answers are chosen where they are measured
    public QuestionAnswering(SpanFinder network, Spans.Rules rules) {
        this.network = network;
        this.rules = rules;
    }

    @Override
    public Denominators denominators(Batch batch) {
        return Denominators.of(START, counted(batch, START)).plus(Denominators.of(END, counted(batch, END)));
    }

    private static long counted(Batch batch, String end) {
        return Arrays.stream(classes(batch, end)).filter(position -> position != CrossEntropy.IGNORED).count();
    }

    /// What stands before a row counts as its first token, as in transformers; what stands after it, for nothing.
    private static int[] classes(Batch batch, String end) {
        long length = batch.field("input_ids").shape()[1];
        return Arrays.stream(batch.ints(end + "_positions").values())
                .map(position -> position >= length ? CrossEntropy.IGNORED : Math.max(0, position))
                .toArray();
    }

    @Override
    public Loss loss(Model model, Inputs inputs, Mode mode) {
        Tensor logits = network.logits(inputs, mode); // (B, T, 2)
        return Loss.of(term(START, logits.select(2, 0), inputs.batch()), term(END, logits.select(2, 1), inputs.batch()));
    }

    /// @param scores (B, T)
    private static Loss.Term term(String end, Tensor scores, Batch batch) {
        int[] classes = classes(batch, end);
        Tensor labels = Tensors.of(new Batch.Field.Ints(classes, classes.length));
        return new Loss.Term(end, CrossEntropy.sum(scores, labels, 0), 0.5);
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

    /// Answers that are right, over questions; of a question that has several windows the best stretch of all of them. Where batches
    /// have no texts to compare with, the loss alone.
    public final class Scores implements Measurement {
        private final SequencedMap<Integer, Asked> questions = new TreeMap<>();
        private final RowLosses losses = new RowLosses("loss");

        private record Asked(Spans spans, List<String> gold) {}

        @Override
        public void add(Inputs inputs) {
            Batch batch = inputs.batch();
            float[] scores = network.scores(inputs); // (B, T, 2)
            int length = Math.toIntExact(batch.field("input_ids").shape()[1]);
            int[] mask = batch.has("attention_mask") ? batch.ints("attention_mask").values() : new int[0];
            int[][] right = {classes(batch, START), classes(batch, END)};
            for (int row = 0; row < batch.rows(); row++) {
                float[] own = Arrays.copyOfRange(scores, 2 * row * length, 2 * (row + 1) * length);
                loss(own, mask, row * length, right[0][row], right[1][row]);
                if (batch.has("answers")) {
                    answer(own, batch, row, length);
                }
            }
        }

        /// Over real tokens alone, so that no padding moves a score.
        private void loss(float[] scores, int[] mask, int from, int start, int end) {
            int[] right = {start, end};
            double sum = 0;
            int counted = 0;
            for (int side = 0; side < 2; side++) {
                if (right[side] != CrossEntropy.IGNORED) {
                    double top = Double.NEGATIVE_INFINITY;
                    double total = 0;
                    for (int pass = 0; pass < 2; pass++) {
                        for (int at = 0; at < scores.length / 2; at++) {
                            if (mask.length == 0 || mask[from + at] != 0) {
                                top = pass == 0 ? Math.max(top, scores[2 * at + side]) : top;
                                total += pass == 1 ? Math.exp(scores[2 * at + side] - top) : 0;
                            }
                        }
                    }
                    sum += Math.log(total) + top - scores[2 * right[side] + side];
                    counted++;
                }
            }
            losses.add(counted == 0 ? 0 : sum / counted, counted == 0 ? 0 : 1);
        }

        private void answer(float[] scores, Batch batch, int row, int length) {
            Batch.Field.Texts answers = batch.texts("answers");
            int most = Math.toIntExact(answers.shape()[1]);
            Asked asked = questions.computeIfAbsent(batch.ints("question").values()[row], _ -> new Asked(
                    new Spans(batch.texts("context").values().get(row), rules), answers.values().subList(row * most, (row + 1) * most)));
            int at = batch.ints("context_at").values()[row];
            int[] starts = batch.ints("piece_starts").values();
            int[] ends = batch.ints("piece_ends").values();
            int end = row * length + at;
            while (end < (row + 1) * length && starts[end] >= 0) {
                end++;
            }
            asked.spans().add(scores, at, Arrays.copyOfRange(starts, row * length + at, end), Arrays.copyOfRange(ends, row * length + at, end));
        }

        /// Of each question, in the order of their numbers, what was answered.
        public List<Answer> answers() {
            return questions.values().stream().map(asked -> asked.spans().answer()).toList();
        }

        @Override
        public List<Metric> metrics() {
            List<Metric> metrics = new ArrayList<>();
            if (!questions.isEmpty()) {
                List<List<String>> gold = questions.values().stream().map(Asked::gold).toList();
                metrics.addAll(AnswerScores.of(answers().stream().map(Answer::text).toList(), gold).metrics());
            }
            metrics.add(losses.scores().loss());
            return metrics;
        }
    }
}
