package dev.cultivar.nn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The numbers of a LeNet-5, as its `config.json` has them.
///
/// @param image      that it reads, no other size
/// @param activation after each layer
public record LeNetConfig(ImageShape image, String activation) {
    static final List<String> ACTIVATIONS = List.of("tanh", "relu", "gelu");
    /// The second convolution takes 4 pixels of what the first pool leaves, and the second pool halves the rest.
    private static final int LEAST = 12;

    public LeNetConfig {
        if (Math.min(image.height(), image.width()) < LEAST) {
            throw new IllegalArgumentException("image_size " + image.sides() + " is too small for LeNet's convolutions and pools; expected " + LEAST + " or more");
        }
    }

    /// Reads Cultivar's own keys.
    public static LeNetConfig of(ConfigFile config) {
        config.oneOf("hidden_act", ACTIVATIONS);
        return new LeNetConfig(ImageShape.of(config, 28), config.text("hidden_act", "tanh"));
    }

    /// The keys that [#of] reads.
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("hidden_act", activation);
        image.into(json);
        json.put("model_type", "lenet");
        return json;
    }

    /// A side of the map behind the first pool.
    static int first(int side) {
        return side / 2;
    }

    /// A side of the map behind the second one.
    static int second(int side) {
        return (first(side) - 4) / 2;
    }
}
