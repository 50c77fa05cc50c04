package dev.cultivar.objective;

import dev.cultivar.nn.Inputs;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// Binary cross entropy of one score a token as a sum over tokens that are not padding, in float32 whatever the scores are.
public final class BinaryCrossEntropy {
    /// PyTorch's code for a sum.
    private static final long SUM = 2;

    private BinaryCrossEntropy() {}

    /// (B, T) scores and (B, T) of zeros and ones -> one number.
    ///
    /// @param inputs whose `attention_mask`, where there is one, says what is padding
    public static Tensor sum(Tensor logits, Tensor labels, Inputs inputs) {
        Tensor scores = logits.to(torch.ScalarType.Float);
        var weight = inputs.has("attention_mask")
                ? new TensorOptional(inputs.tensor("attention_mask").to(torch.ScalarType.Float))
                : new TensorOptional();
        return torch.binary_cross_entropy_with_logits(scores, labels.to(torch.ScalarType.Float), weight, new TensorOptional(), SUM);
    }

    /// The loss of one token.
    static double of(double logit, boolean one) {
        return Math.max(logit, 0) - (one ? logit : 0) + Math.log1p(Math.exp(-Math.abs(logit)));
    }
}
