package dev.cultivar.verify;

import dev.cultivar.batch.Batch;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.ElementType;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.format.Safetensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A folder with a model, `inputs.safetensors`, `expected.safetensors` and `case.json`: what another implementation got.
///
/// @param folder   the case
/// @param json     what `case.json` says
/// @param inputs   every input array
/// @param expected every expected array, as float32
public record GoldenCase(Path folder, Map<String, @Nullable Object> json, Map<String, Batch.Field> inputs, Map<String, float[]> expected) {

    /// What came of a case.
    ///
    /// @param name    of the case
    /// @param rows    one for each thing that was compared
    /// @param problem why the case could not be computed, or what was left uncompared; empty where there is nothing to say
    public record Outcome(String name, List<Comparison> rows, String problem) {
        public boolean holds() {
            return problem.isEmpty() && !rows.isEmpty() && rows.stream().allMatch(Comparison::within);
        }
    }

    /// Opens a case and computes it.
    public static Outcome verify(Path folder) {
        GoldenCase golden = open(folder);
        String name = String.valueOf(golden.json.getOrDefault("case", folder.getFileName()));
        if ("optimiser".equals(golden.json.get("family"))) {
            return golden.values().containsKey("schedules")
                    ? new SchedulesCase(golden).outcome(name)
                    : new OptimizersCase(golden).outcome(name);
        }
        if (golden.values().containsKey("hypotheses")) {
            return new TextMetricsCase(golden).outcome(name);
        }
        if (golden.values().containsKey("gold") && golden.values().containsKey("f1_micro")) {
            return new TaggingCase(golden).outcome(name);
        }
        if ("metric".equals(golden.json.get("family"))) {
            return new MetricsCase(golden, name).outcome();
        }
        if (golden.models().keySet().equals(Set.of("generator", "discriminator"))) {
            return new GanCase(golden, name).outcome();
        }
        Object model = golden.models().get("model");
        if (!(model instanceof Map<?, ?> described)) {
            return new Outcome(name, List.of(), "family " + golden.json.get("family") + " without a model is not built yet");
        }
        String type = String.valueOf(described.get("class"));
        if (LossesCase.ranks(golden) && type.equals("BertForSequenceClassification")) {
            return new LossesCase(golden, name).ranking();
        }
        if (golden.models().containsKey("adapter")) {
            return new AdapterCase(golden, name, type).outcome();
        }
        if (EncoderCase.CLASSES.contains(type)) {
            return new EncoderCase(golden, name, type).outcome();
        }
        if (PictureCase.CLASSES.contains(type)) {
            return new PictureCase(golden, name, type).outcome();
        }
        if (VisionCase.is(golden, type)) {
            return new VisionCase(golden, name, type).outcome();
        }
        if (type.equals("SentenceTransformer")) {
            return new LossesCase(golden, name).embeddings();
        }
        if (SeqToSeqCase.CLASSES.contains(type)) {
            return new SeqToSeqCase(golden, name).outcome();
        }
        return DecoderCase.CLASSES.contains(type)
                ? new DecoderCase(golden, name).outcome()
                : new Outcome(name, List.of(), "model class " + type + " is not built yet");
    }

    private static GoldenCase open(Path folder) {
        Path file = folder.resolve("case.json");
        if (!Files.exists(file)) {
            throw new CheckpointException(folder + ": case.json is missing; a case is a folder with case.json, inputs.safetensors, "
                    + "expected.safetensors and a model folder");
        }
        Map<String, @Nullable Object> json = JsonFiles.read(file);
        Map<String, Batch.Field> inputs = new LinkedHashMap<>();
        Map<String, float[]> expected = new LinkedHashMap<>();
        if (Files.exists(folder.resolve("inputs.safetensors"))) {
            try (var stored = Safetensors.open(folder.resolve("inputs.safetensors"))) {
                stored.entries().forEach((name, entry) -> inputs.put(name, field(stored, entry)));
            }
        }
        if (Files.exists(folder.resolve("expected.safetensors"))) {
            try (var stored = Safetensors.open(folder.resolve("expected.safetensors"))) {
                stored.entries().forEach((name, entry) -> expected.put(name, floats(stored, entry)));
            }
        }
        return new GoldenCase(folder, json, inputs, expected);
    }

