package dev.cultivar.objective;

import dev.cultivar.nn.Meaning;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.Pooling;
import dev.cultivar.nn.RowClassifier;
import dev.cultivar.recipe.PictureObjectiveRecipe;
import dev.cultivar.recipe.RecipeException;

/// Builds objectives over pictures, and with them the networks that they need.
final class PictureObjectives {
    private PictureObjectives() {}

    /// @param facts         what the training rows tell, pictures among it
    /// @param headDeviation of the first values of a head over classes
    static Objective build(PictureObjectiveRecipe recipe, Model model, LabelFacts facts, double headDeviation) {
        if (facts.pictures().none()) {
            throw new RecipeException("objective " + recipe.kind() + " learns from pictures, and the data say of none how large they are and how"
                    + " their values are normalised; give data of kind images");
        }
        requireClasses(recipe, facts);
        return switch (recipe) {
            case PictureObjectiveRecipe.Autoencoder encoder -> new Autoencoder(model, new Normalizing(facts.pictures()), encoder);
            case PictureObjectiveRecipe.Vae vae -> new VariationalAutoencoder(model, vae, facts);
            case PictureObjectiveRecipe.GanCritic critic -> new GanCritic(model, critic, facts, headDeviation);
            case PictureObjectiveRecipe.GanGenerator generator -> new GanGenerator(model, generator, facts);
            case PictureObjectiveRecipe.SimClr views -> new SimClr(model, views);
            case PictureObjectiveRecipe.Rotation _ -> new Rotation(model, facts, headDeviation);
            case PictureObjectiveRecipe.FixMatch few -> new FixMatch(
                    RowClassifier.of(model, Pooling.CLS, Meaning.ONE_CLASS, facts.labels().size(), headDeviation), few, facts.labels());
            case PictureObjectiveRecipe.MaskedPatches patches -> new MaskedPatches(model, patches);
        };
    }

    private static void requireClasses(PictureObjectiveRecipe recipe, LabelFacts facts) {
        boolean needed = switch (recipe) {
            case PictureObjectiveRecipe.Vae vae -> vae.conditional();
            case PictureObjectiveRecipe.GanCritic critic -> critic.conditional() || critic.classes();
            case PictureObjectiveRecipe.GanGenerator generator -> generator.conditional();
            case PictureObjectiveRecipe.FixMatch _ -> true;
            case PictureObjectiveRecipe.Autoencoder _, PictureObjectiveRecipe.MaskedPatches _, PictureObjectiveRecipe.SimClr _,
                    PictureObjectiveRecipe.Rotation _ -> false;
        };
        if (needed && facts.labels().isEmpty()) {
            throw new RecipeException("objective " + recipe.kind() + " reads the classes of pictures, and the data name none");
        }
    }
}
