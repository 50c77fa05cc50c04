package dev.cultivar.evaluate;

/// Class probabilities of many rows in one flat array, row after row.
///
/// @param classes how many numbers each row has
/// @param values  rows times classes numbers; each row sums to 1
public record Probabilities(int classes, float[] values) {
    /// A probability of 0 would cost infinitely much; float32's epsilon is the least that is charged for.
    private static final double LEAST = Math.ulp(1f);
    private static final double SLACK = 1e-3; // what summing float32 numbers, or bfloat16's softmax, may be off by

    public Probabilities {
        if (classes < 1 || values.length % classes != 0) {
            throw new IllegalArgumentException(values.length + " probabilities are not rows of " + classes);
        }
        for (int row = 0; row < values.length / classes; row++) {
            double sum = 0;
            for (int k = 0; k < classes; k++) {
                float p = values[row * classes + k];
                sum += p >= 0 ? p : Double.NaN;
            }
            if (!(Math.abs(sum - 1) <= SLACK)) {
                throw new IllegalArgumentException("row " + row + ": the probabilities are not numbers from 0 that sum to 1");
            }
        }
    }

    /// Softmax over each row.
    public static Probabilities ofLogits(int classes, float[] logits) {
        float[] values = new float[logits.length];
        for (int start = 0; start + classes <= logits.length; start += classes) {
            double top = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < classes; k++) {
                top = Math.max(top, logits[start + k]);
            }
            double sum = 0;
            for (int k = 0; k < classes; k++) {
                sum += Math.exp(logits[start + k] - top);
            }
            for (int k = 0; k < classes; k++) {
                values[start + k] = (float) (Math.exp(logits[start + k] - top) / sum);
            }
        }
        return new Probabilities(classes, values);
    }

    public int rows() {
        return values.length / classes;
    }

    /// One row's probability of one class.
    public float at(int row, int label) {
        return values[row * classes + label];
    }

    /// The mean of `-log p` of the right class.
    Metric logLoss(int[] gold) {
        double[] losses = new double[gold.length];
        for (int row = 0; row < losses.length; row++) {
            losses[row] = -Math.log(Math.clamp(at(row, gold[row]), LEAST, 1));
        }
        return LossScores.ofRows("loss", losses).loss();
    }

    /// The most probable class; of equals the first.
    public int top(int row) {
        int best = 0;
        for (int k = 1; k < classes; k++) {
            if (at(row, k) > at(row, best)) {
                best = k;
            }
        }
        return best;
    }

    /// Whether a class is among the `k` most probable; equals are ranked by their order, the later one first, as
    /// scikit-learn does.
    boolean among(int row, int label, int k) {
        int ahead = 0;
        for (int other = 0; other < classes; other++) {
            float p = at(row, other);
            float own = at(row, label);
            if (p > own || p == own && other > label) {
                ahead++;
            }
        }
        return ahead < k;
    }
}
