package dev.cultivar.recipe;

import dev.cultivar.recipe.PictureObjectiveRecipe.Corruption;
import java.util.List;

/// What the objectives of a recipe read of each picture beside the picture itself, so that who makes batches draws it.
///
/// @param noise      standard normal numbers of `noise`, 0 for none
/// @param mix        whether there is a uniform number, `mix`
/// @param corruption what `corruption` holds: standard normal numbers, or ones where values become 0
/// @param masked     share of patches that `masked` hides, 0 for none
/// @param secondView whether there is another view, `second_view`
/// @param unlabelled pictures without labels for each with one, of which there are `weak` and `strong`; 0 for none
/// @param rest       whether there is one for each with one, `unlabelled`, changed as training pictures are, where the data have such
public record PictureNeeds(
        int noise, boolean mix, Corruption corruption, double masked, boolean secondView, int unlabelled, boolean rest) {

    /// Nothing else.
    public static final PictureNeeds NONE = new PictureNeeds(0, false, new Corruption.None(), 0, false, 0, false);

    /// What any of the turns reads.
    public static PictureNeeds of(List<TurnRecipe> turns) {
        return turns.stream()
                .map(TurnRecipe::objective)
                .filter(PictureObjectiveRecipe.class::isInstance)
                .map(PictureObjectiveRecipe.class::cast)
                .map(PictureNeeds::of)
                .reduce(NONE, PictureNeeds::and);
    }

    static PictureNeeds of(PictureObjectiveRecipe objective) {
        return switch (objective) {
            case PictureObjectiveRecipe.Autoencoder encoder -> new PictureNeeds(0, false, encoder.corruption(), 0, false, 0, false);
            case PictureObjectiveRecipe.Vae vae -> new PictureNeeds(vae.latent(), false, new Corruption.None(), 0, false, 0, false);
            case PictureObjectiveRecipe.GanCritic critic -> new PictureNeeds(
                    0, critic.loss() instanceof PictureObjectiveRecipe.CriticLoss.Wasserstein, new Corruption.None(), 0, false, 0, critic.classes());
            case PictureObjectiveRecipe.GanGenerator generator -> new PictureNeeds(generator.latent(), false, new Corruption.None(), 0, false, 0, false);
            case PictureObjectiveRecipe.MaskedPatches patches -> new PictureNeeds(0, false, new Corruption.None(), patches.probability(), false, 0, false);
            case PictureObjectiveRecipe.SimClr _ -> new PictureNeeds(0, false, new Corruption.None(), 0, true, 0, false);
            case PictureObjectiveRecipe.Rotation _ -> NONE;
            case PictureObjectiveRecipe.FixMatch match -> new PictureNeeds(0, false, new Corruption.None(), 0, false, match.ratio(), false);
        };
    }

    private PictureNeeds and(PictureNeeds other) {
        return new PictureNeeds(
                Math.max(noise, other.noise),
                mix || other.mix,
                corruption instanceof Corruption.None ? other.corruption : corruption,
                Math.max(masked, other.masked),
                secondView || other.secondView,
                Math.max(unlabelled, other.unlabelled),
                rest || other.rest);
    }
}
