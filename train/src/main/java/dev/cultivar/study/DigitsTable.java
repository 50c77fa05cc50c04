package dev.cultivar.study;

import dev.cultivar.evaluate.Metric;
import dev.cultivar.evaluate.PairedDifference;
import dev.cultivar.report.Block;
import dev.cultivar.report.Block.Cell;
import dev.cultivar.report.Block.Column;
import dev.cultivar.report.Document;
import dev.cultivar.study.Digits.Row;
import dev.cultivar.study.Digits.Settings;
import dev.cultivar.study.Digits.Way;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the study of digits found, as a table, as sentences and as a document.
public final class DigitsTable {
    private final Settings settings;
    private final List<Row> rows;

    DigitsTable(Settings settings, List<Row> rows) {
        this.settings = settings;
        this.rows = List.copyOf(rows);
    }

    static double accuracy(Map<String, @Nullable Object> measured) {
        return Comparison.number(measured, "accuracy");
    }

    /// Whether each test picture was read rightly.
    static List<Boolean> right(Map<String, @Nullable Object> measured) {
        List<Boolean> right = new ArrayList<>();
        if (measured.get("gold") instanceof List<?> gold && measured.get("predicted") instanceof List<?> predicted) {
            for (int i = 0; i < gold.size(); i++) {
                right.add(gold.get(i).equals(predicted.get(i)));
            }
        }
        return right;
    }

    /// The same on a terminal and in the report.
    public Block.Table table() {
        List<Column> columns = List.of(
                Column.left("network"), Column.right("labels"), Column.left("training"), Column.right("accuracy"), Column.right("trainable"),
                Column.right("s an epoch"));
        List<List<Cell>> cells = new ArrayList<>();
        for (Row row : rows) {
            double best = rows.stream().filter(each -> each.network().equals(row.network()) && each.labels() == row.labels())
                    .mapToDouble(each -> each.accuracy().value()).max().orElseThrow();
            Metric accuracy = row.accuracy();
            Cell cell = Cell.metric(accuracy, 3);
            cells.add(List.of(
                    Cell.of(row.network().name()),
                    Cell.count(row.labels()),
                    Cell.of(row.way().title()),
                    accuracy.value() == best ? cell.asBest() : cell,
                    Cell.count(row.trainable()),
                    Cell.number(row.seconds(), 2)));
        }
        return new Block.Table("Digits with few labels", columns, cells, note());
    }

    private String note() {
        String over = settings.seeds() == 1
                ? "Intervals are Wilson's, 95 %: they cover other test pictures, not other seeds."
                : "Means of " + settings.seeds() + " seeds, which draw the labelled pictures anew as well, with Student's 95 % interval.";
        return "Measured on this machine, on " + rows.getFirst().right().length / settings.seeds() + " test pictures"
                + (settings.idx().isPresent() ? " of the given files; pretraining was on drawn digits." : " that are drawn; pretraining was on drawn letters.")
                + " " + over + " All ways of one network and label count have the same steps and learning rate.";
    }

    /// What pretraining gained at each label count, network by network.
    public List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        for (Row scratch : rows) {
            if (scratch.way() == Way.SCRATCH) {
                Row best = rows.stream()
                        .filter(row -> row.network().equals(scratch.network()) && row.labels() == scratch.labels() && row.way() != Way.SCRATCH)
                        .max(java.util.Comparator.comparingDouble(row -> row.accuracy().value()))
                        .orElseThrow();
                PairedDifference difference = Digits.difference(scratch, best);
                sentences.add(scratch.network().name() + ", " + scratch.labels() + " labels: " + difference.sentence("from scratch", best.way().title()));
            }
        }
        return sentences;
    }

    /// For `--json`.
    public Map<String, Object> json(String report) {
        List<Object> all = new ArrayList<>();
        for (Row row : rows) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("network", row.network().name());
            json.put("labels", row.labels());
            json.put("training", row.way().word());
            json.put("accuracy", row.accuracy().json());
            json.put("seconds_an_epoch", row.seconds());
            json.put("trainable_parameters", row.trainable());
            all.add(json);
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("rows", all);
        document.put("report", report);
        return document;
    }

    public Document document() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(table());
        sentences().forEach(sentence -> blocks.add(new Block.Paragraph(sentence)));
        for (String network : settings.networks()) {
            List<Block.Series> series = new ArrayList<>();
            for (Way way : Way.values()) {
                series.add(new Block.Series(way.title(), rows.stream()
                        .filter(row -> row.network().name().equals(network) && row.way() == way)
                        .map(row -> new Block.Point(row.labels(), row.accuracy().value()))
                        .toList()));
            }
            if (settings.labels().size() > 1) {
                blocks.add(new Block.LineChart("Accuracy over label counts: " + network, "labelled pictures", "test accuracy", series, true, ""));
            }
        }
        return new Document("Digits with few labels", "What pretraining on drawings is worth.", blocks);
    }
}
