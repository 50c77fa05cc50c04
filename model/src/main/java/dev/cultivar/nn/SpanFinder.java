package dev.cultivar.nn;

import dev.cultivar.torch.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// A backbone and a head that points at an answer's first and last token: the network that is trained, measured and asked.
public record SpanFinder(Model model, SpanHead head) {

    /// @param deviation of the initial weights of a new head
    public static SpanFinder of(Model model, double deviation) {
        int width = model.backbone().width();
        return new SpanFinder(model, model.network(SpanHead.NAME, SpanHead.class, weights -> new SpanHead(weights, width, deviation)));
    }

    /// (B, T, 2): of starting, of ending.
    public Tensor logits(Inputs inputs, Mode mode) {
        return head.logits(model.backbone().forward(inputs, mode).states());
    }

    /// Each token's two scores, (B, T, 2) token after token.
    public float[] scores(Inputs inputs) {
        return Tensors.floats(logits(inputs, Mode.INFERENCE).to(torch.ScalarType.Float));
    }
}
