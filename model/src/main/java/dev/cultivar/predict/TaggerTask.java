package dev.cultivar.predict;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.TokenClassifier;
import dev.cultivar.text.Iob2;
import java.util.List;

/// Reads a token classifier's folder: the network and the tags' names.
///
/// @param network to ask
/// @param tags    in the order of the network's outputs
record TaggerTask(TokenClassifier network, List<String> tags) {
    static final Opened.Task<TaggerTask> READER = new Opened.Task<>() {
        @Override
        public void check(ModelFolder folder) {
            if (AnswerKind.of(folder) != AnswerKind.TAGS || !folder.hasClassifier()) {
                throw new CheckpointException(folder.folder() + ": tags no words; it is "
                        + folder.config().values().getOrDefault("architectures", "of no stated architecture")
                        + ". Fine-tune it with a recipe of objective.kind: token_classification, and open that run");
            }
            List<String> tags = RowTask.labels(folder);
            List<String> other = tags.stream().filter(tag -> !Iob2.isTag(tag)).toList();
            if (!other.isEmpty()) {
                throw new CheckpointException(folder.config().place() + ": id2label must name tags as O, B-TYPE and I-TYPE, which spell out entities; got "
                        + other);
            }
        }

        @Override
        public TaggerTask network(ModelFolder folder, Model model) {
            List<String> tags = RowTask.labels(folder);
            return new TaggerTask(TokenClassifier.of(model, tags.size(), 0), tags);
        }
    };
}
