package dev.cultivar.nn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The numbers of a convolutional encoder, as its `config.json` has them.
///
/// @param image    that it reads, no other size
/// @param channels of the map after each convolution
public record ConvEncoderConfig(ImageShape image, List<Integer> channels) {
    private static final int MOST_LAYERS = 16;

    public ConvEncoderConfig {
        channels = List.copyOf(channels);
        if (channels.isEmpty() || channels.size() > MOST_LAYERS) {
            throw new IllegalArgumentException("channels must name 1 to " + MOST_LAYERS + " layers, got " + channels.size());
        }
    }

    /// Reads Cultivar's own keys.
    static ConvEncoderConfig of(ConfigFile config) {
        return new ConvEncoderConfig(ImageShape.of(config, 28), config.wholes("channels"));
    }

    /// The image's rows, halved so often and rounded up each time.
    ///
    /// @param layer 0 for the image itself
    int rows(int layer) {
        return Math.ceilDiv(image.height(), 1 << layer);
    }

    int columns(int layer) {
        return Math.ceilDiv(image.width(), 1 << layer);
    }

    /// Channels of a layer's output.
    ///
    /// @param layer 0 for the image itself
    int channels(int layer) {
        return layer == 0 ? image.channels() : channels.get(layer - 1);
    }

    int layers() {
        return channels.size();
    }

    /// F: numbers of the last map.
    int width() {
        return Math.multiplyExact(channels.getLast(), Math.multiplyExact(rows(layers()), columns(layers())));
    }

    /// The keys that [#of] reads.
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("channels", channels);
        image.into(json);
        json.put("model_type", "conv_encoder");
        return json;
    }
}
