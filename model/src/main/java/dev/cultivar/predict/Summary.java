package dev.cultivar.predict;

/// What a model wrote from one text.
///
/// @param text   without special pieces
/// @param tokens pieces of it
/// @param ended  whether the model ended it; else it became as long as was allowed
/// @param cut    how many tokens of the text that was read were not seen, because it is longer than the model's rows; 0 for most
public record Summary(String text, int tokens, boolean ended, int cut) {}
