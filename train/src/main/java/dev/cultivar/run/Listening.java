package dev.cultivar.run;

import dev.cultivar.batch.Batch;
import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.loop.Event;
import dev.cultivar.loop.Turn;
import dev.cultivar.objective.Answers;
import dev.cultivar.objective.Measurement;
import dev.cultivar.objective.Overheard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// Hears what the loop measures anyway, so that the report's matrix costs no second evaluation: of the best one it keeps what was said of the rows.
final class Listening {
    private final Map<String, Measurement> heard = new HashMap<>();
    private SequencedMap<String, ShownAnswers.OfTask> best = new LinkedHashMap<>();
    private long bestStep = -1;
    private String task = "";

    /// The same turns; the last one, which is what the loop measures by, is listened to.
    List<Turn> to(List<Turn> turns) {
        List<Turn> same = new ArrayList<>(turns);
        Turn last = same.removeLast();
        var objective = new Overheard(last.objective(), measurement -> heard.put(task, measurement));
        same.add(new Turn(last.name(), last.times(), objective, last.moves(), last.optimizer(), last.schedule(), last.clipping()));
        return same;
    }

    /// The same batches, which tell which task is measured.
    Iterable<Batch> to(String name, Iterable<Batch> batches) {
        return () -> {
            task = name;
            return batches.iterator();
        };
    }

    /// Keeps the answers of the best evaluation so far in the run's folder.
    void accept(Event event, RunFiles run) {
        if (!(event instanceof Event.Evaluated evaluated)) {
            return;
        }
        Optional<Answers> answers = Optional.ofNullable(heard.remove(evaluated.task())).filter(_ -> evaluated.best()).flatMap(Measurement::classified);
        if (answers.isEmpty()) {
            return;
        }
        if (event.progress().step() != bestStep) {
            best = new LinkedHashMap<>();
            bestStep = event.progress().step();
        }
        best.put(evaluated.task(), ShownAnswers.OfTask.of(answers.get()));
        new ShownAnswers(bestStep, best).write(run);
    }
}
