package dev.cultivar.cli;

import dev.cultivar.evaluate.Deciding;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.report.Block.Cell;
import dev.cultivar.report.Block.Column;
import dev.cultivar.report.Block.Table;
import dev.cultivar.report.TextTable;
import dev.cultivar.run.Decided;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds how a classifier should answer.
record DecideWork(
        Path run,
        String task,
        boolean calibrate,
        Optional<String> cost,
        Optional<Double> accuracy,
        Optional<Double> coverage,
        Optional<Double> keep,
        List<Path> extensions)
        implements Work {
    private static final Pattern COST = Pattern.compile("(.+)=([0-9.]+):([0-9.]+)");
    private static final List<Double> SHOWN = List.of(1.0, 0.95, 0.9, 0.8, 0.7, 0.5);

    @Override
    public Exit run(Console console) throws IOException {
        if (accuracy.isPresent() && coverage.isPresent()) {
            throw new RecipeException("--accuracy and --coverage each say how sure the model has to be; give one of the two");
        }
        var request = new Decided.Request(task, calibrate, cost.map(DecideWork::parsed), sure(), share("--in-scope", keep)
                .map(OptionalDouble::of).orElse(OptionalDouble.empty()));
        try (var jars = ExtensionJars.open(extensions); var cache = TemporaryFolder.open()) {
            Decided decided = Decided.on(run, request, cache.path(), Runtime.getRuntime().availableProcessors(), jars.extensions());
            tell(decided, console);
            return Exit.DONE;
        }
    }

    private Decided.Sure sure() {
        return share("--accuracy", accuracy).<Decided.Sure>map(Decided.Sure.Accuracy::new)
                .or(() -> share("--coverage", coverage).map(Decided.Sure.Coverage::new))
                .orElseGet(Decided.Sure.Any::new);
    }

    private static Optional<Double> share(String option, Optional<Double> given) {
        given.ifPresent(value -> {
            if (!(value > 0 && value <= 1)) {
                throw new RecipeException(option + " must be above 0 and at most 1, got " + value);
            }
        });
        return given;
    }

    private static Decided.Cost parsed(String written) {
        Matcher matcher = COST.matcher(written);
        try {
            if (matcher.matches()) {
                return new Decided.Cost(matcher.group(1), Double.parseDouble(matcher.group(2)), Double.parseDouble(matcher.group(3)));
            }
        } catch (NumberFormatException noNumber) {
            // told below
        }
        throw new RecipeException("--cost must be LABEL=MISSED:FALSE with two numbers, as spam=1:10, got " + written);
    }

    private void tell(Decided decided, Console console) {
        Map<String, Object> document = new LinkedHashMap<>(decided.decision().json());
        document.put("task", decided.task());
        document.put("rows", decided.rows());
        decided.costs().ifPresent(costs -> document.put("costs", Map.of("half", costs.half(), "found", costs.found(), "threshold", costs.threshold())));
        decided.answered().ifPresent(point -> document.put("answered", Map.of("coverage", point.coverage(), "accuracy", point.accuracy())));
        document.put("curve", decided.curve().stream()
                .map(point -> Map.of("from", point.from(), "coverage", point.coverage(), "accuracy", point.accuracy()))
                .toList());
        console.document(document);
        List<List<Cell>> metrics = new ArrayList<>();
        for (int i = 0; i < decided.before().size(); i++) {
            Metric before = decided.before().get(i);
            metrics.add(List.of(Cell.of(before.name()), Cell.metric(before, 4), Cell.metric(decided.after().get(i), 4)));
        }
        console.line(TextTable.render(new Table(
                "%,d rows of %s".formatted(decided.rows(), decided.task()),
                List.of(Column.left("metric"), Column.right("as the model says"), Column.right("calibrated")),
                metrics,
                "Temperature %s.".formatted(number(decided.decision().temperature())))));
        List<List<Cell>> shares = new ArrayList<>();
        for (double share : SHOWN) {
            Deciding.Covered point = Deciding.covering(decided.curve(), share);
            shares.add(List.of(Cell.number(point.coverage(), 3), Cell.number(point.accuracy(), 3), Cell.number(point.from(), 3)));
        }
        console.line("");
        console.line(TextTable.render(new Table(
                "what is gained by answering only where the model is sure",
                List.of(Column.right("answered"), Column.right("right"), Column.right("from probability")),
                shares,
                "Chosen and measured on the same rows: expect a little less on others.")));
        decided.costs().ifPresent(costs -> console.line("%s from probability %s on: %s a row instead of %s at one half."
                .formatted(costs.of().label(), number(costs.threshold()), number(costs.found()), number(costs.half()))));
        decided.answered().ifPresent(point -> console.line("answers from probability %s on: %s of the rows, %s of them right."
                .formatted(number(point.from()), number(point.coverage()), number(point.accuracy()))));
        console.line("written: " + Decided.file(run) + "; predict follows it");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }
}
