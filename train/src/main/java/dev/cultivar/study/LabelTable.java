package dev.cultivar.study;

import dev.cultivar.evaluate.Metric;
import dev.cultivar.report.Block;
import dev.cultivar.report.Block.Cell;
import dev.cultivar.report.Block.Column;
import dev.cultivar.report.Document;
import dev.cultivar.study.LabelRows.Row;
import dev.cultivar.study.LabelStudy.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a study over label counts found, as a table, as sentences and as a document.
public final class LabelTable {
    private final Settings settings;
    private final Topic topic;
    private final LabelRows rows;

    LabelTable(Settings settings, Topic topic, LabelRows rows) {
        this.settings = settings;
        this.topic = topic;
        this.rows = rows;
    }

    /// The same on a terminal and in the report.
    public Block.Table table() {
        List<Column> columns = new ArrayList<>(List.of(
                Column.left("network"), Column.right("labels"), Column.left("training"), Column.right("accuracy"), Column.right("trainable"),
                Column.right("s an epoch")));
        boolean draws = rows.all().stream().anyMatch(row -> row.copied().isPresent());
        if (draws) {
            columns.add(Column.right("copies"));
        }
        List<List<Cell>> cells = new ArrayList<>();
        for (Row row : rows.all()) {
            double best = rows.beside(row).stream().mapToDouble(each -> each.accuracy().value()).max().orElseThrow();
            Metric accuracy = row.accuracy();
            Cell cell = Cell.metric(accuracy, 3);
            List<Cell> line = new ArrayList<>(List.of(
                    Cell.of(row.network().name()),
                    Cell.count(row.labels()),
                    Cell.of(row.contender().title()),
                    accuracy.value() == best ? cell.asBest() : cell,
                    Cell.count(row.trainable()),
                    Cell.number(row.seconds(), 2)));
            if (draws) {
                line.add(row.copied().map(share -> Cell.metric(share, 3)).orElseGet(() -> Cell.of("")));
            }
            cells.add(line);
        }
        return new Block.Table(topic.title(), columns, cells, note());
    }

    private String note() {
        String over = settings.seeds() == 1
                ? "Intervals are Wilson's, 95 %: they cover other test pictures, not other seeds."
                : "Means of " + settings.seeds() + " seeds, which draw the labelled pictures anew as well, with Student's 95 % interval.";
        return "Measured on this machine, on " + rows.all().getFirst().right().length / settings.seeds() + " test pictures"
                + (settings.idx().isPresent() ? " of the given files. " : " that are drawn. ") + over + " " + topic.note(settings.pictures());
    }

    /// What was found at each label count, network by network.
    public List<String> sentences() {
        return topic.sentences(rows);
    }

    /// For `--json`.
    public Map<String, Object> json(String report) {
        List<Object> all = new ArrayList<>();
        for (Row row : rows.all()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("network", row.network().name());
            json.put("labels", row.labels());
            json.put("training", row.contender().name());
            json.put("accuracy", row.accuracy().json());
            row.copied().ifPresent(share -> json.put("copies", share.json()));
            json.put("seconds_an_epoch", row.seconds());
            json.put("trainable_parameters", row.trainable());
            all.add(json);
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("rows", all);
        document.put("findings", sentences());
        document.put("report", report);
        return document;
    }

    public Document document() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(table());
        sentences().forEach(sentence -> blocks.add(new Block.Paragraph(sentence)));
        if (settings.labels().size() > 1) {
            settings.networks().forEach(network -> blocks.add(chart(network)));
        }
        String line = topic.line();
        return new Document(topic.title(), Character.toUpperCase(line.charAt(0)) + line.substring(1) + ".", blocks);
    }

    private Block chart(String network) {
        List<Block.Series> series = new ArrayList<>();
        rows.all().stream()
                .filter(row -> row.network().name().equals(network) && row.contender().charted())
                .map(Row::contender)
                .map(contender -> Map.entry(contender.name(), contender.title()))
                .distinct()
                .forEach(contender -> series.add(new Block.Series(contender.getValue(), rows.curve(network, contender.getKey()).stream()
                        .map(row -> new Block.Point(row.labels(), row.accuracy().value()))
                        .toList())));
        return new Block.LineChart("Accuracy over label counts: " + network, "labelled pictures", "test accuracy", series, true, "");
    }
}
