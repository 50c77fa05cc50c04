package dev.cultivar.recipe;

import dev.cultivar.recipe.ObjectiveRecipe.EmbeddingLoss;
import dev.cultivar.recipe.ObjectiveRecipe.HardNegatives;
import dev.cultivar.recipe.ObjectiveRecipe.Pairs;
import java.util.List;

/// Reads an objective of kind `embedding`.
final class EmbeddingReader {
    private EmbeddingReader() {}

    static ObjectiveRecipe.Embedding embedding(Keys keys) {
        return new ObjectiveRecipe.Embedding(
                keys.choice("pooling", ObjectiveRecipe.Pooling.MEAN, ObjectiveRecipe.Pooling.values()),
                keys.flag("normalize", true),
                keys.have("loss", "map", "{}", EmbeddingReader::loss),
                keys.have("pairs", "map", "{}", node -> node.map(EmbeddingReader::pairs)),
                keys.have("hard_negatives", "map or none", "none", EmbeddingReader::hardNegatives));
    }

    private static EmbeddingLoss loss(Node node) {
        return node.oneOf("multiple_negatives", List.of(
                new Kind<>("multiple_negatives", keys -> new EmbeddingLoss.MultipleNegatives(
                        keys.number("scale", 20, Range.above(0)), keys.flag("symmetric", false))),
                new Kind<>("cosine", keys -> new EmbeddingLoss.Cosine()),
                new Kind<>("contrastive", keys -> new EmbeddingLoss.Contrastive(keys.number("margin", 0.5, Range.above(0)))),
                new Kind<>("triplet", keys -> new EmbeddingLoss.Triplet(keys.number("margin", 1, Range.above(0))))));
    }

    private enum From {
        COLUMNS,
        LABELS
    }

    private static Pairs pairs(Keys keys) {
        boolean labels = keys.choice("from", From.COLUMNS, From.values()) == From.LABELS;
        int perRow = keys.count("per_row", 1, Range.closedCount(1, 1000));
        if (!labels && keys.has("per_row")) {
            keys.refuse("per_row", "is of pairs from labels; a row's columns hold one pair");
        }
        return labels ? new Pairs.Labels(perRow) : new Pairs.Columns();
    }

    private static HardNegatives hardNegatives(Node node) {
        return node.isWord("none")
                ? new HardNegatives.None()
                : node.map(keys -> new HardNegatives.Nearest(keys.name("model"), keys.count("nearest", 10, Range.closedCount(1, 1000))));
    }
}
