package dev.cultivar.nn;

import dev.cultivar.torch.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// A backbone, what is read of a row, and a linear layer over the labels: the network that is trained, measured and asked.
///
/// @param pooling hidden states of a row to one vector
public record RowClassifier(Model model, Pooling pooling, LinearHead head) {

    /// (B, K)
    public Tensor logits(Inputs inputs, Mode mode) {
        return head.logits(inputs.start()
                .filter(start -> start.cut() > model.backbone().layers())
                .map(Inputs.Start::states)
                .orElseGet(() -> pooling.apply(model.backbone(), model.backbone().forward(inputs, mode), inputs, mode)));
    }

    /// Each row's probability of each label, (B, K) row after row.
    public float[] probabilities(Inputs inputs) {
        return Tensors.floats(torch.softmax(logits(inputs, Mode.INFERENCE).to(torch.ScalarType.Float), -1));
    }
}
