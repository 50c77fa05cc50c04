package dev.cultivar.cli;

import dev.cultivar.recipe.RecipeException;
import dev.cultivar.study.LabelStudy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Which of the quickstart's tasks is meant, and whether its options go together.
///
/// @param task   `words` or `digits`
/// @param labels none where the task's own are meant
record QuickstartChoice(
        String task, List<Integer> labels, Optional<Double> minutes, Optional<Path> data, List<String> networks, int seeds, Optional<Path> out)
        implements Work {
    private static final List<String> NETWORKS = List.of("cnn");

    @Override
    public Exit run(Console console) throws IOException {
        Work chosen = switch (task) {
            case "words" -> words();
            case "digits" -> digits();
            default -> throw new RecipeException("--task is words or digits, got " + task);
        };
        return chosen.run(console);
    }

    private Work words() {
        if (data.isPresent() || labels.size() > 1 || seeds != 1 || !networks.equals(NETWORKS)) {
            throw new RecipeException("--data, --networks, --seeds and several --labels are for --task digits");
        }
        return new QuickstartWork(labels.isEmpty() ? 500 : labels.getFirst(), minutes, out.orElse(Path.of("runs/quickstart")));
    }

    private Work digits() {
        if (minutes.isPresent()) {
            throw new RecipeException("--minutes is for --task words");
        }
        return new LabelStudyWork(new LabelStudy.Settings(
                out.orElse(Path.of("runs/quickstart-digits")), "digits", data, labels, networks, seeds, List.of()));
    }
}
