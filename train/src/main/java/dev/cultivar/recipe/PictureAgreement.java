package dev.cultivar.recipe;

import dev.cultivar.recipe.PictureObjectiveRecipe.Game;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

/// Checks an objective over pictures against the data and, of a GAN, against the turn with its other half.
///
/// @param recipe    that it is of
/// @param path      of the objective
/// @param objective to check
record PictureAgreement(Recipe recipe, String path, PictureObjectiveRecipe objective) {

    /// @param fail takes a path and what is wrong there
    void check(BiConsumer<String, String> fail) {
        if (recipe.data() instanceof DataRecipe.Rows) {
            fail.accept("data", path + " " + objective.kind() + " learns from pictures, and the data are rows of text; give data of kind images");
        }
        switch (objective) {
            case PictureObjectiveRecipe.GanCritic critic -> critic(critic, fail);
            case PictureObjectiveRecipe.GanGenerator generator -> generator(generator, fail);
            case PictureObjectiveRecipe.Autoencoder _, PictureObjectiveRecipe.Vae _, PictureObjectiveRecipe.MaskedPatches _,
                    PictureObjectiveRecipe.Rotation _ -> {}
            case PictureObjectiveRecipe.SimClr _ -> views(fail);
            case PictureObjectiveRecipe.FixMatch _ -> rest(fail);
        }
    }

    private void views(BiConsumer<String, String> fail) {
        if (recipe.data() instanceof DataRecipe.Images images && images.augmentation().isNone()) {
            fail.accept("data.augment", path + " simclr compares two views of a picture, which must differ; say how in data.augment, as data.augment.shift");
        }
    }

    private void rest(BiConsumer<String, String> fail) {
        if (recipe.data() instanceof DataRecipe.Images images && images.rows() == 0) {
            fail.accept("data.rows", path + " fixmatch learns from pictures without labels as well; say with data.rows how many keep theirs");
        }
    }

    private <T extends PictureObjectiveRecipe> List<T> halves(Class<T> half) {
        return recipe.turns().stream().map(TurnRecipe::objective).filter(half::isInstance).map(half::cast).toList();
    }

    private void critic(PictureObjectiveRecipe.GanCritic critic, BiConsumer<String, String> fail) {
        List<PictureObjectiveRecipe.GanGenerator> generators = halves(PictureObjectiveRecipe.GanGenerator.class);
        if (generators.size() != 1 || halves(PictureObjectiveRecipe.GanCritic.class).size() != 1) {
            fail.accept(path, path + " gan_critic needs another turn whose objective is gan_generator, and each of the two once; give both under turns");
            return;
        }
        if (critic.classes() && critic.conditional()) {
            fail.accept(path + ".classes", path + ".classes is for a critic that is to tell the classes, and conditional for one that is told them; give one");
        }
        if (critic.classes() && critic.loss().game() != Game.NON_SATURATING) {
            fail.accept(path + ".classes", path + ".classes needs the loss non_saturating: what was drawn is one class more, by cross entropy, got "
                    + word(critic.loss().game()));
        }
        PictureObjectiveRecipe.GanGenerator generator = generators.getFirst();
        if (generator.loss() != critic.loss().game()) {
            fail.accept(path + ".loss", path + ".loss must be that of the turn with gan_generator, " + word(generator.loss()) + ", got "
                    + word(critic.loss().game()));
        }
        if (generator.conditional() != critic.conditional()) {
            fail.accept(path + ".conditional", path + ".conditional must be that of the turn with gan_generator, " + generator.conditional() + ", got "
                    + critic.conditional());
        }
    }

    private void generator(PictureObjectiveRecipe.GanGenerator generator, BiConsumer<String, String> fail) {
        if (halves(PictureObjectiveRecipe.GanCritic.class).isEmpty()) {
            fail.accept(path, path + " gan_generator needs another turn whose objective is gan_critic; give both under turns");
        }
    }

    private static String word(Game game) {
        return game.name().toLowerCase(Locale.ROOT);
    }
}
