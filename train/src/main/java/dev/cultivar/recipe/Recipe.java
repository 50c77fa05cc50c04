package dev.cultivar.recipe;

import java.util.List;
import java.util.Objects;

/// The complete, validated, immutable description of a run.
///
/// @param name       what the run's folder is called after: letters, digits, `-`, `_`, `.`
/// @param seed       where every draw starts
/// @param backbone   inputs to hidden states: new, or opened from a checkpoint
/// @param tokenizer  text to ids
/// @param data       what is learned from and measured on
/// @param turns      the moves of one step, in order; most recipes have one, written flat (see [TurnRecipe])
/// @param strategy   which parameters move, and when
/// @param horizon    when training stops
/// @param batching   what one step sees
/// @param evaluate   when and on what the model is measured
/// @param stopping   whether training may stop before the horizon
/// @param checkpoint when progress is saved, and how much of it is kept
/// @param average    whether averaged weights are kept and served
/// @param device     where and how it is computed
/// @param precompute whether what frozen layers make is kept
/// @param audit      what happens when the data exceed the audit's thresholds
/// @param report     what the report may show
/// @param resume     whether a resume must be exact
public record Recipe(
        String name,
        long seed,
        BackboneRecipe backbone,
        TokenizerRecipe tokenizer,
        DataRecipe data,
        List<TurnRecipe> turns,
        StrategyRecipe strategy,
        HorizonRecipe horizon,
        BatchingRecipe batching,
        EvaluateRecipe evaluate,
        StoppingRecipe stopping,
        CheckpointRecipe checkpoint,
        AverageRecipe average,
        DeviceRecipe device,
        PrecomputeRecipe precompute,
        AuditRecipe audit,
        ReportRecipe report,
        Resume resume) {

    public Recipe {
        turns = List.copyOf(turns);
        if (turns.isEmpty()) {
            throw new IllegalArgumentException("a recipe needs at least one turn");
        }
    }

    /// The same with other data.
    public Recipe withData(DataRecipe changed) {
        return new Recipe(
                name, seed, backbone, tokenizer, changed, turns, strategy, horizon, batching, evaluate, stopping, checkpoint,
                average, device, precompute, audit, report, resume);
    }

    /// What is left of a recipe of several tasks where one alone is looked at: its rows, its objective, what it is measured on.
    ///
    /// @throws RecipeException if there is no task of that name
    public Recipe ofTask(String task) {
        if (!(data instanceof DataRecipe.Tasks(var tasks, double _)) || !tasks.containsKey(task)
                || !(turns.getLast().objective() instanceof ObjectiveRecipe.Tasks objectives)) {
            throw new RecipeException(name + ": has no task called " + task + "; "
                    + (data instanceof DataRecipe.Tasks several ? "there are " + several.tasks().keySet() : "its data are not of kind tasks"));
        }
        DataRecipe.Rows rows = Objects.requireNonNull(tasks.get(task));
        ObjectiveRecipe objective = Objects.requireNonNull(objectives.tasks().get(task));
        TurnRecipe turn = turns.getLast();
        return new Recipe(
                name, seed, backbone, tokenizer, rows,
                List.of(new TurnRecipe(turn.name(), turn.times(), List.of(), objective, turn.optimizer(), turn.schedule(), turn.clipping())),
                strategy, horizon, batching, evaluate.ofTask(task), stopping, checkpoint,
                average, device, precompute, audit, report, resume);
    }

    /// The same with other horizon.
    public Recipe withHorizon(HorizonRecipe changed) {
        return new Recipe(
                name, seed, backbone, tokenizer, data, turns, strategy, changed, batching, evaluate, stopping, checkpoint,
                average, device, precompute, audit, report, resume);
    }

    /// The same with other evaluation.
    public Recipe withEvaluate(EvaluateRecipe changed) {
        return new Recipe(
                name, seed, backbone, tokenizer, data, turns, strategy, horizon, batching, changed, stopping, checkpoint,
                average, device, precompute, audit, report, resume);
    }

    /// Whether the model makes pictures.
    public boolean draws() {
        return turns.stream().map(TurnRecipe::objective).anyMatch(objective ->
                objective instanceof PictureObjectiveRecipe.Vae || objective instanceof PictureObjectiveRecipe.GanGenerator);
    }

    /// The same with other stopping.
    public Recipe withStopping(StoppingRecipe changed) {
        return new Recipe(
                name, seed, backbone, tokenizer, data, turns, strategy, horizon, batching, evaluate, changed, checkpoint,
                average, device, precompute, audit, report, resume);
    }

    /// The same with other device.
    public Recipe withDevice(DeviceRecipe changed) {
        return new Recipe(
                name, seed, backbone, tokenizer, data, turns, strategy, horizon, batching, evaluate, stopping, checkpoint,
                average, changed, precompute, audit, report, resume);
    }

    /// Whether a resume must give the very bits of the undisturbed run.
    public enum Resume { EXACT, INEXACT }
}
