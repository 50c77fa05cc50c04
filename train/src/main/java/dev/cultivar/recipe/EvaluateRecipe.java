package dev.cultivar.recipe;

import java.util.List;

/// When and on what the model is measured during training; it always is at the end.
///
/// @param every how often
/// @param tasks of `validation`, `test` and the names in `data.also`; the best checkpoint is chosen by the first
/// @param first whether it is measured before the first step, too
/// @param judge a run or a checkpoint of a classifier of pictures that judges what the model draws; empty for none
public record EvaluateRecipe(Every every, List<String> tasks, boolean first, String judge) {
    public EvaluateRecipe {
        tasks = List.copyOf(tasks);
    }

    /// Not before the first step.
    public EvaluateRecipe(Every every, List<String> tasks) {
        this(every, tasks, false, "");
    }

    /// Without a judge.
    public EvaluateRecipe(Every every, List<String> tasks, boolean first) {
        this(every, tasks, first, "");
    }

    /// The same on other rows.
    public EvaluateRecipe on(List<String> others) {
        return new EvaluateRecipe(every, others, first && !others.isEmpty(), judge);
    }

    /// The same with another judge.
    public EvaluateRecipe judgedBy(String other) {
        return new EvaluateRecipe(every, tasks, first, other);
    }

    /// What of it concerns one of several tasks, by the names that its rows have there.
    EvaluateRecipe ofTask(String task) {
        List<String> own = tasks.stream()
                .filter(each -> each.startsWith(task + "."))
                .map(each -> each.substring(task.length() + 1))
                .toList();
        return on(own);
    }
}
