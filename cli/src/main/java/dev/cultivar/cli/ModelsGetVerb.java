package dev.cultivar.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// The options of `models get`.
@Command(
        name = "get",
        description = "Fetches a model, or what the cache lacks of its newest state, and prints its folder.",
        sortOptions = false)
final class ModelsGetVerb implements Verb {
    @Parameters(index = "0", paramLabel = "NAME", description = "A name that `cultivar models` lists, or hf:org/name[@revision].")
    private String name = "";

    @Override
    public Work work() {
        return new ModelsGetWork(name);
    }
}
