package dev.cultivar.cli;

import picocli.CommandLine.Command;

/// What can be done with tokenizers; it needs a second word.
@Command(
        name = "tokenizer",
        description = "Trains a tokenizer; see `cultivar tokenizer train --help`.",
        subcommands = TokenizerTrainVerb.class)
final class TokenizerVerb {}
