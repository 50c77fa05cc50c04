package dev.cultivar.cli;

import dev.cultivar.report.TextTable;
import dev.cultivar.run.RunReport;
import dev.cultivar.study.Comparison;
import dev.cultivar.study.Quickstart;
import dev.cultivar.study.QuickstartReport;
import dev.cultivar.study.Study;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/// Runs the quickstart study and prints its table.
record QuickstartWork(int labels, Optional<Double> minutes, Path out) implements Work {

    @Override
    public Exit run(Console console) {
        var settings = Quickstart.Settings.of(out, labels, minutes.map(OptionalDouble::of).orElse(OptionalDouble.empty()));
        try (var interruption = Interruption.listen(console)) {
            console.note("1/3 pretraining a small BERT on WordNet's glosses; 2/3 post-training it by five strategies, and a published model by three; 3/3 comparing");
            Comparison found = Quickstart.run(
                    settings, new Quickstart.Watcher(new Watching("pretraining", console, false), console::note, interruption::requested));
            Path report = write(found);
            tell(found, report, console);
            return Exit.DONE;
        } catch (Study.Interrupted interrupted) {
            console.note(String.valueOf(interrupted.getMessage()));
            return Exit.INTERRUPTED;
        }
    }

    private Path write(Comparison found) {
        Path html = out.resolve("report.html");
        RunReport.write(new QuickstartReport(found).document(labels), html);
        return html;
    }

    private void tell(Comparison found, Path report, Console console) {
        var words = new QuickstartReport(found);
        console.document(found.json(report.toString()));
        console.line(TextTable.render(words.table()));
        words.sentences().forEach(console::line);
        console.line("");
        for (Comparison.Unseen unseen : found.unseen()) {
            console.line("unseen: \"" + unseen.text() + "\"");
            console.line(String.format(Locale.ROOT, "  %s (%.2f); WordNet says %s", unseen.prediction().label(), unseen.prediction().score(), unseen.right()));
        }
        console.line("more:   ./cultivar predict " + found.study().run(found.winner().run()) + " \"a small furry animal that hunts mice\"");
        console.line("report: " + report);
    }
}
