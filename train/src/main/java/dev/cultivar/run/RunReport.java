package dev.cultivar.run;

import dev.cultivar.checkpoint.MetricsFile;
import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.DurableFiles;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeReader;
import dev.cultivar.report.Block.Cell;
import dev.cultivar.report.Block.Column;
import dev.cultivar.report.Block;
import dev.cultivar.report.Document;
import dev.cultivar.report.Html;
import dev.cultivar.report.Markdown;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A run's report, made of what its folder holds: curves, scores, mistakes, the recipe, where it came from. It shows no row of the data unless somebody
/// asks for it.
public final class RunReport {
    private static final int CURVE_POINTS = 200;
    /// What a step's line has beside the terms of the loss.
    private static final Set<String> NO_TERMS =
            Set.of("step", "event", "epochs", "tokens", "seconds", "gradient_norm", "learning_rate");

    private final RunFiles run;
    private final Recipe recipe;
    private final List<SequencedMap<String, @Nullable Object>> log;
    private final boolean examples;
    private final List<Block> more;

    private RunReport(RunFiles run, boolean examples, List<Block> more) {
        this.run = run;
        this.more = more;
        this.recipe = RecipeReader.read(run.recipe(), List.of());
        this.log = MetricsFile.read(run.metrics());
        this.examples = examples || recipe.report().examples();
    }

    /// The report of a run that may still be training.
    public static Document of(Path folder) {
        return of(folder, false, List.of());
    }

    /// The same.
    ///
    /// @param examples whether rows that were misread are shown, whatever the recipe says, where the run has kept them ([Mistakes#gather])
    /// @param more     shown with it
    public static Document of(Path folder, boolean examples, List<Block> more) {
        var run = new RunFiles(folder);
        if (!Files.exists(run.recipe())) {
            throw new CheckpointException(folder + ": is no run folder, it has no recipe.yaml");
        }
        return new RunReport(run, examples, more).document();
    }

    /// Writes a document as HTML, and beside it as Markdown.
    ///
    /// @param html the file, `report.html` say
    public static void write(Document document, Path html) {
        write(html, Html.render(document));
        String name = html.getFileName().toString();
        write(html.resolveSibling((name.endsWith(".html") ? name.substring(0, name.length() - 5) : name) + ".md"), Markdown.render(document));
    }

    private static void write(Path file, String text) {
        try {
            DurableFiles.write(file, channel -> {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            });
        } catch (IOException failure) {
            throw new CheckpointException(file + ": cannot be written: " + failure.getMessage(), failure);
        }
    }

