package dev.cultivar.study;

import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.report.Block;
import dev.cultivar.report.Block.Cell;
import dev.cultivar.report.Block.Column;
import dev.cultivar.report.Document;
import dev.cultivar.run.Curve;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// The quickstart's findings as a table and as a document.
public final class QuickstartReport {
    private static final int CURVE_WINDOW = 50;

    private final Comparison found;

    public QuickstartReport(Comparison found) {
        this.found = found;
    }

    /// One table, strategies in rows; the same on a terminal and in the report.
    public Block.Table table() {
        List<Column> columns = List.of(
                Column.left("strategy"),
                Column.left("whose weights"),
                Column.right("accuracy"),
                Column.right("macro-F1"),
                Column.right("trainable"),
                Column.right("seconds"),
                Column.right("tokens"),
                Column.right("s to scratch's best"),
                Column.right("with pretraining"),
                Column.right("masked LM [before]"),
                Column.right("train - val."));
        double best = found.winner().accuracy().value();
        List<List<Cell>> rows = new ArrayList<>();
        for (Comparison.Row row : found.rows()) {
            Cell accuracy = Cell.metric(row.accuracy(), 3);
            rows.add(List.of(
                    Cell.of(row.title()),
                    Cell.of(row.whose()),
                    row.accuracy().value() == best ? accuracy.asBest() : accuracy,
                    Cell.metric(row.macroF1(), 3),
                    Cell.count(row.trainableParameters()),
                    Cell.number(row.seconds(), 1),
                    Cell.count(row.tokens()),
                    found.secondsToTarget(row).map(seconds -> Cell.number(seconds, 1)).orElse(Cell.of("never")),
                    found.secondsToTargetWithPretraining(row)
                            .map(seconds -> Cell.number(seconds, 1))
                            .orElse(Cell.of(row.published() ? "not known" : "never")),
                    row.maskedLm().map(this::forgotten).orElse(Cell.of("not measurable")),
                    Cell.number(found.gap(row), 3)));
        }
        return new Block.Table("Strategies on the test rows", columns, rows, found.leftOut().isPresent() ? NOTE : NOTE + PUBLISHED_NOTE);
    }

    private Cell forgotten(Metric after) {
        return new Cell(fixed(after), "[" + fixed(found.maskedLmBefore()) + "]", false);
    }

    private static String fixed(Metric metric) {
        return String.format(Locale.ROOT, "%.3f", metric.value());
    }

    private static final String NOTE = "Measured on this machine. Intervals are 95 %: Wilson's for accuracy, bootstrap for macro-F1; they cover other "
            + "test rows, not other training seeds. Each strategy stands at the learning rate with the best validation accuracy; seconds and tokens "
            + "are that run's training. Masked LM is the loss on held-out glosses through the pretrained model's own head, after [before] post-training: what was "
            + "forgotten. It is not measurable from scratch, where no masked-LM head was ever trained. Train - val. is training accuracy less validation accuracy.";

    private static final String PUBLISHED_NOTE = " MiniLM's rows read the mean over the tokens, as its own training did. Its published weights have no masked-LM "
            + "head, and what its pretraining took is not known here.";

