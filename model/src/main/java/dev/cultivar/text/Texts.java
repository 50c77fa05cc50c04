package dev.cultivar.text;

import java.util.function.Consumer;

/// Texts that a tokenizer is trained on, handed over one by one, so that they never have to be in memory together.
///
/// `list::forEach` is one, and so is anything that reads a file and passes on what it reads.
@FunctionalInterface
public interface Texts {

    /// Hands over every text, in order.
    void each(Consumer<String> to);
}
