package dev.cultivar.predict;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.nn.ConfigFile;
import dev.cultivar.nn.LinearHead;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.Pooling;
import dev.cultivar.nn.RowClassifier;
import dev.cultivar.text.Fitting;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/// Reads a classifier's folder: the network, the labels' names, what becomes of long texts.
///
/// @param network to ask
/// @param labels  in the order of the network's outputs
/// @param fitting as in training
record ClassifierTask(RowClassifier network, List<String> labels, Fitting fitting) {
    static final Opened.Task<ClassifierTask> READER = new Opened.Task<>() {
        @Override
        public void check(ModelFolder folder) {
            requireSingleLabel(folder, folder.config());
        }

        @Override
        public boolean pools(ModelFolder folder) {
            return pooling(folder) == Pooling.CLS;
        }

        @Override
        public ClassifierTask network(ModelFolder folder, Model model) {
            List<String> labels = labels(folder);
            return new ClassifierTask(RowClassifier.of(model, pooling(folder), labels.size(), 0), labels, Fittings.of(folder));
        }
    };

    private static void requireSingleLabel(ModelFolder folder, ConfigFile config) {
        AnswerKind kind = AnswerKind.of(folder);
        if (!folder.hasClassifier() || kind == AnswerKind.TAGS) {
            throw new CheckpointException(folder.folder() + ": " + (kind == AnswerKind.TAGS
                    ? "tags words, which a TokenTagger does; it is no classifier of texts"
                    : "has no classifier (no tensor " + LinearHead.CLASSIFIER + ".weight or another of its kind; it is "
                            + config.values().getOrDefault("architectures", "of no stated architecture") + ")")
                    + ". Fine-tune it with a recipe of objective.kind: classification, and open that run");
        }
        config.require("problem_type", "single_label_classification");
        if (folder.classes() == 1) {
            throw new CheckpointException(folder.folder() + ": its head has one output, which is a regression; expected two labels or more");
        }
    }

    /// Transformers leaves the names out where they are `LABEL_0` and `LABEL_1`.
    static List<String> labels(ModelFolder folder) {
        List<String> named = folder.labels();
        List<String> labels = named.isEmpty() ? IntStream.range(0, folder.classes()).mapToObj(i -> "LABEL_" + i).toList() : named;
        if (labels.size() != folder.classes() || new HashSet<>(labels).size() != labels.size()) {
            throw new CheckpointException(folder.config().place() + ": id2label must give each of the classifier's " + folder.classes()
                    + " outputs a name of its own, got " + labels);
        }
        return labels;
    }

    private static Pooling pooling(ModelFolder folder) {
        Object said = folder.extra().get("pooling");
        if (said == null || said.equals("cls")) {
            return Pooling.CLS; // also what transformers' sequence classifiers read
        }
        if (said.equals("mean")) {
            return Pooling.MEAN;
        }
        throw new CheckpointException(folder.config().place() + ": cultivar.pooling must be cls or mean, got " + said);
    }
}