    /// What the figures say, in sentences that hold whatever the figures are.
    public List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        sentences.add(capital(found.gain().sentence("from scratch", "full fine-tuning")));
        found.nextSentence().ifPresent(metric -> sentences.add(String.format(
                Locale.ROOT,
                "Next-sentence prediction: accuracy %.3f [%.3f, %.3f] on held-out pairs, where guessing has 0.5%s.",
                metric.value(),
                metric.low(),
                metric.high(),
                metric.low() <= 0.5 ? "; it stayed at chance, so pretraining's worth comes from masked words" : "")));
        sentences.add(String.format(
                Locale.ROOT,
                "Pretraining: %,d tokens in %.0f s (%,.0f tokens/s, measured); masked-LM loss %.3f on held-out glosses.",
                found.pretrainTokens(),
                found.pretrainSeconds(),
                found.pretrainTokens() / found.pretrainSeconds(),
                found.maskedLmBefore().value()));
        found.leftOut().ifPresent(sentences::add);
        sentences.addAll(published());
        return sentences;
    }

    /// What somebody else's pretraining is worth, and why that is no comparison of data alone.
    private List<String> published() {
        List<Comparison.Pair> pairs = found.publishedPairs();
        if (pairs.isEmpty()) {
            return List.of();
        }
        List<String> sentences = new ArrayList<>();
        sentences.add(String.format(
                Locale.ROOT,
                "Rows named MiniLM start from weights that others have published (all-MiniLM-L6-v2): distilled from a larger model, then trained on more than "
                        + "a billion pairs of English texts, where the quickstart's own model has read %,d tokens of glosses. With its head it has %,d parameters "
                        + "against %,d, and another tokenizer. So these rows differ in data, size and tokenizer at once, and whether MiniLM has met "
                        + "some of the test glosses on the web nobody can tell.",
                found.pretrainTokens(),
                pairs.getLast().first().trainableParameters(),
                found.full().trainableParameters()));
        for (Comparison.Pair pair : pairs) {
            String first = pair.first().published() ? pair.first().title() : pair.first().title() + " of the quickstart's own model";
            sentences.add(capital(pair.difference().sentence(first, pair.second().title())));
        }
        return sentences;
    }

    private static String capital(String sentence) {
        return sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
    }

    /// The whole report.
    ///
    /// @param labels labelled rows
    public Document document(int labels) {
        List<Block> blocks = new ArrayList<>();
        sentences().forEach(sentence -> blocks.add(new Block.Paragraph(sentence)));
        blocks.add(table());
        blocks.add(new Block.Bars("Test accuracy", "accuracy", bars(), "With 95 % intervals."));
        blocks.add(new Block.Heading(2, "Pretraining"));
        blocks.add(pretraining());
        blocks.add(new Block.Heading(2, "Post-training"));
        blocks.add(validation());
        blocks.add(search());
        publishedSearch().ifPresent(blocks::add);
        Comparison.Row winner = found.winner();
        blocks.add(new Block.ConfusionMatrix(
                "Which lexicographer file is taken for which: " + winner.title(), winner.confusion(), "Rows are the right labels; test rows."));
        blocks.add(new Block.Heading(2, "Recipes"));
        blocks.add(code("Pretraining", new RunFiles(found.study().run(found.pretrain())).recipe()));
        for (Comparison.Row row : found.rows()) {
            blocks.add(code(capital(row.title()), new RunFiles(found.study().run(row.run())).recipe()));
        }
        blocks.add(new Block.Heading(2, "Provenance"));
        blocks.add(new Block.Facts("", facts()));
        return new Document(
                "What is pretraining worth?",
                "A small BERT, pretrained on WordNet 3.1's glosses without their labels, then taught from " + labels
                        + " labelled glosses which of 40 lexicographer files a gloss belongs to"
                        + (found.leftOut().isPresent() ? "." : "; and what a published model makes of the same labels."),
                blocks);
    }

    private List<Block.Bar> bars() {
        return found.rows().stream().map(row -> Block.Bar.of(row.title(), row.accuracy())).toList();
    }

    private Block pretraining() {
        Path log = found.study().metrics(found.pretrain());
        return new Block.LineChart(
                "Masked-LM loss",
                "tokens, millions",
                "loss",
                List.of(
                        series("training", Curve.ofSteps(log, "masked_lm", CURVE_WINDOW), point -> point.tokens() / 1e6),
                        series("held out", Curve.of(log, "validation", "loss"), point -> point.tokens() / 1e6)),
                false,
                "Training: mean of " + CURVE_WINDOW + " steps.");
    }

    private Block validation() {
        List<Block.Series> series = new ArrayList<>();
        for (Comparison.Row row : found.rows()) {
            series.add(series(row.title(), found.curve(row), Curve.Point::epochs));
        }
        return new Block.LineChart("Validation accuracy", "epochs", "accuracy", series, false, "At the chosen learning rate; each run stops early.");
    }

    private static Block.Series series(String name, Curve curve, ToDoubleFunction<Curve.Point> x) {
        return new Block.Series(
                name, curve.points().stream().map(point -> new Block.Point(x.applyAsDouble(point), point.value())).toList());
    }

    /// Every learning rate of every strategy, so that nobody need trust the choice.
    private Block search() {
        List<Column> columns = new ArrayList<>(List.of(Column.left("strategy")));
        found.full().rates().forEach(rate -> columns.add(Column.right(rate)));
        columns.add(Column.right("seconds, all"));
        List<List<Cell>> rows = new ArrayList<>();
        for (Comparison.Row row : found.rows().stream().filter(row -> !row.published()).toList()) {
            List<Cell> cells = new ArrayList<>(List.of(Cell.of(row.title())));
            row.rates().forEach(rate -> cells.add(highest(row, rate)));
            cells.add(Cell.number(row.searchSeconds(), 1));
            rows.add(cells);
        }
        return new Block.Table("Best validation accuracy by learning rate", columns, rows, "The same search for every strategy.");
    }

    /// Those of the published model, whose strategies have rates of their own: a line for each run.
    private Optional<Block> publishedSearch() {
        List<List<Cell>> rows = new ArrayList<>();
        for (Comparison.Row row : found.rows().stream().filter(Comparison.Row::published).toList()) {
            for (String rate : row.rates()) {
                rows.add(List.of(Cell.of(row.title()), Cell.of(rate), highest(row, rate), Cell.number(found.seconds(row, rate), 1)));
            }
        }
        List<Column> columns = List.of(Column.left("strategy"), Column.right("learning rate"), Column.right("accuracy"), Column.right("seconds"));
        return rows.isEmpty() ? Optional.empty() : Optional.of(new Block.Table(
                "Best validation accuracy by learning rate, MiniLM", columns, rows,
                "A head, an adapter and a whole backbone learn at rates of their own; each is tried at as many."));
    }

    private Cell highest(Comparison.Row row, String rate) {
        Cell cell = Cell.number(Curve.of(found.study().metrics(row.candidate().run(rate)), "validation", "accuracy").highest(), 3);
        return rate.equals(row.learningRate()) ? cell.asBest() : cell;
    }

    private static Block code(String title, Path file) {
        try {
            return new Block.Code(title, "yaml", Files.readString(file, StandardCharsets.UTF_8), true);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private List<Block.Fact> facts() {
        Map<String, @Nullable Object> provenance =
                JsonFiles.read(new RunFiles(found.study().run(found.pretrain())).provenance());
        List<Block.Fact> facts = new ArrayList<>();
        provenance.forEach((key, value) -> {
            if (!(value instanceof Map<?, ?>)) {
                facts.add(new Block.Fact(key, String.valueOf(value)));
            }
        });
        if (provenance.get("data") instanceof Map<?, ?> data) {
            data.forEach((part, hash) -> facts.add(new Block.Fact("data, " + part, "sha256 " + hash)));
        }
        return facts;
    }

}
