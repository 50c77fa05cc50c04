package dev.cultivar.nn;

/// What replaced-token detection needs beside the discriminator's backbone.
///
/// @param generator a small backbone of its own
/// @param guesses   of the generator: hidden states to logits over the vocabulary
/// @param head      of the discriminator: hidden states to one score a token, above 0 where it seems replaced
public record Detection(Backbone generator, MaskedLmHead guesses, DiscriminatorHead head) {}
