package dev.cultivar.data;

/// One row as masked language modelling sees it.
///
/// @param tokens       ids with special ones, chosen pieces replaced
/// @param labels       the original of a chosen piece, -100 elsewhere
/// @param firstLength  pieces of the first segment
/// @param nextSentence 0 where the second segment follows the first, 1 where it is another row's, -100 where there is none
record MaskedRow(int[] tokens, int[] labels, int firstLength, int nextSentence) {}
