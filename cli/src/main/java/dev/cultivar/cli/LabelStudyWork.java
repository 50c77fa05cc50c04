package dev.cultivar.cli;

import dev.cultivar.report.TextTable;
import dev.cultivar.run.RunReport;
import dev.cultivar.study.LabelStudy;
import dev.cultivar.study.LabelTable;
import dev.cultivar.study.Study;
import java.nio.file.Path;

/// Runs a study over label counts and prints its table.
record LabelStudyWork(LabelStudy.Settings settings) implements Work {

    @Override
    public Exit run(Console console) {
        try (var interruption = Interruption.listen(console)) {
            LabelTable found = LabelStudy.run(
                    settings, new LabelStudy.Watcher(new Watching("pretraining", console, false, "pictures"), console::note, interruption::requested));
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
