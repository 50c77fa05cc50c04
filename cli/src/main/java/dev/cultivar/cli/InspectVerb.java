package dev.cultivar.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// The options of `inspect`.
@Command(name = "inspect", description = "Shows what a model is made of: configuration, parameters, tokenizer, where it came from.", sortOptions = false)
final class InspectVerb implements Verb {
    @Parameters(index = "0", paramLabel = "RUN", description = "A run folder, a checkpoint, a Hugging Face folder, minilm, or hf:org/name.")
    private String run = "";


    @Override
    public Work work() {
        return new InspectWork(run);
    }
}
