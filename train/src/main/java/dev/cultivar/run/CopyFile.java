package dev.cultivar.run;

import dev.cultivar.evaluate.CopyScores;
import dev.cultivar.evaluate.Direction;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A [CopyAudit] as a file of JSON; it is the same twice for the same pictures.
final class CopyFile {
    private CopyFile() {}

    static void write(Path file, CopyAudit audit) {
        JsonFiles.write(file, json(audit, true));
    }

    /// What the file says.
    ///
    /// @param whole whether with each single distance
    static Map<String, Object> json(CopyAudit audit, boolean whole) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("checkpoint", audit.checkpoint());
        json.put("samples", audit.samples());
        json.put("training", audit.training());
        json.put("training_in_all", audit.of());
        json.put("against", audit.against());
        json.put("others", audit.others());
        audit.floor().ifPresent(floor -> json.put("frechet_of_training", floor.json()));
        Map<String, Object> spaces = new LinkedHashMap<>();
        audit.spaces().forEach(space -> spaces.put(space.name(), json(space, whole)));
        json.put("spaces", spaces);
        return json;
    }

    private static Map<String, Object> json(CopyAudit.Space space, boolean whole) {
        CopyScores scores = space.scores();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("as_near_as_a_copy", scores.near().json());
        json.put("expected", scores.expected());
        json.put("threshold", scores.threshold());
        json.put("median", scores.median());
        json.put("median_of_others", scores.otherMedian());
        scores.nearer().ifPresent(nearer -> json.put("nearer_to_training", nearer.json()));
        json.put("pairs", space.pairs().stream().map(CopyFile::json).toList());
        if (whole) {
            json.put("distances", scores.samples());
            json.put("distances_of_others", scores.others());
        }
        return json;
    }

    private static Map<String, Object> json(CopyAudit.Pair pair) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("sample", pair.sample());
        json.put("label", pair.label());
        json.put("row", pair.row());
        json.put("where", pair.where());
        json.put("distance", pair.distance());
        return json;
    }

    /// Empty where there is no file.
    static Optional<CopyAudit> read(Path file) {
        return Files.exists(file) ? Optional.of(new Reading(file).audit(JsonFiles.read(file))) : Optional.empty();
    }

    private record Reading(Path file) {

        CopyAudit audit(Map<?, ?> json) {
            return new CopyAudit(
                    text(json, "checkpoint"), whole(json, "samples"), whole(json, "training"), whole(json, "training_in_all"), text(json, "against"),
                    whole(json, "others"),
                    map(json, "spaces").entrySet().stream().map(entry -> space(String.valueOf(entry.getKey()), entry.getValue())).toList(),
                    metric("frechet", json.get("frechet_of_training")));
        }

        private CopyAudit.Space space(String name, @Nullable Object value) {
            Map<?, ?> json = value instanceof Map<?, ?> map ? map : Map.of();
            var scores = new CopyScores(
                    metric("as_near_as_a_copy", json.get("as_near_as_a_copy")).orElseThrow(() -> wrong("as_near_as_a_copy")),
                    number(json, "expected"),
                    number(json, "threshold"),
                    numbers(json, "distances"),
                    numbers(json, "distances_of_others"),
                    metric("nearer_to_training", json.get("nearer_to_training")));
            return new CopyAudit.Space(name, scores, list(json, "pairs").stream().map(this::pair).toList());
        }

        private CopyAudit.Pair pair(Object value) {
            Map<?, ?> json = value instanceof Map<?, ?> map ? map : Map.of();
            return new CopyAudit.Pair(whole(json, "sample"), text(json, "label"), whole(json, "row"), text(json, "where"), number(json, "distance"));
        }

        private Optional<Metric> metric(String name, @Nullable Object value) {
            return value instanceof Map<?, ?> json
                    ? Optional.of(new Metric(name, number(json, "value"), number(json, "low"), number(json, "high"), Direction.LOWER))
                    : Optional.empty();
        }

        private List<Double> numbers(Map<?, ?> json, String key) {
            return list(json, key).stream().map(each -> each instanceof Number number ? number.doubleValue() : Double.NaN).toList();
        }

        private List<?> list(Map<?, ?> json, String key) {
            return json.get(key) instanceof List<?> list ? list : refused(key);
        }

        private Map<?, ?> map(Map<?, ?> json, String key) {
            return json.get(key) instanceof Map<?, ?> map ? map : refused(key);
        }

        private int whole(Map<?, ?> json, String key) {
            return json.get(key) instanceof Long whole ? Math.toIntExact(whole) : refused(key);
        }

        private double number(Map<?, ?> json, String key) {
            return json.get(key) instanceof Number number ? number.doubleValue() : refused(key);
        }

        private String text(Map<?, ?> json, String key) {
            return json.get(key) instanceof String text ? text : refused(key);
        }

        private <T> T refused(String key) {
            throw wrong(key);
        }

        private CheckpointException wrong(String key) {
            return new CheckpointException(file + ": says nothing that can be read of " + key + "; remove it, and go on with the run with --resume, which writes "
                    + "it again");
        }
    }
}
