package dev.cultivar.nn;

import dev.cultivar.torch.Tensors;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// A backbone and a head over rows: the network that is trained, measured and asked.
///
/// @param meaning what the head's scores mean
public record RowClassifier(Model model, RowHead head, Meaning meaning) {

    /// @param pooling   hidden states of a row to one vector; with [Pooling#CLS] the backbone's own head is taken where it has one
    /// @param labels    how many
    /// @param deviation of the initial weights of a new head
    public static RowClassifier of(Model model, Pooling pooling, int labels, double deviation) {
        return new RowClassifier(
                model,
                switch (pooling) {
                    case CLS -> model.backbone().labelHead(model, labels, deviation).orElseGet(() -> linear(model, pooling, labels, deviation));
                    case MEAN -> linear(model, pooling, labels, deviation);
                },
                Meaning.ONE_CLASS);
    }

    /// The head that fits a meaning.
    ///
    /// @param labels how many classes there are; 1 for a value
    public static RowClassifier of(Model model, Pooling pooling, Meaning meaning, int labels, double deviation) {
        return switch (meaning) {
            case ONE_CLASS, SEVERAL_CLASSES, VALUE -> new RowClassifier(model, of(model, pooling, labels, deviation).head(), meaning);
            case RANK -> ranks(model, pooling, labels, deviation, new Initial.Constant(0));
        };
    }

    /// With a head over classes that have an order.
    ///
    /// @param classes    how many
    /// @param thresholds first values of the thresholds of a new head
    public static RowClassifier ranks(Model model, Pooling pooling, int classes, double deviation, Initial thresholds) {
        var head = model.network(
                RankHead.NAME, RankHead.class, weights -> new RankHead(weights, model.backbone().width(), classes, deviation, thresholds));
        return new RowClassifier(model, new Pooled(model.backbone(), pooling, head), Meaning.RANK);
    }

    private static RowHead linear(Model model, Pooling pooling, int labels, double deviation) {
        return new Pooled(model.backbone(), pooling, model.network(
                LinearHead.CLASSIFIER,
                LinearHead.class,
                weights -> new LinearHead(weights, LinearHead.CLASSIFIER, model.backbone().width(), labels, deviation)));
    }

    /// A head over one vector a row.
    private record Pooled(Backbone backbone, Pooling by, VectorHead head) implements RowHead {
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
    static boolean startsPooled(Backbone backbone, Inputs inputs) {
        return inputs.start().filter(start -> start.cut() > backbone.layers()).isPresent();
    }

    private boolean readsFirstToken() {
        return model.backbone().poolsFirstToken() && head.pooling().orElse(Pooling.CLS) == Pooling.CLS;
    }

    /// (B, K)
    public Tensor logits(Inputs inputs, Mode mode) {
        Hidden hidden = startsPooled(model.backbone(), inputs)
                ? new Hidden(inputs.start().orElseThrow().states(), List.of())
                : model.backbone().forward(readsFirstToken() ? inputs.firstToken() : inputs, mode);
        return head.logits(head.pooling().isEmpty() ? hidden.whole() : hidden, inputs, mode); // what comes first is read, virtual or not
    }

    /// What is made of rows.
    ///
    /// @param features one vector a row, below the last layer, (B, F) in float32
    /// @param logits   (B, K) in float32
    public record Read(Tensor features, Tensor logits) {}

    /// The scores, and what they are made of, in one pass.
    public Read read(Inputs inputs, Mode mode) {
        Backbone backbone = model.backbone();
        Hidden hidden = backbone.forward(inputs, mode);
        Tensor features = head.pooling().orElse(Pooling.CLS).apply(backbone, hidden, inputs, mode);
        Tensor logits = head.logits(head.pooling().isEmpty() ? hidden.whole() : hidden, inputs, mode);
        return new Read(features.to(torch.ScalarType.Float), logits.to(torch.ScalarType.Float));
    }

    /// The mean of the probabilities of a document's parts, each part alike; of one part they stay what they are.
    public static float[] mean(List<float[]> parts) {
        float[] mean = new float[parts.getFirst().length];
        for (int label = 0; label < mean.length; label++) {
            double sum = 0;
            for (float[] part : parts) {
                sum += part[label];
            }
            mean[label] = (float) (sum / parts.size());
        }
        return mean;
    }

    /// What is said of rows.
    ///
    /// @param numbers  a probability of each label, row after row, or the value
    /// @param energies of each row: the log of the sum of its scores' exponentials
    public record Said(float[] numbers, float[] energies) {}

    /// Everything that is said of the rows.
    public Said said(Inputs inputs) {
        Tensor scores = logits(inputs, Mode.INFERENCE).to(torch.ScalarType.Float);
        return new Said(meaning.numbers(scores), Tensors.floats(torch.logsumexp(scores, -1)));
    }

    /// Each row's probability of each label, (B, K) row after row, or its value.
    public float[] probabilities(Inputs inputs) {
        return meaning.numbers(logits(inputs, Mode.INFERENCE));
    }
}
