package dev.cultivar.cli;

import dev.cultivar.batch.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Lists the run folders below a folder, the newest first.
record RunsWork(Path folder) implements Work {

    @Override
    public Exit run(Console console) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new DataException(folder + ": there is no such folder. `cultivar train` and `cultivar quickstart` make runs.");
        }
        List<RunFolder> runs = RunFolder.below(folder);
        console.document(Map.of("runs", runs.stream().map(RunFolder::document).toList()));
        if (!console.json()) {
            runs.forEach(run -> console.line(row(run)));
            if (runs.isEmpty()) {
                console.note(folder + ": no run here.");
            }
        }
        return Exit.DONE;
    }

    private String row(RunFolder run) {
        String saved = run.savedStep().isEmpty() ? "no checkpoint" : "checkpoint " + run.savedStep().getAsLong();
        String seen = run.seenStep().isEmpty() ? "not started" : "step " + run.seenStep().getAsLong();
        return String.format(
                Locale.ROOT,
                "%s  %-40s %-14s %-18s %8.1f MB  %s",
                run.changed().toString().substring(0, 16).replace('T', ' '),
                folder.relativize(run.folder()),
                seen,
                saved,
                run.bytes() / 1e6,
                run.recipe());
    }
}
