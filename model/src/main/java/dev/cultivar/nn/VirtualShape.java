package dev.cultivar.nn;

/// How large a virtual token is: one that no piece of a tokenizer stands for.
///
/// @param words    width of a word's vector, for a prompt
/// @param heads    of keys and values in each layer, for a prefix
/// @param keyWidth of one head's key or value
public record VirtualShape(int words, int heads, int keyWidth) {}
