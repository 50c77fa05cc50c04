package dev.cultivar.predict;

/// Two texts that are read as one row: a question and a passage, a claim and its evidence.
///
/// @param text the first
/// @param pair the second; empty where there is none
public record TextPair(String text, String pair) {}
