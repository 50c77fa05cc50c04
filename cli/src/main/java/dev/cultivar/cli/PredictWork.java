package dev.cultivar.cli;

import dev.cultivar.data.Example;
import dev.cultivar.data.Examples;
import dev.cultivar.data.RowReader;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.format.ModelPlace;
import dev.cultivar.pictures.PicturePaths;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.ObjectiveRecipe;
import dev.cultivar.recipe.PicturesRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.report.Block.Cell;
import dev.cultivar.report.Block.Column;
import dev.cultivar.report.Block.Table;
import dev.cultivar.report.TextTable;
import dev.cultivar.run.AnswerFile;
import dev.cultivar.run.Asked;
import dev.cultivar.run.Measured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Answers for texts or the rows of a file.
record PredictWork(
        String run, List<String> texts, Optional<String> pair, Optional<Path> input, Optional<Path> output, Optional<Path> aside, List<Path> extensions)
        implements Work {

    @Override
    public Exit run(Console console) throws IOException {
        if (texts.isEmpty() == input.isEmpty()) {
            throw new RecipeException("predict takes texts or --input FILE, one of the two");
        }
        if (aside.isPresent() && output.isEmpty()) {
            throw new RecipeException("--set-aside needs --input FILE and --output FILE");
        }
        Path model = Transfer.find(run, console);
        // A run's decision lies beside its checkpoints, so a run is opened as it was named.
        String named = Files.isDirectory(Path.of(ModelPlace.model(run))) ? run : model.toString();
        try (var jars = ExtensionJars.open(extensions);
                var asked = Asked.open(named, jars.extensions().backbones())) {
            return input.isPresent() ? file(asked, model, console) : texts(asked, console);
        }
    }

    private Exit texts(Asked asked, Console console) throws IOException {
        if (asked.needsPairs() && pair.isEmpty()) {
            throw new RecipeException("this model reads two texts, a question and what holds its answer or a query and a document: give the second with --pair TEXT");
        }
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            rows.add(new Example(i + 1, texts.get(i), pair.orElse(""), ""));
        }
        List<Asked.Said> answers = asked.ask(rows);
        List<Object> documents = new ArrayList<>();
        List<List<Cell>> cells = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            documents.add(answers.get(i).of(rows.get(i)));
            List<Cell> row = new ArrayList<>(List.of(Cell.of(shortened(texts.get(i)))));
            answers.get(i).shortly().forEach(said -> row.add(Cell.of(said)));
            cells.add(row);
        }
        console.document(Map.of("predictions", documents));
        List<Column> columns = new ArrayList<>(List.of(Column.left(asked.readsPictures() ? "picture" : "text")));
        asked.columns().forEach(name -> columns.add(name.equals("score") || name.equals("value") ? Column.right(name) : Column.left(name)));
        console.line(TextTable.render(new Table("", columns, cells, "")));
        cut(answers.stream().filter(Asked.Said::cut).count(), asked, console);
        return Exit.DONE;
    }

    private static String shortened(String text) {
        return text.length() > 60 ? text.substring(0, 57) + "..." : text;
    }

    private static void cut(long count, Asked asked, Console console) {
        if (count > 0) {
            console.note("%,d texts were longer than the model's %d tokens and were cut.".formatted(count, asked.maxLength()));
        }
    }

    private Exit file(Asked asked, Path model, Console console) throws IOException {
        Path from = input.orElseThrow();
        DataRecipe.Columns columns = columns(model);
        Examples named = RowReader.unlabelled(from, columns, aside.isPresent());
        Examples rows = asked.readsPictures() ? new PicturePaths(named, from) : named;
        if (output.isPresent()) {
            var outcome = new AnswerFile(output.get(), columns, aside).write(asked, rows, facts(from, model), told(console));
            if (outcome.earlier() > 0) {
                console.note("%,d rows had been answered before a run was cut off; it went on behind them.".formatted(outcome.earlier()));
            }
            cut(outcome.cut(), asked, console);
            aside.filter(_ -> outcome.aside() > 0).ifPresent(file ->
                    console.note("%,d rows could not be answered and are listed in %s.".formatted(outcome.aside(), file)));
            console.note("%,d rows answered".formatted(outcome.rows()));
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("rows", outcome.rows());
            document.put("output", output.get().toString());
            document.put("set_aside", outcome.aside());
            console.document(document);
        } else if (console.json()) {
            List<Object> all = new ArrayList<>();
            each(asked, rows, all::add, console);
            console.document(Map.of("predictions", all));
        } else {
            each(asked, rows, json -> console.line(JsonFiles.line(json)), console);
        }
        return Exit.DONE;
    }

    private static AnswerFile.Listener told(Console console) {
        long began = System.nanoTime();
        return rows -> {
            double perSecond = rows / Math.max(1e-3, (System.nanoTime() - began) / 1e9);
            console.progress(new Progress("predict", rows, 0, perSecond, "rows", Double.NaN, Duration.ZERO));
        };
    }

    private static void each(Asked asked, Examples rows, Consumer<Map<String, Object>> out, Console console) {
        List<Example> waiting = new ArrayList<>();
        long[] counts = new long[2];
        Runnable flush = () -> {
            List<Asked.Said> answers = asked.ask(waiting);
            for (int i = 0; i < answers.size(); i++) {
                out.accept(answers.get(i).of(waiting.get(i)));
                counts[1] += answers.get(i).cut() ? 1 : 0;
            }
            counts[0] += answers.size();
            waiting.clear();
        };
        rows.each(row -> {
            waiting.add(row);
            if (waiting.size() == AnswerFile.CHUNK) {
                flush.run();
            }
        });
        flush.run();
        cut(counts[1], asked, console);
        console.note("%,d rows answered".formatted(counts[0]));
    }

    /// What answers depend on beside the rows.
    private static Map<String, Object> facts(Path input, Path model) throws IOException {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("model", model.toAbsolutePath().normalize().toString());
        facts.put("model_changed", Files.getLastModifiedTime(model).toString());
        facts.put("input", input.toAbsolutePath().normalize().toString());
        facts.put("input_bytes", Files.size(input));
        facts.put("input_changed", Files.getLastModifiedTime(input).toString());
        return facts;
    }

    /// The columns that the model was trained on; `text` for a model that no recipe came with.
    static DataRecipe.Columns columns(Path model) {
        if (!Measured.hasRecipe(model)) {
            return new DataRecipe.Columns("text", "", "");
        }
        Recipe recipe = Measured.recipe(model);
        // What was learned to be written is not there yet.
        boolean written = recipe.turns().getLast().objective() instanceof ObjectiveRecipe.SequenceToSequence;
        return switch (recipe.data()) {
            case DataRecipe.Rows rows -> new DataRecipe.Columns(rows.columns().text(), written ? "" : rows.columns().pair(), "");
            case DataRecipe.Images images when images.train() instanceof PicturesRecipe.Source.Table table ->
                new DataRecipe.Columns(table.file(), "", "");
            case DataRecipe.Images _ -> new DataRecipe.Columns("path", "", "");
            case DataRecipe.Tasks _, DataRecipe.Custom _ -> new DataRecipe.Columns("text", "", "");
        };
    }
}
