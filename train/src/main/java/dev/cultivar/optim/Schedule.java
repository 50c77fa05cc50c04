package dev.cultivar.optim;

/// How the learning rate goes: a factor as a function of the step.
@FunctionalInterface
public interface Schedule {

    /// @param step  the step about to be made, from 0
    /// @param total steps to the horizon
    /// @return the factor of the optimizer's learning rate
    double factor(long step, long total);
}
