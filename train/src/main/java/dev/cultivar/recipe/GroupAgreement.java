package dev.cultivar.recipe;

import dev.cultivar.recipe.ObjectiveRecipe.EmbeddingLoss;
import dev.cultivar.recipe.ObjectiveRecipe.HardNegatives;
import java.util.function.BiConsumer;

/// Checks the columns of objectives that compare texts: each that is needed is named, and none is named for nothing.
///
/// @param path of the objective
record GroupAgreement(String path, ObjectiveRecipe objective, DataRecipe.Columns columns) {

    /// @param fail takes a path and what is wrong there
    void check(BiConsumer<String, String> fail) {
        switch (objective) {
            case ObjectiveRecipe.Embedding embedding when embedding.labelled() -> labelled(embedding, fail);
            case ObjectiveRecipe.Embedding embedding -> paired(embedding, fail);
            case ObjectiveRecipe.Ranking _ -> {
                need(fail, "pair", columns.pair(), "the column with the document");
                need(fail, "label", columns.label(), "the column with the grade of the document's relevance");
                unused(fail, "negative", columns.negative());
            }
            default -> unused(fail, "negative", columns.negative());
        }
    }

    private void labelled(ObjectiveRecipe.Embedding embedding, BiConsumer<String, String> fail) {
        need(fail, "label", columns.label(), "the column whose equal values make pairs");
        unused(fail, "pair", columns.pair());
        unused(fail, "negative", columns.negative());
        mined(embedding, fail);
    }

    private void paired(ObjectiveRecipe.Embedding embedding, BiConsumer<String, String> fail) {
        need(fail, "pair", columns.pair(), "the column with the text that belongs to the first");
        boolean mined = !(embedding.hardNegatives() instanceof HardNegatives.None);
        if (embedding.scored()) {
            need(fail, "label", columns.label(), "the column with the score of the pair");
            unused(fail, "negative", columns.negative());
        } else {
            unused(fail, "label", columns.label());
            if (mined && !columns.negative().isEmpty()) {
                fail.accept("data.columns.negative", "data.columns.negative stands beside " + path + ".hard_negatives; give one or the other");
            }
            if (!mined && columns.negative().isEmpty() && embedding.loss() instanceof EmbeddingLoss.Triplet) {
                need(fail, "negative", "", "the column with a text that does not belong to the first, or " + path + ".hard_negatives");
            }
        }
        mined(embedding, fail);
    }

    private void mined(ObjectiveRecipe.Embedding embedding, BiConsumer<String, String> fail) {
        if (embedding.scored() && !(embedding.hardNegatives() instanceof HardNegatives.None)) {
            fail.accept(path + ".hard_negatives", path + ".hard_negatives serve the losses multiple_negatives and triplet; "
                    + "pairs with a score have none");
        }
    }

    private void need(BiConsumer<String, String> fail, String column, String named, String what) {
        if (named.isEmpty()) {
            fail.accept("data.columns", path + " needs data.columns." + column + ", " + what);
        }
    }

    private void unused(BiConsumer<String, String> fail, String column, String named) {
        if (!named.isEmpty()) {
            fail.accept("data.columns." + column, "data.columns." + column + " is '" + named + "', which " + path
                    + " does not read; leave it out");
        }
    }
}
