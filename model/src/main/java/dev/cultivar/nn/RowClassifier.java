package dev.cultivar.nn;

import dev.cultivar.torch.Tensors;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// A backbone and a head over the labels: the network that is trained, measured and asked.
public record RowClassifier(Model model, RowHead head) {

    /// @param pooling   hidden states of a row to one vector; with [Pooling#CLS] the backbone's own head is taken where it has one
    /// @param labels    how many
    /// @param deviation of the initial weights of a new head
    public static RowClassifier of(Model model, Pooling pooling, int labels, double deviation) {
        return new RowClassifier(
                model,
                switch (pooling) {
                    case CLS -> model.backbone().firstTokenHead(model, labels, deviation).orElseGet(() -> linear(model, pooling, labels, deviation));
                    case MEAN -> linear(model, pooling, labels, deviation);
                });
    }

    private static RowHead linear(Model model, Pooling pooling, int labels, double deviation) {
        return new Pooled(model.backbone(), pooling, model.network(
                LinearHead.CLASSIFIER,
                LinearHead.class,
                weights -> new LinearHead(weights, LinearHead.CLASSIFIER, model.backbone().width(), labels, deviation)));
    }

    /// A linear layer over one vector a row.
    private record Pooled(Backbone backbone, Pooling by, LinearHead head) implements RowHead {
        @Override
        public Optional<Pooling> pooling() {
            return Optional.of(by);
        }

        @Override
        public int outputs() {
            return head.outputs();
        }

        @Override
        public Tensor logits(Hidden hidden, Inputs inputs, Mode mode) {
            return head.logits(startsPooled(backbone, inputs) ? hidden.states() : by.apply(backbone, hidden, inputs, mode));
        }
    }

    /// Whether the batch starts above all layers, at one vector a row.
    private static boolean startsPooled(Backbone backbone, Inputs inputs) {
        return inputs.start().filter(start -> start.cut() > backbone.layers()).isPresent();
    }

    /// (B, K)
    public Tensor logits(Inputs inputs, Mode mode) {
        Hidden hidden = startsPooled(model.backbone(), inputs)
                ? new Hidden(inputs.start().orElseThrow().states(), java.util.List.of())
                : model.backbone().forward(inputs, mode);
        return head.logits(hidden, inputs, mode);
    }

    /// Each row's probability of each label, (B, K) row after row.
    public float[] probabilities(Inputs inputs) {
        return Tensors.floats(torch.softmax(logits(inputs, Mode.INFERENCE).to(torch.ScalarType.Float), -1));
    }
}
