package dev.cultivar.nn;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch;

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

    private static final List<String> KNOWN = List.of("default", "linear", "llama3");

    /// Reads `rope_parameters` (transformers 5), or `rope_theta` and `rope_scaling` (before).
    static Rope of(ConfigFile config) {
        Map<?, ?> now = config.values().get("rope_parameters") instanceof Map<?, ?> map ? map : Map.of();
        Map<?, ?> before = config.values().get("rope_scaling") instanceof Map<?, ?> map ? map : Map.of();
        Map<?, ?> scaling = now.isEmpty() ? before : now;
        double theta = now.get("rope_theta") instanceof Number number ? number.doubleValue() : config.number("rope_theta", 10_000);
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
        json.put("rope_parameters", parameters);
        json.put("rope_theta", theta);
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
