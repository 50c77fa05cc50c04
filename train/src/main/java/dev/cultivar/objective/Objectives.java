package dev.cultivar.objective;

import dev.cultivar.nn.Bert;
import dev.cultivar.nn.LinearHead;
import dev.cultivar.nn.MaskedLmHead;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.Pooling;
import dev.cultivar.nn.RowClassifier;
import dev.cultivar.recipe.ObjectiveRecipe;
import dev.cultivar.recipe.Parameters;
import dev.cultivar.recipe.RecipeException;
import java.util.List;

/// Builds objectives, and with them the heads that they need.
public final class Objectives {
    private static final double HEAD_DEVIATION = 0.02;

    private Objectives() {}

    /// Builds an objective that an extension knows.
    @FunctionalInterface
    public interface Custom {
        Objective build(String name, Parameters parameters, Model model);
    }

    /// @param labels the labels' names, empty where the task has none
    public static Objective build(ObjectiveRecipe recipe, Model model, List<String> labels, Custom custom) {
        return switch (recipe) {
            case ObjectiveRecipe.MaskedLm masked -> new MaskedLm(maskedLmHead(model), List.of(), 0);
            case ObjectiveRecipe.MaskedLmNextSentence both ->
                    new MaskedLm(maskedLmHead(model), List.of(nextSentenceHead(model)), both.nextSentenceWeight());
            case ObjectiveRecipe.Classification classification ->
                    new Classification(
                            new RowClassifier(model, pooling(classification), classifier(model, labels.size())),
                            classification.labelSmoothing(),
                            labels);
            case ObjectiveRecipe.Custom other -> custom.build(other.name(), other.parameters(), model);
        };
    }

    /// Whether the objective reads a row through the backbone's pooler.
    public static boolean pools(ObjectiveRecipe recipe) {
        return switch (recipe) {
            case ObjectiveRecipe.MaskedLm masked -> false;
            case ObjectiveRecipe.MaskedLmNextSentence both -> true;
            case ObjectiveRecipe.Classification classification -> classification.pooling() == ObjectiveRecipe.Pooling.CLS;
            case ObjectiveRecipe.Custom other -> false;
        };
    }

    private static MaskedLmHead maskedLmHead(Model model) {
        if (model.backbone() instanceof Bert bert) {
            return model.network(MaskedLmHead.NAME, MaskedLmHead.class, weights -> new MaskedLmHead(weights, bert.settings()));
        }
        throw new RecipeException("objective masked_lm needs a backbone of text tokens, got " + model.backbone().config().get("model_type"));
    }

    private static LinearHead nextSentenceHead(Model model) {
        return model.network(
                LinearHead.NEXT_SENTENCE,
                LinearHead.class,
                weights -> new LinearHead(weights, LinearHead.NEXT_SENTENCE, model.backbone().width(), 2, HEAD_DEVIATION));
    }

    private static LinearHead classifier(Model model, int labels) {
        if (labels == 0) {
            throw new RecipeException("objective classification needs labelled rows, and the data name no labels");
        }
        return model.network(
                LinearHead.CLASSIFIER,
                LinearHead.class,
                weights -> new LinearHead(weights, LinearHead.CLASSIFIER, model.backbone().width(), labels, HEAD_DEVIATION));
    }

    private static Pooling pooling(ObjectiveRecipe.Classification recipe) {
        return switch (recipe.pooling()) {
            case CLS -> Pooling.CLS;
            case MEAN -> Pooling.MEAN;
        };
    }
}
