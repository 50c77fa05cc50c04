package dev.cultivar.data;

/// A part of a stream of tokens that a model sees at once.
///
/// @param from    the first token that is seen
/// @param context how many of its targets the stretch before predicted already: they are not predicted again
/// @param length  how many tokens are seen; each, but those of the context, predicts the one that follows it
record Stretch(long from, int context, int length) {}
