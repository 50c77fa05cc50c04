package dev.cultivar.run;

import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.evaluate.Confusion;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.objective.Answers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// What a run's classifier says of its held-out rows, kept in the run's folder for its report: how often each class was taken for each, and the
/// numbers of rows that were misread most surely. No row itself is in it.
///
/// @param step  of the checkpoint that said it
/// @param tasks by the task's name
record ShownAnswers(long step, SequencedMap<String, OfTask> tasks) {
    /// Misread rows that are kept of each task.
    static final int MOST = 12;
    private static final String FILE = "answers.json";

    /// Of one task.
    ///
    /// @param misread the surest first
    record OfTask(Confusion confusion, List<Answers.Misread> misread) {
        static OfTask of(Answers answers) {
            return new OfTask(answers.confusion(), answers.misread(MOST));
        }
    }

    /// What a run has kept; empty where it kept nothing: it is no classifier, or older than this.
    static Optional<ShownAnswers> read(RunFiles run) {
        Path file = run.shown().resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Map<String, @Nullable Object> json = JsonFiles.read(file);
        try {
            SequencedMap<String, OfTask> tasks = new LinkedHashMap<>();
            map(json.get("tasks")).forEach((task, of) -> tasks.put(String.valueOf(task), task(map(of))));
            return Optional.of(new ShownAnswers(whole(json.get("step")), tasks));
        } catch (IllegalArgumentException wrong) {
            throw new CheckpointException(file + ": is not what a run writes: " + wrong.getMessage() + ". Delete it, and the report goes without it", wrong);
        }
    }

    private static OfTask task(Map<?, ?> json) {
        List<String> labels = list(json.get("labels")).stream().map(String::valueOf).toList();
        long[][] counts = new long[labels.size()][labels.size()];
        for (Object each : list(json.get("counts"))) {
            List<?> count = list(each, 3);
            counts[label(count.get(0), labels)][label(count.get(1), labels)] = whole(count.get(2));
        }
        List<Answers.Misread> misread = new ArrayList<>();
        for (Object each : list(json.get("misread"))) {
            List<?> row = list(each, 4);
            double probability = row.get(3) instanceof Number number ? number.doubleValue() : 0;
            misread.add(new Answers.Misread(whole(row.get(0)), label(row.get(1), labels), label(row.get(2), labels), probability));
        }
        return new OfTask(Confusion.ofCounts(counts, labels), misread);
    }

    private static Map<?, ?> map(@Nullable Object json) {
        if (json instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException("expected an object, got " + json);
    }

    private static List<?> list(@Nullable Object json) {
        if (json instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException("expected a list, got " + json);
    }

    private static List<?> list(@Nullable Object json, int size) {
        List<?> list = list(json);
        if (list.size() != size) {
            throw new IllegalArgumentException("expected " + size + " numbers, got " + list);
        }
        return list;
    }

    private static long whole(@Nullable Object json) {
        if (json instanceof Long number) {
            return number;
        }
        throw new IllegalArgumentException("expected a whole number, got " + json);
    }

    private static int label(@Nullable Object json, List<String> labels) {
        long label = whole(json);
        if (label < 0 || label >= labels.size()) {
            throw new IllegalArgumentException("there are " + labels.size() + " labels, got the number " + label);
        }
        return (int) label;
    }

    /// Keeps it, whole or not at all, in place of what was kept before.
    void write(RunFiles run) {
        SequencedMap<String, Object> json = new LinkedHashMap<>();
        tasks.forEach((task, of) -> json.put(task, json(of)));
        folder(run);
        JsonFiles.write(run.shown().resolve(FILE), Map.of("step", step, "tasks", json));
    }

    /// Makes the folder where there is none.
    static Path folder(RunFiles run) {
        try {
            return Files.createDirectories(run.shown());
        } catch (IOException failure) {
            throw new CheckpointException(run.shown() + ": cannot be made: " + failure.getMessage() + ". Is the disk full?", failure);
        }
    }

    private static SequencedMap<String, Object> json(OfTask of) {
        int K = of.confusion().labels().size();
        List<List<Long>> counts = new ArrayList<>();
        for (int g = 0; g < K; g++) {
            for (int p = 0; p < K; p++) {
                if (of.confusion().count(g, p) > 0) {
                    counts.add(List.of((long) g, (long) p, of.confusion().count(g, p)));
                }
            }
        }
        SequencedMap<String, Object> json = new LinkedHashMap<>();
        json.put("labels", of.confusion().labels());
        json.put("counts", counts); // gold, predicted, rows
        json.put("misread", of.misread().stream().map(row -> List.of(row.row(), row.gold(), row.predicted(), row.probability())).toList());
        return json;
    }
}
