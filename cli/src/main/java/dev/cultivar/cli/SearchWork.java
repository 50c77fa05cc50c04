package dev.cultivar.cli;

import dev.cultivar.batch.DataException;
import dev.cultivar.data.Examples;
import dev.cultivar.data.RowReader;
import dev.cultivar.pictures.PictureFolder;
import dev.cultivar.pictures.PicturePaths;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.report.Block.Cell;
import dev.cultivar.report.Block.Column;
import dev.cultivar.report.Block.Table;
import dev.cultivar.report.TextTable;
import dev.cultivar.run.Searcher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds what lies nearest to texts or pictures.
record SearchWork(
        String run, List<String> queries, Path among, Optional<String> column, int top, Optional<Path> index, boolean leaveOut, List<Path> extensions)
        implements Work {
    private static final int SHOWN = 80;

    @Override
    public Exit run(Console console) {
        if (queries.isEmpty() || queries.stream().anyMatch(String::isBlank)) {
            throw new RecipeException("search takes what to search for: search RUN QUERY... --among PLACE, each QUERY a text, or a picture's file");
        }
        if (top < 1) {
            throw new RecipeException("--top must be at least 1, got " + top);
        }
        Path model = Transfer.find(run, console);
        try (var jars = ExtensionJars.open(extensions);
                var searcher = Searcher.open(model.toString(), jars.extensions().backbones())) {
            Examples rows = rows(searcher, model);
            try (var ready = searcher.index(rows, index, leaveOut, told(searcher, console))) {
                note(ready, console);
                show(searcher.search(queries, ready.index(), rows, top), ready, searcher, console);
            }
        }
        return Exit.DONE;
    }

    private Examples rows(Searcher searcher, Path model) {
        if (Files.isDirectory(among)) {
            if (!searcher.readsPictures()) {
                throw new DataException(among + ": is a folder, and this model reads texts; give a table or a text file");
            }
            if (column.isPresent()) {
                throw new RecipeException("--column names a column of a table, and " + among + " is a folder");
            }
            return PictureFolder.open(among);
        }
        DataRecipe.Columns recorded = PredictWork.columns(model);
        Examples rows = RowReader.unlabelled(among, new DataRecipe.Columns(column.orElse(recorded.text()), "", ""), true);
        if (column.isPresent() && rows.plainText()) {
            throw new DataException(among + ": is plain text and has no column '" + column.get() + "'; leave --column out, or give a table");
        }
        return searcher.readsPictures() ? new PicturePaths(rows, among) : rows;
    }

    private static Searcher.Listener told(Searcher searcher, Console console) {
        long began = System.nanoTime();
        return (done, of) -> {
            double perSecond = done / Math.max(1e-3, (System.nanoTime() - began) / 1e9);
            var left = Duration.ofMillis((long) (1e3 * (of - done) / Math.max(1e-3, perSecond)));
            console.progress(new Progress("index", done, of, perSecond, searcher.readsPictures() ? "pictures" : "texts", Double.NaN, left));
        };
    }

    private void note(Searcher.Ready ready, Console console) {
        if (ready.leftOut() > 0) {
            console.note("%,d of %,d could not be read and were left out%s".formatted(ready.leftOut(), ready.leftOut() + ready.index().size(),
                    ready.unread().isEmpty() ? "." : ":\n  " + String.join("\n  ", ready.unread())));
        }
        index.ifPresent(file -> console.note(switch (ready.origin()) {
            case BUILT -> "%,d vectors are kept in %s.".formatted(ready.index().size(), file);
            case REUSED -> "%,d vectors from %s.".formatted(ready.index().size(), file);
            case REBUILT -> "%s has changed since %s was made; its %,d vectors were computed anew.".formatted(among, file, ready.index().size());
        }));
    }

    private void show(List<List<Searcher.Found>> found, Searcher.Ready ready, Searcher searcher, Console console) {
        boolean pictures = searcher.readsPictures();
        List<Object> documents = new ArrayList<>();
        for (int query = 0; query < found.size(); query++) {
            List<List<Cell>> cells = new ArrayList<>();
            List<Object> hits = new ArrayList<>();
            for (Searcher.Found each : found.get(query)) {
                int rank = hits.size() + 1;
                Map<String, Object> hit = new LinkedHashMap<>();
                hit.put("rank", rank);
                hit.put("similarity", each.similarity());
                hit.put("row", each.row());
                hit.put(pictures ? "file" : "text", each.text());
                hits.add(hit);
                List<Cell> row = new ArrayList<>(List.of(Cell.of(String.valueOf(rank)), Cell.of("%.4f".formatted(each.similarity()))));
                if (!pictures) {
                    row.add(Cell.of(String.valueOf(each.row())));
                }
                row.add(Cell.of(pictures ? each.text() : shortened(each.text())));
                cells.add(row);
            }
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("query", queries.get(query));
            document.put("found", hits);
            documents.add(document);
            List<Column> columns = new ArrayList<>(List.of(Column.right("rank"), Column.right("similarity")));
            columns.addAll(pictures ? List.of(Column.left("picture")) : List.of(Column.right("row"), Column.left("text")));
            console.line(TextTable.render(new Table(shortened(queries.get(query)), columns, cells, "")));
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("searched", ready.index().size());
        document.put("left_out", ready.leftOut());
        document.put("queries", documents);
        console.document(document);
    }

    private static String shortened(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() > SHOWN ? line.substring(0, line.offsetByCodePoints(0, Math.min(SHOWN - 3, line.codePointCount(0, line.length())))) + "..." : line;
    }
}
