package dev.cultivar.cli;

import dev.cultivar.study.LabelStudy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Which study is meant.
///
/// @param labels   none where the study's own are meant
/// @param networks none where the study's own are meant
record StudyChoice(
        String name, List<String> overrides, Optional<Path> data, List<Integer> labels, List<String> networks, int seeds, Optional<Path> out)
        implements Work {

    @Override
    public Exit run(Console console) throws IOException {
        Path folder = out.orElse(Path.of("runs/study-" + name));
        return new LabelStudyWork(new LabelStudy.Settings(folder, name, data, labels, networks, seeds, overrides)).run(console);
    }
}
