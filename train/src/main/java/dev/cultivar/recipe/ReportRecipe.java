package dev.cultivar.recipe;

/// What the report may show.
///
/// @param examples whether raw rows of the data may stand in it
public record ReportRecipe(boolean examples) {}
