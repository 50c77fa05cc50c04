package dev.cultivar.nn;

import java.util.Optional;

/// The vectors that a backbone has for a tokenizer's pieces, (V, C), and what a head that predicts the next piece makes of them.
///
/// @param name             of the parameter
/// @param vocabulary       V
/// @param width            C
/// @param tied             whether the head's matrix is the table itself
/// @param initializerRange standard deviation of the initial values of a matrix of the head's own
/// @param head             what a matrix of the head's own is called
/// @param cap              of the head's logits
public record WordTable(
        String name, int vocabulary, int width, boolean tied, double initializerRange, String head, Optional<SoftCap> cap) {

    /// With a head under the usual name, whose logits are as they are.
    public WordTable(String name, int vocabulary, int width, boolean tied, double initializerRange) {
        this(name, vocabulary, width, tied, initializerRange, CausalLmHead.WEIGHT, Optional.empty());
    }
}
