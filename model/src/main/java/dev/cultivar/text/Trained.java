package dev.cultivar.text;

/// A tokenizer that was just trained, and what it was made of.
///
/// @param tokenizer the caller closes it
/// @param pieces    in its vocabulary: fewer than asked for where the text has no more that are frequent enough
/// @param alphabet  of them, those that stand for one character or byte
/// @param words     in the text; of a tokenizer of characters, characters
public record Trained(Tokenizer tokenizer, int pieces, int alphabet, long words) {}
