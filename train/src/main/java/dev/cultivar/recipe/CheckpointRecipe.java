package dev.cultivar.recipe;

/// When progress is saved, and how much of it is kept; a checkpoint is always written at the end.
///
/// @param every how often
/// @param keep  how many of the newest checkpoints stay, beside the best
public record CheckpointRecipe(Every every, int keep) {}