    private static Batch.Field field(Safetensors stored, Safetensors.Entry entry) {
        if (entry.type() == ElementType.F32) {
            return new Batch.Field.Floats(stored.floats(entry.name()), entry.shape());
        }
        long[] values = stored.longs(entry.name());
        int[] ints = new int[values.length];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = Math.toIntExact(values[i]);
        }
        return new Batch.Field.Ints(ints, entry.shape());
    }

    private static float[] floats(Safetensors stored, Safetensors.Entry entry) {
        return switch (entry.type()) {
            case F32, F64, F16, BF16 -> stored.floats(entry.name());
            default -> {
                long[] values = stored.longs(entry.name());
                float[] floats = new float[values.length];
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = values[i];
                }
                yield floats;
            }
        };
    }

    /// What the case says beside tensors, by name.
    Map<?, ?> values() {
        return json.get("values") instanceof Map<?, ?> values ? values : Map.of();
    }

    Map<?, ?> models() {
        return json.get("models") instanceof Map<?, ?> models ? models : Map.of();
    }

    /// The inputs whose names start with a prefix (empty, or `left.`), as a batch.
    Batch batch(String prefix) {
        int rows = 0;
        Map<String, Batch.Field> chosen = new LinkedHashMap<>();
        for (Map.Entry<String, Batch.Field> input : inputs.entrySet()) {
            String name = input.getKey();
            if (prefix.isEmpty() ? !name.startsWith("left.") : name.startsWith(prefix)) {
                chosen.put(name.substring(prefix.length()), input.getValue());
                rows = Math.toIntExact(input.getValue().shape()[0]);
            }
        }
        return new Batch(rows, new long[rows], new LinkedHashMap<>(chosen));
    }

    /// An input of whole numbers that the case must have.
    Batch.Field.Ints ints(String input) {
        if (inputs.get(input) instanceof Batch.Field.Ints ints) {
            return ints;
        }
        throw new CheckpointException(folder.resolve("inputs.safetensors") + ": whole numbers named " + input + " are missing");
    }

    /// An expected tensor that the case must have.
    float[] numbers(String output) {
        float[] numbers = expected.get(output);
        if (numbers == null) {
            throw new CheckpointException(folder.resolve("expected.safetensors") + ": " + output + " is missing");
        }
        return numbers;
    }

    /// A number of `case.json`, by the keys that lead to it.
    double number(String... path) {
        Object at = json;
        for (String key : path) {
            at = at instanceof Map<?, ?> map ? map.get(key) : null;
        }
        if (at instanceof Number number) {
            return number.doubleValue();
        }
        throw new CheckpointException(folder.resolve("case.json") + ": the number " + String.join(".", path) + " is missing");
    }

    /// A tolerance of `case.json`: absolute, then relative.
    double[] tolerance(String kind) {
        return tolerance(json.get("tolerance") instanceof Map<?, ?> kinds ? kinds.get(kind) : null, "tolerance." + kind);
    }

    /// A tolerance that stands elsewhere in `case.json`.
    ///
    /// @param place of it, for the message
    double[] tolerance(@Nullable Object stated, String place) {
        if (stated instanceof Map<?, ?> of && of.get("atol") instanceof Number atol && of.get("rtol") instanceof Number rtol) {
            return new double[] {atol.doubleValue(), rtol.doubleValue()};
        }
        throw new CheckpointException(folder.resolve("case.json") + ": " + place + " is missing");
    }

    /// A list of numbers of the trajectory; empty where the case has none.
    float[] trajectory(String key) {
        return numbers(json.get("trajectory") instanceof Map<?, ?> trajectory ? trajectory.get(key) : null);
    }

    /// A list of numbers, a table of them, or one number, of `case.json`; empty for anything else.
    static float[] numbers(@Nullable Object value) {
        return switch (value) {
            case List<?> list -> {
                List<Float> flat = new ArrayList<>();
                for (Object member : list) { // a table's rows one after the other
                    for (float number : numbers(member)) {
                        flat.add(number);
                    }
                }
                float[] numbers = new float[flat.size()];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = flat.get(i);
                }
                yield numbers;
            }
            case Number number -> new float[] {number.floatValue()};
            case null, default -> new float[0];
        };
    }

    /// The norms of the weights after the trajectory, less those that only rounding moves.
    Map<String, Float> norms() {
        Map<String, Float> norms = new LinkedHashMap<>();
        if (json.get("trajectory") instanceof Map<?, ?> trajectory && trajectory.get("weight_l2_after") instanceof Map<?, ?> after) {
            Object noise = json.get("gradients_that_are_only_rounding_noise");
            after.forEach((name, value) -> {
                if (!(noise instanceof List<?> skipped && skipped.contains(name))) {
                    norms.put(String.valueOf(name), ((Number) value).floatValue());
                }
            });
        }
        return norms;
    }

    /// Names of expected tensors that nobody compared.
    List<String> uncompared(List<Comparison> rows) {
        Set<String> left = new TreeSet<>(expected.keySet());
        rows.forEach(row -> left.remove(row.name()));
        return new ArrayList<>(left);
    }
}
