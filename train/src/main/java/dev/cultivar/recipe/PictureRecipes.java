package dev.cultivar.recipe;

import dev.cultivar.recipe.PicturesRecipe.Augmentation;
import dev.cultivar.recipe.PicturesRecipe.Fit;
import dev.cultivar.recipe.PicturesRecipe.Held;
import dev.cultivar.recipe.PicturesRecipe.Normalization;
import dev.cultivar.recipe.PicturesRecipe.Shape;
import dev.cultivar.recipe.PicturesRecipe.Source;
import java.nio.file.Path;
import java.util.List;

/// Builds recipes over pictures in Java, from [Recipes#pictures]: where they come from and how large they are has to be said, what else is left out has
/// the default that a recipe file has, or the usual value of [Recipes].
public final class PictureRecipes {
    private final Recipes rest;
    private Source train = new Source.Folder(Path.of(""));
    private Held validation = new Held.None();
    private Held test = new Held.None();
    private int rows;
    private Shape shape = new Shape(0, 0, 1, Fit.CROP);
    private Normalization normalization = new Normalization.OfBackbone();
    private Augmentation augmentation = Augmentation.NONE;
    private List<Source> added = List.of();
    private List<String> classes = List.of();

    /// @param rest that is no different where rows are pictures
    PictureRecipes(Recipes rest) {
        this.rest = rest;
    }

    /// A folder with a folder of pictures for each class.
    public PictureRecipes folder(Path folder) {
        return train(new Source.Folder(folder));
    }

    public PictureRecipes train(Source source) {
        train = source;
        return this;
    }

    /// More pictures to learn from, drawn by a generator say; none of them is measured on.
    public PictureRecipes added(Source... sources) {
        added = List.of(sources);
        return this;
    }

    /// Pictures of these classes alone, in all parts, as if there were no others.
    public PictureRecipes classes(String... labels) {
        classes = List.of(labels);
        return this;
    }

    /// A share of the training pictures, to choose by.
    public PictureRecipes validation(double fraction) {
        return validation(new Held.Fraction(fraction));
    }

    public PictureRecipes validation(Held pictures) {
        validation = pictures;
        return this;
    }

    public PictureRecipes test(Held pictures) {
        test = pictures;
        return this;
    }

    /// @param labelled pictures that are learned from, once others are held out; 0 for all
    public PictureRecipes rows(int labelled) {
        rows = labelled;
        return this;
    }

    /// How large the pictures are that the network sees, in pixels; of others the middle is cut out.
    ///
    /// @param channels 1 for grey, 3 for colour
    public PictureRecipes size(int height, int width, int channels) {
        return shape(new Shape(height, width, channels, Fit.CROP));
    }

    public PictureRecipes shape(Shape value) {
        shape = value;
        return this;
    }

    public PictureRecipes normalize(Normalization value) {
        normalization = value;
        return this;
    }

    /// How training pictures are changed, as [Augmentation#affine].
    public PictureRecipes augment(Augmentation value) {
        augmentation = value;
        return this;
    }

    public PictureRecipes seed(long value) {
        rest.seed(value);
        return this;
    }

    public PictureRecipes objective(ObjectiveRecipe value) {
        rest.objective(value);
        return this;
    }

    public PictureRecipes strategy(StrategyRecipe value) {
        rest.strategy(value);
        return this;
    }

    public PictureRecipes optimizer(OptimizerRecipe value) {
        rest.optimizer(value);
        return this;
    }

    public PictureRecipes schedule(ScheduleRecipe value) {
        rest.schedule(value);
        return this;
    }

    public PictureRecipes horizon(HorizonRecipe value) {
        rest.horizon(value);
        return this;
    }

    public PictureRecipes epochs(double epochs) {
        rest.epochs(epochs);
        return this;
    }

    /// @param pictures of a batch
    public PictureRecipes batching(int pictures) {
        return batching(new BatchingRecipe(new BatchingRecipe.Budget.Rows(pictures), 128, 1, 1));
    }

    public PictureRecipes batching(BatchingRecipe value) {
        rest.batching(value);
        return this;
    }

    public PictureRecipes stopping(StoppingRecipe value) {
        rest.stopping(value);
        return this;
    }

    public PictureRecipes precompute(PrecomputeRecipe value) {
        rest.precompute(value);
        return this;
    }

    /// The recipe, checked.
    ///
    /// @throws RecipeException that lists every mistake
    public Recipe build() {
        return rest.build(
                new DataRecipe.Images(train, validation, test, rows, shape, normalization, augmentation, added, classes),
                validation instanceof Held.None ? List.of() : List.of("validation"));
    }
}
