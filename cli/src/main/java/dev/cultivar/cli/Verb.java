package dev.cultivar.cli;

/// The options of one verb, as picocli filled them in.
interface Verb {

    /// The work that the options ask for; nothing is opened yet.
    Work work();
}
