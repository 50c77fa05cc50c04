package dev.cultivar.nn;

/// The vectors that a backbone has for a tokenizer's pieces, (V, C), and what a head that predicts the next piece makes of them.
///
/// @param name             of the parameter
/// @param vocabulary       V
/// @param width            C
/// @param tied             whether the head's matrix is the table itself
/// @param initializerRange standard deviation of the initial values of a matrix of the head's own
public record WordTable(String name, int vocabulary, int width, boolean tied, double initializerRange) {}
