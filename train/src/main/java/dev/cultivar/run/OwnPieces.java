package dev.cultivar.run;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.recipe.BackboneRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.text.Tokenizer;
import dev.cultivar.zoo.Models;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/// A trained backbone's vectors stand for its own tokenizer's pieces: another tokenizer may have more of them or fewer, but none in another place.
final class OwnPieces {
    private static final List<String> FILES = List.of("tokenizer.json", "vocab.txt");

    private OwnPieces() {}

    /// The tokenizer again, unless it gives ids of the backbone's another meaning.
    static Tokenizer require(Recipe recipe, Tokenizer tokenizer) {
        if (recipe.backbone() instanceof BackboneRecipe.Pretrained(String model, BackboneRecipe.Weights weights)
                && weights == BackboneRecipe.Weights.PRETRAINED) {
            try {
                Path place = Models.find(model);
                require(ModelFolder.around(place).orElse(place), tokenizer);
            } catch (RuntimeException problem) {
                tokenizer.close();
                throw problem;
            }
        }
        return tokenizer;
    }

    private static void require(Path place, Tokenizer tokenizer) {
        if (FILES.stream().noneMatch(name -> Files.exists(place.resolve(name)))) {
            return; // nobody can tell
        }
        try (var own = Tokenizer.open(place)) {
            OptionalInt parting = own.parting(tokenizer);
            if (parting.isPresent()) {
                int id = parting.getAsInt();
                throw new CheckpointException(place + ": the vector of id " + id + " stands for the piece '" + own.piece(id)
                        + "', and the tokenizer of this recipe has '" + tokenizer.piece(id) + "' there; they do not belong together. "
                        + "Use the backbone's own with tokenizer=backbone, or train from scratch with backbone.weights=random");
            }
        }
    }
}
