package dev.cultivar.recipe;

import java.util.List;

/// When and on what the model is measured during training; it always is at the end.
///
/// @param every how often
/// @param tasks of `validation` and `test`
public record EvaluateRecipe(Every every, List<String> tasks) {
    public EvaluateRecipe {
        tasks = List.copyOf(tasks);
    }
}
