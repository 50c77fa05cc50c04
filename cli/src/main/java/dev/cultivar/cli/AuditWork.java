package dev.cultivar.cli;

import dev.cultivar.batch.DataException;
import dev.cultivar.corpus.CorpusReport;
import dev.cultivar.data.Audit;
import dev.cultivar.data.AuditText;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.recipe.RecipeReader;
import dev.cultivar.run.Audits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Audits a recipe's data.
record AuditWork(Path recipe, List<String> overrides) implements Work {

    /// Rows that cannot even be read, or that lack a label, are a finding like any other.
    private Audits.Looked audit(Recipe read, Path cache) {
        try {
            Audits.Looked looked = Audits.of(read, cache);
            if (looked.rows().isEmpty() && looked.corpus().isEmpty()) {
                throw new RecipeException(recipe + ": its batches come from an extension; there are no rows to audit");
            }
            return looked;
        } catch (DataException unusable) {
            var finding = new Audit.Finding(Audit.Severity.ERROR, String.valueOf(unusable.getMessage()));
            return new Audits.Looked(Optional.of(new Audit(List.of(), List.of(), List.of(finding), List.of())), Optional.empty());
        }
    }

    @Override
    public Exit run(Console console) throws IOException {
        Recipe read = RecipeReader.read(recipe, overrides);
        try (var cache = TemporaryFolder.open()) {
            Audits.Looked looked = audit(read, cache.path());
            Optional<CorpusReport> corpus = looked.corpus();
            Audit audit = looked.rows().orElse(new Audit(List.of(), List.of(), List.of(), List.of()));
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("failed", audit.failed());
            document.put("findings", audit.findings().stream()
                    .map(finding -> Map.of("severity", finding.severity().name().toLowerCase(java.util.Locale.ROOT), "message", finding.message()))
                    .toList());
            document.put("parts", audit.parts());
            document.put("labels", audit.labels());
            corpus.ifPresent(report -> document.put("corpus", report.sources()));
            console.document(document);
            corpus.ifPresent(report -> {
                report.lines().forEach(console::line);
                console.line("");
            });
            if (looked.rows().isPresent()) {
                AuditText.lines(audit).forEach(console::line);
            }
            return audit.failed() ? Exit.FAILED : Exit.DONE;
        }
    }
}
