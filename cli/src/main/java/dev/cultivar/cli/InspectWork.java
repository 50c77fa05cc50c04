package dev.cultivar.cli;

import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeWriter;
import dev.cultivar.report.Block;
import dev.cultivar.report.Block.Cell;
import dev.cultivar.report.Block.Column;
import dev.cultivar.report.TextTable;
import dev.cultivar.run.Inspection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Shows what a model is made of; fails where a checkpoint is not as it was written.
record InspectWork(String run) implements Work {
    private static final int LABELS_SHOWN = 20;

    @Override
    public Exit run(Console console) {
        Transfer.find(run, console);
        Inspection found = Inspection.of(run);
        console.document(document(found));
        console.line(found.folder().toString());
        console.line("config: " + found.config().entrySet().stream()
                .filter(entry -> !(entry.getValue() instanceof Map))
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", ")));
        if (!found.labels().isEmpty()) {
            int all = found.labels().size();
            console.line(all + " labels: " + String.join(", ", found.labels().subList(0, Math.min(all, LABELS_SHOWN)))
                    + (all > LABELS_SHOWN ? ", ..." : ""));
        }
        found.recipe().ifPresent(recipe -> console.line("recipe: " + words(recipe)));
        console.line("");
        console.line(modules(found));
        if (!found.checkpoints().isEmpty()) {
            console.line(checkpoints(found));
        }
        return found.sound() ? Exit.DONE : Exit.FAILED;
    }

    /// The recipe's name, then what its top-level keys say in one line each.
    private static String words(Recipe recipe) {
        String kinds = RecipeWriter.write(recipe).lines()
                .dropWhile(line -> !line.startsWith("backbone"))
                .filter(line -> line.strip().startsWith("kind:"))
                .map(line -> line.strip().substring("kind:".length()).strip())
                .distinct()
                .collect(Collectors.joining(", "));
        return recipe.name() + ", seed " + recipe.seed() + (kinds.isEmpty() ? "" : ": " + kinds);
    }

    private static String modules(Inspection found) {
        List<List<Cell>> rows = found.modules().stream()
                .map(module -> List.of(
                        Cell.of(module.name()),
                        Cell.count(module.elements()),
                        Cell.of(String.join(" ", module.dtypes())),
                        Cell.of(module.shape().isEmpty() ? module.tensors() + " tensors" : module.shape())))
                .toList();
        List<Column> columns = List.of(Column.left("module"), Column.right("parameters"), Column.left("dtype"), Column.left("shape"));
        return TextTable.render(new Block.Table("", columns, rows, "%,d parameters in all".formatted(found.elements())));
    }

    private static String checkpoints(Inspection found) {
        List<List<Cell>> rows = found.checkpoints().stream()
                .map(kept -> List.of(
                        Cell.of(kept.name() + (kept.best() ? " best" : "") + (kept.last() ? " last" : "")),
                        Cell.of(String.format(Locale.ROOT, "%.1f MB", kept.bytes() / 1e6)),
                        Cell.of(kept.problem().isEmpty() ? "as written (SHA-256)" : kept.problem())))
                .toList();
        List<Column> columns = List.of(Column.left("checkpoint"), Column.right("size"), Column.left("files"));
        return TextTable.render(new Block.Table("", columns, rows, ""));
    }

    private static Map<String, Object> document(Inspection found) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("folder", found.folder().toString());
        document.put("parameters", found.elements());
        document.put("config", found.config());
        document.put("labels", found.labels());
        found.recipe().ifPresent(recipe -> document.put("recipe", RecipeWriter.write(recipe)));
        document.put("modules", found.modules());
        document.put("tensors", found.tensors());
        document.put("checkpoints", found.checkpoints());
        document.put("sound", found.sound());
        return document;
    }
}
