package dev.cultivar.nn;

import java.util.LinkedHashMap;
import java.util.Map;

/// The numbers of a ViT, as its `config.json` has them.
///
/// @param image            that it reads, no other size
/// @param patch            side of the squares that an image is cut into
/// @param width            C
/// @param layers           above the embeddings
/// @param heads            of attention
/// @param feedForward      width within a layer
/// @param activation       there
/// @param dropout          of the embeddings and of what each part of a layer adds
/// @param attentionDropout of attention's probabilities
/// @param normEpsilon      of the norms
/// @param initializerRange deviation of new weights
/// @param biased           whether queries, keys and values have a bias
public record VitConfig(
        ImageShape image,
        int patch,
        int width,
        int layers,
        int heads,
        int feedForward,
        String activation,
        double dropout,
        double attentionDropout,
        double normEpsilon,
        double initializerRange,
        boolean biased) {

    public VitConfig {
        if (heads < 1 || width % heads != 0) {
            throw new IllegalArgumentException("heads must divide the width: got " + heads + " heads and a width of " + width);
        }
        if (patch < 1 || patch > Math.min(image.height(), image.width())) {
            throw new IllegalArgumentException("patch_size must be at least 1 and at most a side of image_size " + image.sides() + ", got " + patch);
        }
    }

    /// Reads Hugging Face's keys.
    public static VitConfig of(ConfigFile config) {
        config.oneOf("hidden_act", Layers.ACTIVATIONS);
        return new VitConfig(
                ImageShape.of(config, 224),
                config.positive("patch_size", 16),
                config.positive("hidden_size", 768),
                config.positive("num_hidden_layers", 12),
                config.positive("num_attention_heads", 12),
                config.positive("intermediate_size", 3072),
                config.text("hidden_act", "gelu"),
                config.share("hidden_dropout_prob", 0),
                config.share("attention_probs_dropout_prob", 0),
                config.number("layer_norm_eps", 1e-12),
                config.number("initializer_range", 0.02),
                config.flag("qkv_bias", true));
    }

    /// Hugging Face's keys.
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("attention_probs_dropout_prob", attentionDropout);
        json.put("encoder_stride", patch);
        json.put("hidden_act", activation);
        json.put("hidden_dropout_prob", dropout);
        json.put("hidden_size", width);
        image.into(json);
        json.put("initializer_range", initializerRange);
        json.put("intermediate_size", feedForward);
        json.put("layer_norm_eps", normEpsilon);
        json.put("model_type", "vit");
        json.put("num_attention_heads", heads);
        json.put("num_hidden_layers", layers);
        json.put("patch_size", patch);
        json.put("qkv_bias", biased);
        if (image.height() == image.width()) {
            json.put("image_size", image.height()); // one number is what older versions of transformers read
        }
        return json;
    }

    /// Patches beside and below each other. What is left over at the edges is not read, as with transformers.
    int patches() {
        return Math.multiplyExact(image.height() / patch, image.width() / patch);
    }

    /// How many numbers a patch is.
    int patchElements() {
        return Math.multiplyExact(image.channels(), Math.multiplyExact(patch, patch));
    }

    /// Floating point operations for one image, the head left out.
    double forwardFlops() {
        double tokens = patches() + 1;
        double products = 4.0 * width * width + 2.0 * width * feedForward;
        return 2.0 * patches() * patchElements() * width + tokens * layers * (2 * products + 4 * tokens * width);
    }
}
