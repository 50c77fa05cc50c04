package dev.cultivar.cli;

import dev.cultivar.evaluate.Metric;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.report.Block.Cell;
import dev.cultivar.report.Block.Column;
import dev.cultivar.report.Block.Table;
import dev.cultivar.report.TextTable;
import dev.cultivar.run.CopyAudit;
import dev.cultivar.run.Measured;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// Measures a model.
record EvaluateWork(String run, List<String> tasks, Optional<String> judge, List<Path> extensions) implements Work {

    @Override
    public Exit run(Console console) throws IOException {
        Recipe recipe = Measured.recipe(Transfer.find(run, console));
        if (!tasks.isEmpty()) {
            recipe = recipe.withEvaluate(recipe.evaluate().on(tasks));
        }
        if (judge.isPresent()) {
            Transfer.find(judge.get(), console);
            recipe = recipe.withEvaluate(recipe.evaluate().judgedBy(judge.get()));
        }
        int threads = Runtime.getRuntime().availableProcessors();
        try (var jars = ExtensionJars.open(extensions);
                var cache = TemporaryFolder.open();
                var measured = Measured.openRowByRow(Path.of(run), recipe, cache.path(), threads, jars.extensions())) {
            SequencedMap<String, List<Metric>> metrics = new LinkedHashMap<>();
            measured.each((objective, model) -> objective.measurement(model)).forEach((task, each) -> metrics.put(task, each.metrics()));
            Optional<CopyAudit> copies = measured.copies();
            if (metrics.isEmpty() && (copies.isEmpty() || judge.isPresent())) {
                throw new dev.cultivar.recipe.RecipeException(run + ": its recipe names no task to measure on; add data.validation or data.test");
            }
            tell(metrics, copies, console);
            return Exit.DONE;
        }
    }

    private static void tell(SequencedMap<String, List<Metric>> metrics, Optional<CopyAudit> copies, Console console) {
        Map<String, Object> document = new LinkedHashMap<>();
        if (!metrics.isEmpty()) {
            document.put("task", metrics.firstEntry().getKey());
            document.put("metrics", json(metrics.firstEntry().getValue()));
        }
        Map<String, Object> tasks = new LinkedHashMap<>();
        metrics.forEach((task, each) -> tasks.put(task, json(each)));
        document.put("tasks", tasks);
        copies.ifPresent(audit -> document.put("copies", audit.json()));
        console.document(document);
        metrics.forEach((task, each) -> {
            List<List<Cell>> rows = new ArrayList<>();
            each.forEach(metric -> rows.add(List.of(Cell.of(metric.name()), Cell.metric(metric, 4))));
            console.line(TextTable.render(new Table(task, List.of(Column.left("metric"), Column.right("value")), rows, "Intervals hold 95 %.")));
        });
        copies.ifPresent(audit -> console.line("copies: " + audit.words()));
    }

    private static Map<String, Object> json(List<Metric> metrics) {
        Map<String, Object> json = new LinkedHashMap<>();
        metrics.forEach(metric -> json.put(metric.name(), metric.json()));
        return json;
    }
}
