package dev.cultivar.cli;

import dev.cultivar.recipe.RecipeException;
import dev.cultivar.report.Block;
import dev.cultivar.report.Document;
import dev.cultivar.run.AttentionReport;
import dev.cultivar.run.RunReport;
import dev.cultivar.study.Digits;
import dev.cultivar.study.Quickstart;
import dev.cultivar.study.QuickstartReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Writes a report.
///
/// @param attention text or picture's file to show attention in
/// @param pair      second text beside it
record ReportWork(Path run, Optional<Path> out, Optional<String> attention, Optional<String> pair) implements Work {

    @Override
    public Exit run(Console console) throws IOException {
        if (pair.isPresent() && attention.isEmpty()) {
            throw new RecipeException("--pair needs --attention TEXT, which it is read with");
        }
        Path report = out.orElse(attention.isEmpty() || isRun() ? run.resolve("report.html") : Path.of("attention.html"));
        Document document = attention.isPresent() ? attention(attention.get(), console) : document(console);
        if (report.toAbsolutePath().getParent() instanceof Path folder) {
            Files.createDirectories(folder);
        }
        RunReport.write(document, report);
        console.document(Map.of("report", report.toString()));
        console.line("report: " + report);
        return Exit.DONE;
    }

    /// Whether the model's own report is asked for; a checkpoint holds a recipe too.
    private boolean isRun() {
        return Files.exists(run.resolve("recipe.yaml")) && !Files.exists(run.resolve("checkpoint.json"));
    }

    private Document attention(String shown, Console console) {
        if (Files.exists(run.resolve("study.json"))) {
            throw new RecipeException("--attention: " + run + " is a study of several models; name the folder of one of its runs");
        }
        List<Block> blocks = AttentionReport.of(Transfer.find(run.toString(), console).toString(), shown, pair);
        return isRun() ? RunReport.of(run, blocks) : new Document(run.toString(), "What a model attends to.", blocks);
    }

    /// A study that is not finished is: its report compares all of it.
    private Document document(Console console) {
        if (!Files.exists(run.resolve("study.json"))) {
            return RunReport.of(run);
        }
        try (var interruption = Interruption.listen(console)) {
            if (Digits.isIn(run)) {
                return Digits.run(Digits.Settings.of(run), new Digits.Watcher(
                                new Watching("pretraining", console, false), console::note, interruption::requested))
                        .document();
            }
            var settings = Quickstart.Settings.of(run);
            var watcher = new Quickstart.Watcher(new Watching("pretraining", console, false), console::note, interruption::requested);
            return new QuickstartReport(Quickstart.run(settings, watcher)).document(settings.labels());
        }
    }
}
