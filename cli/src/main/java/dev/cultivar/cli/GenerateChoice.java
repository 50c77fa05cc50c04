package dev.cultivar.cli;

import dev.cultivar.recipe.RecipeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Whether texts or pictures are meant, and whether the options go together.
///
/// @param texts what is done where texts are meant
/// @param words whether an option was given that is for texts
/// @param count of pictures
/// @param label of pictures
/// @param out   the folder for pictures
record GenerateChoice(GenerateWork texts, boolean words, Optional<Integer> count, Optional<String> label, Optional<Path> out) implements Work {
    private static final int PICTURES = 16;

    @Override
    public Exit run(Console console) throws IOException {
        boolean pictures = out.isPresent() || count.isPresent() || label.isPresent();
        if (pictures == !texts.prompts().isEmpty()) {
            throw new RecipeException("generate goes on with texts, which needs --prompt TEXT, or draws pictures, which needs --out DIR; give one of the two");
        }
        if (!pictures) {
            return texts.run(console);
        }
        if (out.isEmpty()) {
            throw new RecipeException("pictures need a folder to be written to; give --out DIR");
        }
        if (words) {
            throw new RecipeException(
                    "--tokens, --temperature, --top-k, --top-p, --min-p, --greedy and --slide are for texts; pictures are drawn from noise by --seed");
        }
        return new DrawWork(texts.run(), count.orElse(PICTURES), label, texts.choice().seed(), out.get()).run(console);
    }
}
