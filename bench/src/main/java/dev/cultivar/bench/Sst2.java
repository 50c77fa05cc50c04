package dev.cultivar.bench;

import dev.cultivar.format.JsonFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Sentences with praise or blame (Socher et al., 2013, in GLUE's cut), written out so that both sides read the same rows.
///
/// @param folder with `train.tsv`, `dev.tsv` and `measured-rows.json`, whose `rows_8000` are line numbers in `train.tsv`
record Sst2(Path folder) {

    /// @param label 0 or 1
    record Row(String text, String label) {}

    /// What is missing, for a message; empty where the data are there.
    String missing() {
        return List.of("train.tsv", "dev.tsv", "measured-rows.json").stream()
                .filter(name -> !Files.isReadable(folder.resolve(name)))
                .findFirst()
                .map(name -> folder.resolve(name) + " cannot be read; give the folder of SST-2 with --data")
                .orElse("");
    }

    /// The first rows of those that were measured.
    List<Row> train(int count) throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("train.tsv"));
        List<Row> rows = new ArrayList<>();
        if (JsonFiles.read(folder.resolve("measured-rows.json")).get("rows_8000") instanceof List<?> numbers) {
            for (Object number : numbers.subList(0, count)) {
                rows.add(row(lines.get(((Number) number).intValue() - 1)));
            }
        }
        return rows;
    }

    List<Row> dev() throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("dev.tsv"));
        return lines.subList(1, lines.size()).stream().map(Sst2::row).toList();
    }

    private static Row row(String line) {
        int tab = line.indexOf('\t');
        return new Row(line.substring(tab + 1), line.substring(0, tab));
    }

    /// Rows as CSV with the columns `text` and `label`.
    static void write(Path file, List<Row> rows) throws IOException {
        List<String> lines = new ArrayList<>(List.of("text,label"));
        rows.forEach(row -> lines.add("\"" + row.text().replace("\"", "\"\"") + "\"," + row.label()));
        Files.write(file, lines);
    }
}
