package dev.cultivar.cli;

import dev.cultivar.report.Document;
import dev.cultivar.run.RunReport;
import dev.cultivar.study.Digits;
import dev.cultivar.study.Quickstart;
import dev.cultivar.study.QuickstartReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Writes a report.
record ReportWork(Path run, Optional<Path> out) implements Work {

    @Override
    public Exit run(Console console) throws IOException {
        Path report = out.orElse(run.resolve("report.html"));
        if (report.toAbsolutePath().getParent() instanceof Path folder) {
            Files.createDirectories(folder);
        }
        RunReport.write(document(console), report);
        console.document(Map.of("report", report.toString()));
        console.line("report: " + report);
        return Exit.DONE;
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
