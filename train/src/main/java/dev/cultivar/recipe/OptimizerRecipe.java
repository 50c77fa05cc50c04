package dev.cultivar.recipe;

/// How a gradient becomes a change.
public sealed interface OptimizerRecipe {

    double learningRate();

    /// AdamW (Loshchilov and Hutter, 2019): decay is decoupled.
    ///
    /// @param decayed what weight decay acts on
    record AdamW(double learningRate, double beta1, double beta2, double epsilon, double weightDecay, Decayed decayed)
            implements OptimizerRecipe {}

    /// Stochastic gradient descent; weight decay is L2, momentum as PyTorch's (the first is the bare gradient).
    record Sgd(double learningRate, double momentum, double dampening, boolean nesterov, double weightDecay, Decayed decayed)
            implements OptimizerRecipe {}

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
