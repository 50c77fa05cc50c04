package dev.cultivar.nn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The numbers of a multi-layer perceptron, as its `config.json` has them.
///
/// @param image      that a row is, or any shape with as many numbers
/// @param hidden     widths of the hidden layers
/// @param activation after each of them
/// @param dropout    share that is dropped of what the second and every later layer reads, the head included
public record MlpConfig(ImageShape image, List<Integer> hidden, String activation, double dropout) {
    static final List<String> ACTIVATIONS = List.of("relu", "tanh", "gelu", "leaky_relu");

    public MlpConfig {
        hidden = List.copyOf(hidden);
        if (hidden.isEmpty()) {
            throw new IllegalArgumentException("hidden_sizes must name one layer at least");
        }
        image.elements(); // refused where it is more than there are whole numbers
    }

    /// Reads Cultivar's own keys.
    public static MlpConfig of(ConfigFile config) {
        config.oneOf("hidden_act", ACTIVATIONS);
        return new MlpConfig(
                ImageShape.of(config, 28),
                config.wholes("hidden_sizes"),
                config.text("hidden_act", "relu"),
                config.share("dropout", 0));
    }

    /// The keys that [#of] reads.
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("dropout", dropout);
        json.put("hidden_act", activation);
        json.put("hidden_sizes", hidden);
        image.into(json);
        json.put("model_type", "mlp");
        return json;
    }
}
