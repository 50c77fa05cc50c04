package dev.cultivar.cli;

import dev.cultivar.recipe.RecipeException;
import dev.cultivar.report.Block;
import dev.cultivar.report.Document;
import dev.cultivar.run.Mistakes;
import dev.cultivar.run.RunReport;
import dev.cultivar.study.LabelStudy;
import dev.cultivar.study.Quickstart;
import dev.cultivar.study.QuickstartReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Writes a report.
///
/// @param examples whether rows that were misread are shown
/// @param exhibits what is shown beside what the run has kept
record ReportWork(Path run, Optional<Path> out, boolean examples, List<Exhibit> exhibits, List<Path> extensions) implements Work {

    @Override
    public Exit run(Console console) throws IOException {
        Path report = out.orElse(exhibits.isEmpty() || isRun() ? run.resolve("report.html") : Path.of("report.html"));
        Document document = document(console);
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

    /// Of a model that is no run, what was asked for.
    private Document ofRun(Console console) {
        try (var jars = ExtensionJars.open(extensions)) {
            if (examples) {
                Mistakes.gather(run, Runtime.getRuntime().availableProcessors(), jars.extensions());
            }
            List<Block> shown = new ArrayList<>();
            if (!exhibits.isEmpty()) {
                Path model = Transfer.find(run.toString(), console);
                exhibits.forEach(exhibit -> shown.addAll(exhibit.blocks(model, jars.extensions())));
            }
            return shown.isEmpty() || isRun() ? RunReport.of(run, examples, shown) : new Document(run.toString(), "A model.", shown);
        }
    }

    /// A study that is not finished is: its report compares all of it.
    private Document document(Console console) {
        if (!Files.exists(run.resolve("study.json"))) {
            return ofRun(console);
        }
        if (examples || !exhibits.isEmpty()) {
            throw new RecipeException(run + ": is a study of several models; rows and what a model looks at are shown in the report of one of its runs");
        }
        try (var interruption = Interruption.listen(console)) {
            if (LabelStudy.isIn(run)) {
                return LabelStudy.run(LabelStudy.Settings.of(run), new LabelStudy.Watcher(
                                new Watching("pretraining", console, false), console::note, interruption::requested))
                        .document();
            }
            var settings = Quickstart.Settings.of(run);
            var watcher = new Quickstart.Watcher(new Watching("pretraining", console, false), console::note, interruption::requested);
            return new QuickstartReport(Quickstart.run(settings, watcher)).document(settings.labels());
        }
    }
}
