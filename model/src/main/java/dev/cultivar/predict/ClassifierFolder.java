package dev.cultivar.predict;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.nn.Backbone;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.ConfigFile;
import dev.cultivar.nn.LinearHead;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.Pooling;
import dev.cultivar.nn.RowClassifier;
import dev.cultivar.nn.StoredWeights;
import dev.cultivar.nn.Weights;
import dev.cultivar.text.Tokenizer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// What lies in a classifier's folder, opened and checked: the network, the labels' names, the tokenizer.
///
/// @param labels    in the order of the network's outputs
/// @param maxLength the longest row in tokens, special ones included
record ClassifierFolder(RowClassifier network, List<String> labels, Tokenizer tokenizer, int maxLength) implements AutoCloseable {
    /// The shortest row that holds a pair's special pieces and a piece.
    private static final int SHORTEST = 4;

    static ClassifierFolder open(Path place, Backbones.Custom custom) {
        try (var folder = ModelFolder.open(place)) {
            ConfigFile config = folder.config();
            requireSingleLabel(folder, config);
            List<String> labels = labels(folder);
            Tokenizer tokenizer = Tokenizer.open(place);
            try {
                RowClassifier network = network(folder, labels.size(), custom);
                try {
                    Backbone backbone = network.model().backbone();
                    backbone.requireFits(tokenizer.vocabulary(), place);
                    return new ClassifierFolder(network, labels, tokenizer, maxLength(folder, backbone));
                } catch (RuntimeException problem) {
                    network.model().close();
                    throw problem;
                }
            } catch (RuntimeException problem) {
                tokenizer.close();
                throw problem;
            }
        }
    }

    private static void requireSingleLabel(ModelFolder folder, ConfigFile config) {
        if (!folder.hasClassifier()) {
            throw new CheckpointException(folder.folder() + ": has no classifier (no tensor " + LinearHead.CLASSIFIER + ".weight or another of its kind; it is "
                    + config.values().getOrDefault("architectures", "of no stated architecture")
                    + "). Fine-tune it with a recipe of objective.kind: classification, and open that run");
        }
        config.require("problem_type", "single_label_classification");
        if (folder.classes() == 1) {
            throw new CheckpointException(folder.folder() + ": its head has one output, which is a regression; expected two labels or more");
        }
    }

    /// Transformers leaves the names out where they are `LABEL_0` and `LABEL_1`.
    private static List<String> labels(ModelFolder folder) {
        List<String> named = folder.labels();
        List<String> labels = named.isEmpty() ? IntStream.range(0, folder.classes()).mapToObj(i -> "LABEL_" + i).toList() : named;
        if (labels.size() != folder.classes() || new HashSet<>(labels).size() != labels.size()) {
            throw new CheckpointException(folder.config().place() + ": id2label must give each of the classifier's " + folder.classes()
                    + " outputs a name of its own, got " + labels);
        }
        return labels;
    }

    private static RowClassifier network(ModelFolder folder, int labels, Backbones.Custom custom) {
        Pooling pooling = pooling(folder);
        StoredWeights stored = folder.stored(name -> false);
        var weights = new Weights(0, stored);
        try {
            Backbone backbone = Backbones.build(folder.config(), weights, pooling == Pooling.CLS, custom);
            var model = new Model(weights, backbone);
            RowClassifier network = RowClassifier.of(model, pooling, labels, 0);
            // Heads of other tasks, and a pooler that is not read, may lie beside what is used; nothing may be missing.
            Predicate<String> above = name -> backbone.depth(name) < 0 || backbone.depth(name) > backbone.layers();
            stored.finish(weights, name -> false, above);
            if ("bfloat16".equals(folder.extra().get("precision"))) {
                weights.reduceFrozen(weights.parameters()); // what it was trained and measured in
            }
            return network;
        } catch (RuntimeException problem) {
            weights.close();
            throw problem;
        }
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

    private static int maxLength(ModelFolder folder, Backbone backbone) {
        int positions = backbone.positions() == 0 ? Integer.MAX_VALUE : backbone.positions();
        Object said = folder.extra().get("max_length");
        if (said == null && backbone.positions() >= SHORTEST) {
            return positions;
        }
        if (said instanceof Long length && length >= SHORTEST && length <= positions) {
            return length.intValue();
        }
        throw new CheckpointException(folder.config().place() + ": cultivar.max_length must be from " + SHORTEST + " to the model's "
                + positions + " positions, got " + said);
    }

    @Override
    public void close() {
        tokenizer.close();
        network.model().close();
    }
}
