package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
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
    /// PyTorch's code for a sum.
    private static final long SUM = 2;

    /// What the rows of a batch count together.
    double count(Batch batch) {
        if (weights.length == 0) {
            return batch.rows();
        }
        double sum = 0;
        int[] labels = batch.ints("labels").values();
        for (int row = 0; row < batch.rows(); row++) {
            sum += labels[row] == CrossEntropy.IGNORED ? 0 : weights[labels[row]];
        }
        return sum;
    }

    /// (B, K) and (B) -> one number
    Tensor sum(Tensor logits, Tensor labels) {
        Tensor scores = logits.to(torch.ScalarType.Float);
        var weight = weights.length == 0 ? new TensorOptional() : new TensorOptional(Tensors.ofFloats(weights, weights.length));
        if (focus == 0) {
            return torch.cross_entropy_loss(scores, labels, weight, SUM, CrossEntropy.IGNORED, smoothing);
        }
        Tensor right = torch.log_softmax(scores, 1)
                .gather(1, labels.clamp_min(new Scalar(0)).unsqueeze(1)) // filler's label is below 0 and counts for nothing
                .squeeze(1); // (B)
        Tensor hard = torch.exp(right).neg().add(new Scalar(1)).clamp_min(new Scalar(0)).pow(new Scalar(focus)); // (1 - p)^focus
        Tensor each = torch.cross_entropy_loss(scores, labels, weight, 0, CrossEntropy.IGNORED, smoothing);
        return each.mul(hard).sum();
    }
}
