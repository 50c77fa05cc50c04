package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.nn.Inputs;
import dev.cultivar.torch.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// What a row of one class costs: cross entropy, where asked smoothed, weighted by its class, and focused on rows that are hard.
///
/// With weights the mean is over weights, not rows, as PyTorch's is. The focal loss (Lin et al., 2017, equation 4) is
/// `(1 - p)^focus` times the cross entropy, p being the right class's probability.
///
/// @param smoothing share of the target spread over all classes
/// @param weights   one a class; empty where all count alike
/// @param focus     0 for plain cross entropy
record ClassLoss(double smoothing, float[] weights, double focus) {
    /// The labels of the rows that a batch's are mixed with.
    private static final String MIXED = "mixed_labels";

    /// PyTorch's code for a sum.
    private static final long SUM = 2;

    /// What the rows of a batch count together; of one that is mixed with another, each label its share.
    double count(Batch batch) {
        if (weights.length == 0) {
            return batch.rows();
        }
        double sum = 0;
        int[] labels = batch.ints("labels").values();
        for (int row = 0; row < batch.rows(); row++) {
            double share = batch.has(MIXED) ? batch.floats("mixed_share").values()[row] : 1;
            sum += share * weight(labels[row]);
            sum += share < 1 ? (1 - share) * weight(batch.ints(MIXED).values()[row]) : 0;
        }
        return sum;
    }

    private double weight(int label) {
        return label == CrossEntropy.IGNORED ? 0 : weights[label];
    }

    /// What the rows of a batch cost together.
    ///
    /// @param logits (B, K)
    Tensor sum(Tensor logits, Inputs inputs) {
        Tensor labels = inputs.tensor("labels"); // (B)
        if (!inputs.has(MIXED)) {
            return focus == 0 ? crossEntropy(logits, labels, SUM) : each(logits, labels).sum();
        }
        // Each row is one part its own class and another part that of the row that it was mixed with (Zhang et al., 2018).
        Tensor share = inputs.tensor("mixed_share"); // (B)
        return each(logits, labels).mul(share)
                .add(each(logits, inputs.tensor(MIXED)).mul(share.neg().add(new Scalar(1))))
                .sum();
    }

    private Tensor crossEntropy(Tensor logits, Tensor labels, long reduction) {
        var weight = weights.length == 0 ? new TensorOptional() : new TensorOptional(Tensors.ofFloats(weights, weights.length));
        return torch.cross_entropy_loss(logits.to(torch.ScalarType.Float), labels, weight, reduction, CrossEntropy.IGNORED, smoothing);
    }

    /// (B, K) and (B) -> (B)
    private Tensor each(Tensor logits, Tensor labels) {
        Tensor each = crossEntropy(logits, labels, 0);
        if (focus == 0) {
            return each;
        }
        Tensor right = torch.log_softmax(logits.to(torch.ScalarType.Float), 1)
                .gather(1, labels.clamp_min(new Scalar(0)).unsqueeze(1)) // filler's label is below 0 and counts for nothing
                .squeeze(1); // (B)
        return each.mul(torch.exp(right).neg().add(new Scalar(1)).clamp_min(new Scalar(0)).pow(new Scalar(focus))); // (1 - p)^focus
    }
}
