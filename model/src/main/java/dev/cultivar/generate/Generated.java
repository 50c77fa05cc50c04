package dev.cultivar.generate;

/// What a model said after a prompt.
///
/// @param prompt       as it was given
/// @param text         what follows it
/// @param promptTokens pieces of the prompt, a leading special one included
/// @param tokens       new pieces
/// @param why          it stopped
public record Generated(String prompt, String text, int promptTokens, int tokens, Continuation.Why why) {}
