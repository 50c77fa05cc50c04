package dev.cultivar.cli;

import java.io.IOException;

/// What a verb does once its options are understood.
interface Work {

    /// Does it, and prints through the console; what goes wrong is thrown and becomes one sentence in [Failure].
    Exit run(Console console) throws IOException;
}
