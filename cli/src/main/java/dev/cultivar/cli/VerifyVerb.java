package dev.cultivar.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// The options of `verify`.
@Command(name = "verify", description = "Proves a model folder against stored expected outputs, loss and gradients.", sortOptions = false)
final class VerifyVerb implements Verb {
    @Parameters(
            index = "0..*",
            arity = "1..*",
            paramLabel = "CASE",
            description = "Folders with model/, inputs.safetensors, expected.safetensors and case.json.")
    private List<Path> cases = List.of();


    @Override
    public Work work() {
        return new VerifyWork(cases);
    }
}
