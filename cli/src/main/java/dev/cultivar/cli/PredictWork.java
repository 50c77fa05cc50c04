package dev.cultivar.cli;

import dev.cultivar.data.Example;
import dev.cultivar.data.Examples;
import dev.cultivar.data.RowReader;
import dev.cultivar.format.DurableFiles;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.zoo.Models;
import dev.cultivar.predict.Classifier;
import dev.cultivar.predict.Prediction;
import dev.cultivar.predict.TextPair;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.report.Block.Cell;
import dev.cultivar.report.Block.Column;
import dev.cultivar.report.Block.Table;
import dev.cultivar.report.TextTable;
import dev.cultivar.run.Measured;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Answers for texts or the rows of a file.
record PredictWork(String run, List<String> texts, Optional<Path> input, Optional<Path> output, List<Path> extensions) implements Work {
    /// Rows that are asked about at once.
    private static final int CHUNK = 1_024;
    private static final int SHOWN = 3;

    @Override
    public Exit run(Console console) throws IOException {
        if (texts.isEmpty() == input.isEmpty()) {
            throw new RecipeException("predict takes texts or --input FILE, one of the two");
        }
        try (var jars = ExtensionJars.open(extensions);
                var classifier = Classifier.open(Transfer.find(run, console).toString(), jars.extensions().backbones())) {
            if (input.isPresent()) {
                return file(classifier, console);
            }
            List<Prediction> predictions = classifier.predict(texts);
            List<Object> documents = new ArrayList<>();
            List<List<Cell>> rows = new ArrayList<>();
            for (int i = 0; i < predictions.size(); i++) {
                documents.add(json(i + 1, predictions.get(i)));
                rows.add(row(texts.get(i), predictions.get(i)));
            }
            console.document(Map.of("predictions", documents));
            console.line(TextTable.render(new Table(
                    "", List.of(Column.left("text"), Column.left("label"), Column.right("score"), Column.left("then")), rows, "")));
            cut(predictions.stream().filter(prediction -> prediction.cut() > 0).count(), classifier, console);
            return Exit.DONE;
        }
    }

    private static List<Cell> row(String text, Prediction prediction) {
        StringBuilder others = new StringBuilder();
        prediction.scores().entrySet().stream().skip(1).limit(SHOWN).forEach(each ->
                others.append(others.isEmpty() ? "" : ", ").append("%s %.2f".formatted(each.getKey(), each.getValue())));
        String shown = text.length() > 60 ? text.substring(0, 57) + "..." : text;
        return List.of(Cell.of(shown), Cell.of(prediction.label()), Cell.number(prediction.score(), 3), Cell.of(others.toString()));
    }

    private static void cut(long count, Classifier classifier, Console console) {
        if (count > 0) {
            console.note("%,d texts were longer than the model's %d tokens and were cut.".formatted(count, classifier.maxLength()));
        }
    }

    private static Map<String, Object> json(long row, Prediction prediction) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("row", row);
        json.put("label", prediction.label());
        json.put("scores", prediction.scores());
        return json;
    }

    /// Rows go through by the thousand; the output appears under its name when it is whole.
    private Exit file(Classifier classifier, Console console) throws IOException {
        Examples rows = RowReader.unlabelled(input.orElseThrow(), columns());
        if (output.isPresent()) {
            Path to = output.get();
            Path folder = to.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            long[] count = {0};
            DurableFiles.write(to, channel -> {
                var out = new PrintStream(Channels.newOutputStream(channel), false, StandardCharsets.UTF_8);
                count[0] = answer(classifier, rows, json -> out.print(JsonFiles.line(json) + "\n"), console);
                if (out.checkError()) { // which flushes
                    throw new IOException(to + ": the answers could not be written; is the disk full?");
                }
            });
            console.document(Map.of("rows", count[0], "output", to.toString()));
        } else if (console.json()) {
            List<Object> all = new ArrayList<>();
            answer(classifier, rows, all::add, console);
            console.document(Map.of("predictions", all));
        } else {
            answer(classifier, rows, json -> console.line(JsonFiles.line(json)), console);
        }
        return Exit.DONE;
    }

    private static long answer(Classifier classifier, Examples rows, Consumer<Map<String, Object>> out, Console console) {
        var answering = new Answering(classifier, out);
        rows.each(answering::add);
        answering.flush();
        cut(answering.cut, classifier, console);
        console.note("%,d rows answered".formatted(answering.count));
        return answering.count;
    }

    /// The columns that the model was trained on; `text` for a model that no recipe came with.
    private DataRecipe.Columns columns() {
        boolean known = Files.exists(Models.find(run).resolve("recipe.yaml"));
        return known && Measured.recipe(Path.of(run)).data() instanceof DataRecipe.Rows rows
                ? new DataRecipe.Columns(rows.columns().text(), rows.columns().pair(), "")
                : new DataRecipe.Columns("text", "", "");
    }

    /// Collects rows, asks, and hands on an answer for each, in their order.
    private static final class Answering {
        private final Classifier classifier;
        private final Consumer<Map<String, Object>> out;
        private final List<Example> waiting = new ArrayList<>();
        private long count;
        private long cut;

        Answering(Classifier classifier, Consumer<Map<String, Object>> out) {
            this.classifier = classifier;
            this.out = out;
        }

        void add(Example example) {
            waiting.add(example);
            if (waiting.size() == CHUNK) {
                flush();
            }
        }

        void flush() {
            List<Prediction> predictions = classifier.predictPairs(
                    waiting.stream().map(example -> new TextPair(example.text(), example.pair())).toList());
            for (int i = 0; i < predictions.size(); i++) {
                cut += predictions.get(i).cut() > 0 ? 1 : 0;
                out.accept(json(waiting.get(i).row(), predictions.get(i)));
            }
            count += predictions.size();
            waiting.clear();
        }
    }
}
