package dev.cultivar.run;

import dev.cultivar.batch.DataException;
import dev.cultivar.data.Labels;
import dev.cultivar.data.Targets;
import dev.cultivar.pictures.PicturePart;
import dev.cultivar.pictures.PictureParts;
import dev.cultivar.recipe.ObjectiveRecipe;
import dev.cultivar.recipe.PictureObjectiveRecipe;
import dev.cultivar.recipe.TurnRecipe;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.IntStream;

/// What a recipe's objectives learn from the labels of pictures, and which labels may therefore be added to those of the training pictures.
///
/// @param turns of the recipe
record LabelNeeds(List<TurnRecipe> turns) implements PictureParts.Admission {

    /// Whether any turn learns from labels.
    boolean any() {
        return turns.stream().map(TurnRecipe::objective).anyMatch(LabelNeeds::learns);
    }

    private static boolean learns(ObjectiveRecipe objective) {
        return switch (objective) {
            case PictureObjectiveRecipe.FixMatch _ -> true;
            case PictureObjectiveRecipe.Vae vae -> vae.conditional();
            case PictureObjectiveRecipe.GanCritic critic -> critic.conditional() || critic.classes();
            case PictureObjectiveRecipe.GanGenerator generator -> generator.conditional();
            case PictureObjectiveRecipe.Autoencoder _, PictureObjectiveRecipe.MaskedPatches _, PictureObjectiveRecipe.SimClr _,
                    PictureObjectiveRecipe.Rotation _ -> false;
            default -> true;
        };
    }

    /// The classes that the training pictures have; none where labels are numbers.
    Labels known(PicturePart train) {
        return switch (turns.getLast().objective()) {
            case ObjectiveRecipe.Regression _ -> Labels.none();
            case ObjectiveRecipe.MultiLabel many -> Targets.ManyClasses.names(train, many.separator());
            case ObjectiveRecipe.Ordinal ordinal when !ordinal.order().isEmpty() -> Labels.inOrder(ordinal.order());
            default -> Labels.of(train);
        };
    }

    /// Whether a part's pictures have no other labels than the training pictures have.
    boolean agree(PicturePart train, PicturePart part) {
        List<String> known = known(train).names();
        return IntStream.range(0, part.size()).mapToObj(part::label).allMatch(known::contains);
    }

    @Override
    public void require(String source, SortedSet<String> labels, PicturePart train) {
        ObjectiveRecipe objective = turns.getLast().objective();
        if (!any() || objective instanceof ObjectiveRecipe.Regression) {
            return; // a label that is no number is found when it is read
        }
        List<String> known = known(train).names();
        for (String label : labels) {
            if (objective instanceof ObjectiveRecipe.MultiLabel many) {
                Targets.ManyClasses.parts(label, many.separator()).forEach(part -> require(source, part, known));
            } else {
                require(source, label, known);
            }
        }
    }

    private static void require(String source, String label, List<String> known) {
        if (label.isEmpty()) {
            throw new DataException(source + ": has pictures without a class, and the objective learns classes. Give pictures that have one; a generator "
                    + "draws such where it was trained with conditional: true");
        }
        if (!known.contains(label)) {
            throw new DataException(source + ": has pictures of class '" + label + "', which is not among the " + known.size()
                    + " classes of the training pictures (" + String.join(", ", known.subList(0, Math.min(8, known.size())))
                    + (known.size() > 8 ? ", ..." : "") + "), so nothing could be measured on it. Leave such out, or add pictures of it to data.train");
        }
    }
}
