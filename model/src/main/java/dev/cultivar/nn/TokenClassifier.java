package dev.cultivar.nn;

import dev.cultivar.torch.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// A backbone and a head over the tags of every token: the network that is trained, measured and asked.
public record TokenClassifier(Model model, TokenHead head) {

    /// @param labels    how many tags there are
    /// @param deviation of the initial weights of a new head
    public static TokenClassifier of(Model model, int labels, double deviation) {
        Backbone backbone = model.backbone();
        return new TokenClassifier(model, model.network(
                TokenHead.NETWORK,
                TokenHead.class,
                weights -> new TokenHead(weights, backbone.width(), backbone.headDropout(), labels, deviation)));
    }

    /// (B, T, K)
    public Tensor logits(Inputs inputs, Mode mode) {
        return head.logits(model.backbone().forward(inputs, mode).states(), mode);
    }

    /// Each token's probability of each tag, (B, T, K) token after token.
    public float[] probabilities(Inputs inputs) {
        return Tensors.floats(torch.softmax(logits(inputs, Mode.INFERENCE).to(torch.ScalarType.Float), -1));
    }
}
