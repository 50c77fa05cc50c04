package dev.cultivar.recipe;

/// How a gradient becomes a change.
public sealed interface OptimizerRecipe {

    double learningRate();

    /// AdamW (Loshchilov and Hutter, 2019): decay is decoupled.
    ///
    /// @param decayed what weight decay acts on
    record AdamW(double learningRate, double beta1, double beta2, double epsilon, double weightDecay, Decayed decayed)
            implements OptimizerRecipe {}

    /// Adam (Kingma and Ba, 2015); weight decay is L2.
    ///
    /// @param amsgrad whether the denominator never shrinks (Reddi, Kale and Kumar, 2018)
    record Adam(
            double learningRate, double beta1, double beta2, double epsilon, boolean amsgrad, double weightDecay, Decayed decayed)
            implements OptimizerRecipe {}

    /// Adam by the largest gradient instead of the mean square (Kingma and Ba, 2015, section 7.1); weight decay is L2.
    record Adamax(double learningRate, double beta1, double beta2, double epsilon, double weightDecay, Decayed decayed)
            implements OptimizerRecipe {}

    /// Adam with Nesterov's momentum (Dozat, 2016); weight decay is L2.
    ///
    /// @param momentumDecay how fast the momentum rises from half of `beta1` to `beta1`
    record NAdam(
            double learningRate, double beta1, double beta2, double epsilon, double momentumDecay, double weightDecay, Decayed decayed)
            implements OptimizerRecipe {}

    /// Rectified Adam (Liu et al., 2020): without its denominator until that can be trusted; weight decay is L2.
    record RAdam(double learningRate, double beta1, double beta2, double epsilon, double weightDecay, Decayed decayed)
            implements OptimizerRecipe {}

    /// Adagrad (Duchi, Hazan and Singer, 2011); weight decay is L2.
    ///
    /// @param rateDecay   the rate is divided by `1 + rateDecay * (step - 1)`
    /// @param accumulator where the sum of squares starts
    record Adagrad(
            double learningRate, double rateDecay, double accumulator, double epsilon, double weightDecay, Decayed decayed)
            implements OptimizerRecipe {}

    /// Adadelta (Zeiler, 2012); weight decay is L2.
    ///
    /// @param rho how much of both means stays at each step
    record Adadelta(double learningRate, double rho, double epsilon, double weightDecay, Decayed decayed) implements OptimizerRecipe {}

    /// RMSprop (Tieleman and Hinton, 2012); weight decay is L2.
    ///
    /// @param alpha    how much of the mean square stays at each step
    /// @param centered whether the mean is taken off before squaring (Graves, 2013)
    record RmsProp(
            double learningRate, double alpha, double epsilon, double momentum, boolean centered, double weightDecay, Decayed decayed)
            implements OptimizerRecipe {}

    /// Stochastic gradient descent; weight decay is L2, momentum as PyTorch's (the first is the bare gradient).
    record Sgd(double learningRate, double momentum, double dampening, boolean nesterov, double weightDecay, Decayed decayed)
            implements OptimizerRecipe {}

    /// Lion (Chen et al., 2023): steps of one size, in the direction of a momentum's sign; decay is decoupled.
    record Lion(double learningRate, double beta1, double beta2, double weightDecay, Decayed decayed) implements OptimizerRecipe {}

    /// Adafactor (Shazeer and Stern, 2018): a matrix's second moment is kept by row and column; decay is decoupled.
    ///
    /// @param relativeStep   whether the rate is at most `1 / sqrt(step)`
    /// @param scaleParameter whether the rate is multiplied by the root mean square of the parameter, at least 0.001
    /// @param decayRate      the second moment keeps `1 - step^-decayRate`
    /// @param clipThreshold  the largest root mean square of a change, before the rate
    /// @param epsilon        added to squared gradients
    /// @param momentum       how much of the last change stays; 0 keeps none
    record Adafactor(
            double learningRate,
            boolean relativeStep,
            boolean scaleParameter,
            double decayRate,
            double clipThreshold,
            double epsilon,
            double momentum,
            double weightDecay,
            Decayed decayed)
            implements OptimizerRecipe {}

    /// Muon (Jordan et al., 2024): matrices of hidden layers change by an orthogonal matrix, everything else by AdamW.
    ///
    /// @param iterations of Newton and Schulz
    /// @param scale      how the change's size depends on the shape
    /// @param adamW      for embeddings, heads, and what is no matrix
    record Muon(
            double learningRate,
            double momentum,
            boolean nesterov,
            int iterations,
            Scale scale,
            double weightDecay,
            AdamW adamW)
            implements OptimizerRecipe {

        public enum Scale {
            /// `sqrt(max(1, rows / columns))`.
            ORIGINAL,
            /// `0.2 sqrt(max(rows, columns))`: as large as AdamW's changes are (Liu et al., 2025), so that its rates fit.
            MATCH_RMS_ADAMW
        }
    }

    /// One that an extension builds.
    record Custom(String name, double learningRate, Parameters parameters) implements OptimizerRecipe {}

    /// What weight decay acts on.
    enum Decayed {
        /// Weights of two and more dimensions: no biases, no norms.
        MATRICES,
        /// Every parameter.
        ALL
    }
}
