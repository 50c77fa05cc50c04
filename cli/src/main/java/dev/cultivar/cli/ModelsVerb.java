package dev.cultivar.cli;

import picocli.CommandLine.Command;

/// `models` alone lists; a second word fetches.
@Command(
        name = "models",
        description = "Lists the models that have names, and those of a hub that lie in its cache; `cultivar models get NAME` fetches one.",
        subcommands = ModelsGetVerb.class,
        sortOptions = false)
final class ModelsVerb implements Verb {
    @Override
    public Work work() {
        return new ModelsWork();
    }
}
