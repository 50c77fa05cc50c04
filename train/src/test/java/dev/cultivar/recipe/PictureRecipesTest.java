package dev.cultivar.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cultivar.recipe.PicturesRecipe.Augmentation;
import dev.cultivar.recipe.PicturesRecipe.Source;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What Java leaves out of a recipe over pictures is what a file leaves out.
class PictureRecipesTest {

    @Test
    void aNewNetworkInJavaIsThatOfAFile() {
        Recipe built = Recipes.pictures("pets", Recipes.cnn(32, 32, 32)).folder(Path.of("pets")).validation(0.2).size(64, 48, 3)
                .augment(Augmentation.affine(0.1, 10, 0.2).flipped(0.5)).added(new Source.Generator("runs/gan", 500, 4)).rows(90).batching(16).epochs(3).build();
        assertThat(built).isEqualTo(RecipeReader.read("""
                name: pets
                backbone: cnn
                data:
                  kind: images
                  train: {folder: pets}
                  validation: {fraction: 0.2}
                  rows: 90
                  height: 64
                  width: 48
                  channels: 3
                  augment: {shift: 0.1, rotate: 10, scale: 0.2, flip: 0.5}
                  added: [{generator: runs/gan, rows: 500, seed: 4}]
                objective: classification
                optimizer: {kind: adamw, learning_rate: 1e-3}
                schedule: {kind: linear, warmup: 0.06}
                horizon: {epochs: 3}
                batching: {rows: 16}
                """, "x.yaml", List.of()));
    }

    @Test
    void aCheckpointMayBeFineTuned() {
        Recipe built = Recipes.pictures("mine", Path.of("runs/pets")).train(new Source.Idx(Path.of("a.gz"), Path.of("b.gz"))).size(28, 28, 1)
                .test(new PicturesRecipe.Held.Fraction(0.1)).strategy(new StrategyRecipe.FeatureExtraction()).seed(4).build();
        assertThat(built).isEqualTo(RecipeReader.read("""
                name: mine
                seed: 4
                backbone: {kind: pretrained, model: runs/pets}
                tokenizer: none
                data: {kind: images, train: {idx: a.gz, labels: b.gz}, test: {fraction: 0.1}, height: 28}
                objective: classification
                strategy: feature_extraction
                optimizer: {kind: adamw, learning_rate: 1e-3}
                schedule: {kind: linear, warmup: 0.06}
                horizon: {epochs: 1}
                batching: {rows: 32}
                """, "x.yaml", List.of()));
    }

    @Test
    void whatIsMissingIsTold() {
        RecipeException refused = catchThrowableOfType(RecipeException.class, () -> Recipes.pictures("x", Recipes.cnn(4)).build());
        assertThat(refused.mistakes()).anyMatch(mistake -> mistake.contains("data.train.folder must not be empty"))
                .anyMatch(mistake -> mistake.contains("data.height must be at least 1"));
    }
}
