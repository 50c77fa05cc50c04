package dev.cultivar.recipe;

import java.util.List;

/// When and on what the model is measured during training; it always is at the end.
///
/// @param every how often
/// @param tasks of `validation`, `test` and the names in `data.also`; the best checkpoint is chosen by the first
/// @param first whether it is measured before the first step, too
public record EvaluateRecipe(Every every, List<String> tasks, boolean first) {
    public EvaluateRecipe {
        tasks = List.copyOf(tasks);
    }

    /// Not before the first step.
    public EvaluateRecipe(Every every, List<String> tasks) {
        this(every, tasks, false);
    }

    /// What of it concerns one of several tasks, by the names that its rows have there.
    EvaluateRecipe ofTask(String task) {
        List<String> own = tasks.stream()
                .filter(each -> each.startsWith(task + "."))
                .map(each -> each.substring(task.length() + 1))
                .toList();
        return new EvaluateRecipe(every, own, first);
    }
}
