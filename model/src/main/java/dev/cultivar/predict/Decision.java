package dev.cultivar.predict;

import dev.cultivar.batch.Chances;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.format.ModelPlace;
import dev.cultivar.nn.Meaning;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/// How probabilities become an answer, found on held-out rows after training and kept as `decision.json` beside a run's checkpoints, or
/// in an exported folder.
///
/// @param temperature that scores are divided by before they become probabilities (Guo et al., 2017): above 1 makes them less sure
/// @param thresholds  from which probability on a label is given, by its name: of two labels the one that is named, else the other; of
///                    several labels a text may have, each by itself (one half for those not named)
/// @param sureFrom    probability of the answer below which there is none; empty to always answer
/// @param energyFrom  energy of the scores below which a text is out of scope; empty to take every text as in scope
public record Decision(
        double temperature, SequencedMap<String, Double> thresholds, OptionalDouble sureFrom, OptionalDouble energyFrom) {
    /// The file's name.
    public static final String FILE = "decision.json";

    /// The most probable label, always.
    public static final Decision PLAIN = new Decision(1, new LinkedHashMap<>(), OptionalDouble.empty(), OptionalDouble.empty());

    private static final double HALF = 0.5;

    public Decision {
        if (!(temperature > 0) || !Double.isFinite(temperature)) {
            throw new IllegalArgumentException("a temperature must be above 0 and finite, got " + temperature);
        }
        thresholds = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(thresholds));
    }

    /// What a run or an exported folder has decided; [#PLAIN] where it has not.
    ///
    /// @param run    what a user wrote; a run's decision holds for the checkpoint that it was found on, and for no other
    /// @param labels of the classifier
    static Decision of(String run, List<String> labels) {
        Path checkpoint = ModelPlace.find(run);
        for (Path file : List.of(checkpoint.resolve(FILE), Path.of(ModelPlace.model(run)).resolve(file(ModelPlace.head(run))))) {
            if (Files.exists(file)) {
                Map<String, ?> json = JsonFiles.read(file);
                Object of = json.get("checkpoint");
                if (of == null || of.equals(String.valueOf(ModelPlace.find(ModelPlace.model(run)).getFileName()))) {
                    return read(file, json, labels);
                }
            }
        }
        return PLAIN;
    }

    /// What the file is called that holds the decision of a head.
    ///
    /// @param head of a model that has several; empty where it has one
    public static String file(Optional<String> head) {
        return head.map(name -> "decision-" + name + ".json").orElse(FILE);
    }

    private static Decision read(Path file, Map<String, ?> json, List<String> labels) {
        SequencedMap<String, Double> thresholds = new LinkedHashMap<>();
        if (json.get("thresholds") instanceof Map<?, ?> stored) {
            stored.forEach((label, threshold) -> {
                if (!labels.contains(String.valueOf(label)) || !(threshold instanceof Number number)) {
                    throw new CheckpointException(file + ": thresholds must give numbers to labels of " + labels + ", got " + stored);
                }
                thresholds.put(String.valueOf(label), number.doubleValue());
            });
        }
        double temperature = number(json, "temperature").orElse(1);
        if (!(temperature > 0)) {
            throw new CheckpointException(file + ": temperature must be above 0, got " + temperature);
        }
        return new Decision(temperature, thresholds, number(json, "sure_from"), number(json, "energy_from"));
    }

    private static OptionalDouble number(Map<String, ?> json, String key) {
        return json.get(key) instanceof Number number ? OptionalDouble.of(number.doubleValue()) : OptionalDouble.empty();
    }

    /// What the file says, less the checkpoint.
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("temperature", temperature);
        json.put("thresholds", thresholds);
        sureFrom.ifPresent(value -> json.put("sure_from", value));
        energyFrom.ifPresent(value -> json.put("energy_from", value));
        return json;
    }

    /// Probabilities at another temperature: the softmax of scores divided by it follows from that of the scores themselves.
    public static float[] tempered(float[] probabilities, double temperature) {
        if (temperature == 1) {
            return probabilities;
        }
        double[] powers = new double[probabilities.length];
        double sum = 0;
        for (int k = 0; k < powers.length; k++) {
            powers[k] = Math.pow(probabilities[k], 1 / temperature);
            sum += powers[k];
        }
        float[] tempered = new float[powers.length];
        for (int k = 0; k < powers.length; k++) {
            tempered[k] = (float) (powers[k] / sum);
        }
        return tempered;
    }

    Prediction decide(Meaning meaning, List<String> labels, RowTask.Said said) {
        float[] probabilities = meaning == Meaning.ONE_CLASS ? tempered(said.numbers(), temperature) : said.numbers();
        List<Integer> order = new ArrayList<>();
        for (int label = 0; label < probabilities.length; label++) {
            order.add(label);
        }
        // Of equal ones the first label is taken, as in evaluation.
        order.sort(Comparator.comparingDouble((Integer label) -> probabilities[label]).reversed());
        SequencedMap<String, Double> scores = new LinkedHashMap<>();
        order.forEach(label -> scores.put(labels.get(label), (double) probabilities[label]));
        int answer = switch (meaning) {
            case RANK -> Chances.median(probabilities, 0, probabilities.length);
            case ONE_CLASS -> byThreshold(labels, probabilities).orElse(order.getFirst());
            case SEVERAL_CLASSES, VALUE -> order.getFirst();
        };
        List<String> given = meaning == Meaning.SEVERAL_CLASSES
                ? order.stream()
                        .filter(k -> probabilities[k] >= thresholds.getOrDefault(labels.get(k), HALF))
                        .map(labels::get)
                        .toList()
                : List.of(labels.get(answer));
        double score = probabilities[answer];
        return new Prediction(labels.get(answer), score, scores, given, verdict(score, said.energy()), said.cut());
    }

    private Prediction.Verdict verdict(double score, double energy) {
        if (energyFrom.isPresent() && energy < energyFrom.getAsDouble()) {
            return Prediction.Verdict.OUT_OF_SCOPE;
        }
        return sureFrom.isPresent() && score < sureFrom.getAsDouble() ? Prediction.Verdict.UNSURE : Prediction.Verdict.ANSWERED;
    }

    /// Of two labels the one with a threshold where it is reached, else the other.
    private Optional<Integer> byThreshold(List<String> labels, float[] probabilities) {
        if (labels.size() != 2 || thresholds.isEmpty()) {
            return Optional.empty();
        }
        int named = labels.indexOf(thresholds.firstEntry().getKey());
        return Optional.of(probabilities[named] >= thresholds.firstEntry().getValue() ? named : 1 - named);
    }
}
