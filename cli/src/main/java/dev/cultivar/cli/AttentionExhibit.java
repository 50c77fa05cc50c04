package dev.cultivar.cli;

import dev.cultivar.recipe.RecipeException;
import dev.cultivar.report.Block;
import dev.cultivar.run.AttentionReport;
import dev.cultivar.run.Extensions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What each layer attends to in a text, or in a picture's file.
///
/// @param pair a second text beside it
record AttentionExhibit(Optional<String> shown, Optional<String> pair) implements Exhibit {

    @Override
    public List<Block> blocks(Path run, Extensions extensions) {
        return AttentionReport.of(
                run.toString(), shown.orElseThrow(() -> new RecipeException("--pair needs --attention TEXT, which it is read with")), pair);
    }
}
