package dev.cultivar.cli;

import dev.cultivar.report.TextTable;
import dev.cultivar.run.RunReport;
import dev.cultivar.study.Digits;
import dev.cultivar.study.DigitsTable;
import dev.cultivar.study.Study;
import java.nio.file.Path;

/// Runs the study of digits with few labels and prints its table.
record DigitsWork(Digits.Settings settings) implements Work {

    @Override
    public Exit run(Console console) {
        try (var interruption = Interruption.listen(console)) {
            DigitsTable found = Digits.run(
                    settings, new Digits.Watcher(new Watching("pretraining", console, false, "pictures"), console::note, interruption::requested));
            Path report = settings.folder().resolve("report.html");
            RunReport.write(found.document(), report);
            console.document(found.json(report.toString()));
            console.line(TextTable.render(found.table()));
            found.sentences().forEach(console::line);
            console.line("");
            console.line("report: " + report);
            return Exit.DONE;
        } catch (Study.Interrupted interrupted) {
            console.note(String.valueOf(interrupted.getMessage()));
            return Exit.INTERRUPTED;
        }
    }
}
