package dev.cultivar.run;

import dev.cultivar.corpus.CorpusReport;
import dev.cultivar.data.Audit;
import dev.cultivar.recipe.AuditRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Shows what the model will really see, before it sees it.
public final class Audits {
    private Audits() {}

    /// What was looked at.
    ///
    /// @param rows   as they will be encoded; empty where an extension makes the batches, or where text is read as it runs on
    /// @param corpus what the training documents are and what was left out of them; empty where they are rows of a table
    public record Looked(Optional<Audit> rows, Optional<CorpusReport> corpus) {}

    /// Looks at a recipe's data; each source is read once.
    ///
    /// @param cache where encoded rows are kept
    public static Looked of(Recipe recipe, Path cache) {
        Optional<CorpusReport> running = Material.corpus(recipe, cache);
        return running.isPresent() ? new Looked(Optional.empty(), running) : Material.audit(recipe, cache);
    }

    /// What exceeds the recipe's thresholds.
    ///
    /// @throws RecipeException that lists it, where the recipe's audit is strict
    static List<String> exceeding(Recipe recipe, Path cache) {
        List<String> messages = Material.audit(recipe, cache).rows().stream()
                .flatMap(audit -> audit.findings().stream())
                .filter(finding -> finding.severity() == Audit.Severity.ERROR)
                .map(Audit.Finding::message)
                .toList();
        if (!messages.isEmpty() && recipe.audit().mode() == AuditRecipe.Mode.STRICT) {
            throw new RecipeException(messages.stream().map(message -> "audit: " + message).toList());
        }
        return messages;
    }
}
