package dev.cultivar.predict;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.SpanFinder;
import dev.cultivar.text.QuestionRows;

/// Reads the folder of a model that answers questions: the network, how windows overlap, and how answers are chosen.
///
/// @param network to ask
/// @param stride  pieces that two windows share
/// @param rules   how answers are chosen
record AnswererTask(SpanFinder network, int stride, Spans.Rules rules) {
    private static final int STRIDE = 128; // what transformers' own script takes
    private static final int MAX_ANSWER = 30;

    static final Opened.Task<AnswererTask> READER = new Opened.Task<>() {
        @Override
        public void check(ModelFolder folder) {
            if (AnswerKind.of(folder) != AnswerKind.SPANS) {
                throw new CheckpointException(folder.folder() + ": points at no answers in texts; it is "
                        + folder.config().values().getOrDefault("architectures", "of no stated architecture")
                        + ". Fine-tune it with a recipe of objective.kind: question_answering, and open that run");
            }
        }

        @Override
        public AnswererTask network(ModelFolder folder, Model model) {
            int longest = Opened.maxLength(folder, model.backbone());
            int stride = whole(folder, "stride", Math.min(STRIDE, QuestionRows.widest(longest)), 0);
            if (longest < QuestionRows.shortest(stride)) {
                throw new CheckpointException(folder.config().place() + ": windows with a stride " + stride + " need rows of at least "
                        + QuestionRows.shortest(stride) + " tokens, and the model's have " + longest + ". Set cultivar.stride to less");
            }
            Object threshold = folder.extra().get("no_answer");
            if (threshold != null && !(threshold instanceof Number)) {
                throw new CheckpointException(folder.config().place() + ": cultivar.no_answer must be a number, got " + threshold);
            }
            var rules = new Spans.Rules(
                    whole(folder, "max_answer", MAX_ANSWER, 1), threshold != null, threshold instanceof Number number ? number.doubleValue() : 0);
            return new AnswererTask(SpanFinder.of(model, 0), stride, rules);
        }
    };

    private static int whole(ModelFolder folder, String key, int otherwise, int least) {
        Object said = folder.extra().get(key);
        if (said == null) {
            return otherwise;
        }
        if (said instanceof Long number && number >= least && number <= 1 << 20) {
            return number.intValue();
        }
        throw new CheckpointException(folder.config().place() + ": cultivar." + key + " must be a whole number of at least " + least + ", got " + said);
    }
}
