package dev.cultivar.run;

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

    /// Looks at a recipe's rows as they will be encoded; empty where an extension makes the batches.
    ///
    /// @param cache where encoded rows are kept
    public static Optional<Audit> of(Recipe recipe, Path cache) {
        return Material.audit(recipe, cache);
    }

    /// What exceeds the recipe's thresholds.
    ///
    /// @throws RecipeException that lists it, where the recipe's audit is strict
    static List<String> exceeding(Recipe recipe, Path cache) {
        List<String> messages = of(recipe, cache).stream()
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
