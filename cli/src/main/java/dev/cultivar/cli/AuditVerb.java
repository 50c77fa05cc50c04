package dev.cultivar.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// The options of `audit`.
@Command(name = "audit", description = "Shows what the model will really see, and fails where the data exceed the thresholds.", sortOptions = false)
final class AuditVerb implements Verb {
    @Parameters(index = "0", paramLabel = "RECIPE", description = "A recipe file, for example recipes/bert-mini.yaml.")
    private Path recipe = Path.of("");

    @Parameters(
            index = "1..*",
            paramLabel = "KEY=VALUE",
            description = "Replaces the recipe's node at a dotted path, for example horizon='{steps: 100}'.")
    private List<String> overrides = List.of();


    @Override
    public Work work() {
        return new AuditWork(recipe, overrides);
    }
}
