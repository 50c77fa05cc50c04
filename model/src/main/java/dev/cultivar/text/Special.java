package dev.cultivar.text;

import java.util.OptionalInt;

/// The ids of the pieces that stand for no text; one is empty where the tokenizer has no such piece.
///
/// @param pad   fills a row up to the batch's length
/// @param unk   stands for what the vocabulary cannot spell
/// @param cls   opens a row; its hidden state speaks for the whole row
/// @param sep   closes a text
/// @param mask  hides a piece that the model has to guess
/// @param begin stands before a document that a model goes on with; in GPT-2's tokenizer the same piece as `end`
/// @param end   stands after a document: the model has said all
public record Special(OptionalInt pad, OptionalInt unk, OptionalInt cls, OptionalInt sep, OptionalInt mask, OptionalInt begin, OptionalInt end) {}
