package dev.cultivar.nn;

import dev.cultivar.format.CheckpointException;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// Keeps numbers within a bound, smoothly: `cap * tanh(x / cap)` (Gemma Team, 2024, "Gemma 2", section 2).
///
/// @param cap above 0
public record SoftCap(double cap) {
    /// The key of a `config.json` for the scores of attention.
    static final String SCORES = "attn_logit_softcapping";
    /// The key for the logits of the next token.
    static final String LOGITS = "final_logit_softcapping";

    public SoftCap {
        if (!(cap > 0) || Double.isInfinite(cap)) {
            throw new IllegalArgumentException("a soft cap must be a number above 0, got " + cap);
        }
    }

    /// @param otherwise where the file does not say; a null there says that there is none
    static Optional<SoftCap> of(ConfigFile config, String key, Optional<SoftCap> otherwise) {
        if (!config.values().containsKey(key)) {
            return otherwise;
        }
        if (config.values().get(key) == null) {
            return Optional.empty();
        }
        double cap = config.number(key, 0);
        if (!(cap > 0)) {
            throw new CheckpointException(config.place() + ": " + key + " must be a number above 0 or null, got " + cap);
        }
        return Optional.of(new SoftCap(cap));
    }

    static void into(Map<String, Object> json, String key, Optional<SoftCap> cap) {
        json.put(key, cap.map(SoftCap::cap).orElse(null));
    }

    /// Of any shape.
    public Tensor apply(Tensor x) {
        return x.div(new Scalar(cap)).tanh().mul(new Scalar(cap));
    }

    /// The derivative by `x`, from what [#apply] made of it: `1 - (y / cap)^2`.
    public Tensor slope(Tensor y) {
        Tensor tanh = y.div(new Scalar(cap));
        return tanh.mul(tanh).neg().add(new Scalar(1));
    }
}
