package dev.cultivar.nn;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// How fast the pairs of a rotary embedding turn (Su et al., 2021, "RoFormer", section 3.2.2): pair `i` of `d / 2` by
/// `theta^(-2 i / d)` a position, possibly slowed down for longer texts than the model was first trained on.
///
/// @param theta   the base
/// @param scaling how it is slowed down
public record Rope(double theta, Scaling scaling) {

    /// The scalings that are built.
    public sealed interface Scaling {
        /// As trained.
        record None() implements Scaling {}

        /// Every pair turns slower (Chen et al., 2023, "Extending context window of large language models via positional interpolation").
        ///
        /// @param factor by which
        record Linear(double factor) implements Scaling {}

        /// Llama 3.1's (Grattafiori et al., 2024): pairs that turn less than `low` times over the first positions are slowed down,
        /// those that turn more than `high` times are not, and between the two it is interpolated.
        ///
        /// @param factor    by which
        /// @param low       turns
        /// @param high      turns
        /// @param positions that the model was first trained on
        record Llama3(double factor, double low, double high, int positions) implements Scaling {}
    }

    private static final String PARAMETERS = "rope_parameters";
    private static final List<String> KNOWN = List.of("default", "linear", "llama3");

    /// Reads `rope_parameters` (transformers 5), or `rope_theta` and `rope_scaling` (before).
    static Rope of(ConfigFile config) {
        return of(config, "rope_theta", 10_000);
    }

    /// @param base      what `rope_theta` was called before transformers 5
    /// @param otherwise the base where the file does not say
    static Rope of(ConfigFile config, String base, double otherwise) {
        Map<?, ?> now = map(config.values().get(PARAMETERS));
        return of(config, now, now.isEmpty() ? map(config.values().get("rope_scaling")) : now, base, otherwise);
    }

    /// Reads `rope_parameters` of layers of a kind (transformers 5), or one key of theirs for the base (before).
    ///
    /// @param scaled whether a scaling that the file has without saying for which layers is theirs
    static Rope of(ConfigFile config, Sight sight, String base, double otherwise, boolean scaled) {
        Map<?, ?> now = map(map(config.values().get(PARAMETERS)).get(sight.word()));
        Map<?, ?> before = scaled ? map(config.values().get("rope_scaling")) : Map.of();
        return of(config, now, now.isEmpty() ? before : now, base, otherwise);
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static Rope of(ConfigFile config, Map<?, ?> now, Map<?, ?> scaling, String base, double otherwise) {
        double theta = now.get("rope_theta") instanceof Number number ? number.doubleValue() : config.number(base, otherwise);
        Object type = scaling.containsKey("rope_type") ? scaling.get("rope_type") : scaling.get("type");
        String named = type == null ? "default" : type.toString();
        return new Rope(theta, switch (named) {
            case "default" -> new Scaling.None();
            case "linear" -> new Scaling.Linear(number(config, scaling, "factor"));
            case "llama3" -> new Scaling.Llama3(
                    number(config, scaling, "factor"),
                    number(config, scaling, "low_freq_factor"),
                    number(config, scaling, "high_freq_factor"),
                    (int) number(config, scaling, "original_max_position_embeddings"));
            default -> throw new CheckpointException(config.place() + ": rope_type " + named + " is not built; known are " + KNOWN);
        });
    }

    private static double number(ConfigFile config, Map<?, ?> scaling, String key) {
        if (scaling.get(key) instanceof Number number && number.doubleValue() > 0) {
            return number.doubleValue();
        }
        throw new CheckpointException(config.place() + ": the scaling of the rotary embedding needs " + key + ", a number above 0, got " + scaling.get(key));
    }

    /// Both forms, so that older readers find the base too.
    void into(Map<String, Object> json) {
        json.put(PARAMETERS, parameters());
        json.put("rope_theta", theta);
    }

    /// As `rope_parameters` has them for layers of both kinds.
    static Map<String, Object> bySight(Rope full, Rope sliding) {
        return Map.of(Sight.FULL.word(), full.parameters(), Sight.SLIDING.word(), sliding.parameters());
    }

    /// As `rope_parameters` has them.
    Map<String, Object> parameters() {
        Map<String, Object> parameters = new LinkedHashMap<>();
        switch (scaling) {
            case Scaling.None() -> parameters.put("rope_type", "default");
            case Scaling.Linear(double factor) -> {
                parameters.put("factor", factor);
                parameters.put("rope_type", "linear");
            }
            case Scaling.Llama3(double factor, double low, double high, int positions) -> {
                parameters.put("factor", factor);
                parameters.put("high_freq_factor", high);
                parameters.put("low_freq_factor", low);
                parameters.put("original_max_position_embeddings", positions);
                parameters.put("rope_type", "llama3");
            }
        }
        parameters.put("rope_theta", theta);
        return parameters;
    }

    /// The angle of each pair for one position, d/2 of them, in float32 as Hugging Face computes them.
    ///
    /// @param width d, of what is turned
    float[] angles(int width) {
        float[] angles;
        try (var scope = Scope.open()) {
            float[] exponents = new float[width / 2];
            for (int i = 0; i < exponents.length; i++) {
                exponents[i] = 2 * i / (float) width;
            }
            angles = Tensors.floats(torch.pow(new Scalar(theta), Tensors.ofFloats(exponents, exponents.length)).reciprocal());
        }
        for (int i = 0; i < angles.length; i++) {
            angles[i] = switch (scaling) {
                case Scaling.None() -> angles[i];
                case Scaling.Linear(double factor) -> (float) (angles[i] / factor);
                case Scaling.Llama3 llama -> slowed(angles[i], llama);
            };
        }
        return angles;
    }

    private static float slowed(float angle, Scaling.Llama3 by) {
        double turns = by.positions() * angle / (2 * Math.PI);
        double kept = Math.clamp((turns - by.low()) / (by.high() - by.low()), 0, 1);
        return (float) ((1 - kept) * angle / by.factor() + kept * angle);
    }
}