    private Document document() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Facts("", summary()));
        blocks.addAll(scores());
        blocks.addAll(beforeAndAfter());
        blocks.addAll(Mistakes.blocks(run, recipe, best(), examples));
        blocks.addAll(more);
        blocks.add(new Block.Heading(2, "Training"));
        blocks.add(losses());
        blocks.addAll(evaluations());
        blocks.addAll(Samples.blocks(run));
        blocks.addAll(CopyBlocks.of(run, examples));
        blocks.add(new Block.LineChart(
                "Learning rate", "step", "learning rate", List.of(series("learning rate", Curve.ofSteps(run.metrics(), "learning_rate", window()))), false, ""));
        blocks.add(new Block.LineChart(
                "Gradient norm",
                "step",
                "norm before clipping",
                List.of(series("gradient norm", Curve.ofSteps(run.metrics(), "gradient_norm", window()))),
                false,
                "Mean of " + window() + " steps."));
        blocks.add(new Block.Heading(2, "Recipe"));
        blocks.add(new Block.Code("Resolved recipe", "yaml", text(run.recipe()), true));
        if (Files.exists(run.provenance())) {
            blocks.add(new Block.Heading(2, "Provenance"));
            blocks.add(new Block.Facts("", provenance()));
        }
        return new Document(recipe.name(), "One training run.", blocks);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new CheckpointException(file + ": cannot be read: " + failure.getMessage(), failure);
        }
    }

    private String unit() {
        return recipe.data() instanceof DataRecipe.Images ? "pictures" : "tokens";
    }

    private List<Block.Fact> summary() {
        List<Block.Fact> facts = new ArrayList<>();
        log.stream().filter(line -> "step".equals(line.get("event"))).reduce((first, second) -> second).ifPresent(last -> {
            double seconds = number(last, "seconds");
            double tokens = number(last, "tokens");
            facts.add(new Block.Fact("steps", String.format(Locale.ROOT, "%,d", (long) number(last, "step"))));
            facts.add(new Block.Fact(unit(), String.format(Locale.ROOT, "%,.0f", tokens)));
            facts.add(new Block.Fact("seconds of training, measured", String.format(Locale.ROOT, "%,.1f", seconds)));
            facts.add(new Block.Fact(unit() + " a second, measured", String.format(Locale.ROOT, "%,.0f", tokens / seconds)));
        });
        log.stream().filter(line -> "arithmetic".equals(line.get("event"))).reduce((first, second) -> second).ifPresent(line -> {
            double model = number(line, "model_gflops");
            double peak = number(line, "matrix_gflops");
            facts.add(new Block.Fact("the model's arithmetic, estimated", String.format(Locale.ROOT, "%,.1f GFLOP/s", model)));
            facts.add(new Block.Fact("the machine's matrix peak, measured", String.format(
                    Locale.ROOT, "%,.0f GFLOP/s; the model used %.0f %% of it", peak, 100 * model / peak)));
        });
        log.stream().filter(line -> "end".equals(line.get("event"))).forEach(end -> {
            if (end.get("waited_for_batches") instanceof Number share) {
                facts.add(new Block.Fact("of the steps' time waited for batches, measured", String.format(Locale.ROOT, "%.1f %%", 100 * share.doubleValue())));
            }
            facts.add(new Block.Fact("ended by", String.valueOf(end.get("reason"))));
        });
        return facts;
    }

    /// The step of the best evaluation, if there was one.
    private OptionalLong best() {
        OptionalLong best = OptionalLong.empty();
        for (var line : log) {
            if ("evaluation".equals(line.get("event")) && Boolean.TRUE.equals(line.get("best"))) {
                best = OptionalLong.of((long) number(line, "step"));
            }
        }
        return best;
    }

    /// The metrics of each task's best evaluation, else its last.
    private List<Block> scores() {
        SequencedMap<String, SequencedMap<String, @Nullable Object>> chosen = new LinkedHashMap<>();
        for (var line : log) {
            String task = String.valueOf(line.get("task"));
            if ("evaluation".equals(line.get("event")) && (Boolean.TRUE.equals(line.get("best")) || !chosen.containsKey(task))) {
                chosen.put(task, line);
            }
        }
        List<Block> tables = new ArrayList<>();
        chosen.forEach((task, line) -> {
            List<List<Cell>> rows = new ArrayList<>();
            if (line.get("metrics") instanceof Map<?, ?> metrics) {
                metrics.forEach((name, of) -> rows.add(List.of(Cell.of(String.valueOf(name)), bound(of, "value"), bound(of, "low"), bound(of, "high"))));
            }
            tables.add(new Block.Table(
                    "Best on " + task + ", at step " + line.get("step"),
                    List.of(Column.left("metric"), Column.right("value"), Column.right("low"), Column.right("high")),
                    rows,
                    "With 95 % intervals."));
        });
        return tables;
    }

    /// Each task before the first step, at the best evaluation, and at the last, where the run was measured before it began.
    private List<Block> beforeAndAfter() {
        List<SequencedMap<String, @Nullable Object>> measured = log.stream().filter(line -> "evaluation".equals(line.get("event"))).toList();
        SequencedMap<String, Map<?, ?>> before = new LinkedHashMap<>();
        SequencedMap<String, Map<?, ?>> best = new LinkedHashMap<>();
        SequencedMap<String, Map<?, ?>> end = new LinkedHashMap<>();
        for (var line : measured) {
            String task = String.valueOf(line.get("task"));
            if (line.get("metrics") instanceof Map<?, ?> metrics) {
                (number(line, "step") == 0 ? before : end).put(task, metrics);
                if (Boolean.TRUE.equals(line.get("best"))) {
                    best.put(task, metrics);
                }
            }
        }
        List<List<Cell>> rows = new ArrayList<>();
        before.forEach((task, metrics) -> metrics.forEach((metric, value) -> rows.add(List.of(
                Cell.of(task),
                Cell.of(String.valueOf(metric)),
                bound(value, "value"),
                bound(best.getOrDefault(task, Map.of()).get(metric), "value"),
                bound(end.getOrDefault(task, Map.of()).get(metric), "value")))));
        return rows.isEmpty() ? List.of() : List.of(new Block.Table(
                "Before and after training",
                List.of(Column.left("task"), Column.left("metric"), Column.right("before"), Column.right("best"), Column.right("last")),
                rows,
                "Best is the evaluation with the best score on the first task; the others are shown as they were then."));
    }

    private static Cell bound(@Nullable Object metric, String end) {
        return metric instanceof Map<?, ?> of && of.get(end) instanceof Number number ? Cell.number(number.doubleValue(), 4) : Cell.of("");
    }

    private int window() {
        long steps = log.stream().filter(line -> "step".equals(line.get("event"))).count();
        return (int) Math.max(1, steps / CURVE_POINTS);
    }

    private Block losses() {
        Set<String> terms = new LinkedHashSet<>();
        log.stream().filter(line -> "step".equals(line.get("event"))).limit(1).forEach(line -> terms.addAll(line.keySet()));
        terms.removeAll(NO_TERMS);
        if (terms.size() == 2) {
            terms.remove("loss"); // one term: the total says the same
        }
        List<Block.Series> series = new ArrayList<>();
        terms.forEach(term -> series.add(series(term, Curve.ofSteps(run.metrics(), term, window()))));
        return new Block.LineChart("Training loss", "step", "loss", series, false, "Mean of " + window() + " steps.");
    }

    private List<Block> evaluations() {
        SequencedMap<String, Set<String>> tasks = new LinkedHashMap<>();
        for (var line : log) {
            if ("evaluation".equals(line.get("event")) && line.get("metrics") instanceof Map<?, ?> metrics) {
                metrics.keySet().forEach(name -> tasks.computeIfAbsent(String.valueOf(name), key -> new LinkedHashSet<>()).add(String.valueOf(line.get("task"))));
            }
        }
        List<Block> charts = new ArrayList<>();
        tasks.forEach((metric, names) -> {
            List<Block.Series> series = names.stream().map(task -> series(task, Curve.of(run.metrics(), task, metric))).toList();
            if (series.stream().anyMatch(each -> each.points().size() > 1)) {
                charts.add(new Block.LineChart(metric, "step", metric, series, false, CopyBlocks.note(metric, run, recipe.evaluate().judge())));
            }
        });
        return charts;
    }

    private static Block.Series series(String name, Curve curve) {
        return new Block.Series(name, curve.points().stream().map(point -> new Block.Point(point.step(), point.value())).toList());
    }

    private List<Block.Fact> provenance() {
        List<Block.Fact> facts = new ArrayList<>();
        JsonFiles.read(run.provenance()).forEach((key, value) -> {
            if (value instanceof Map<?, ?> nested) {
                nested.forEach((name, each) -> facts.add(new Block.Fact(key + ", " + name, String.valueOf(each))));
            } else {
                facts.add(new Block.Fact(key, String.valueOf(value)));
            }
        });
        return facts;
    }

    private static double number(Map<String, @Nullable Object> line, String key) {
        return line.get(key) instanceof Number number ? number.doubleValue() : 0;
    }
}
