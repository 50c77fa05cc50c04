package dev.cultivar.optim;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// One optimizer's formula for a segment whose parameters were stepped equally often; [Stepper] does the rest.
@FunctionalInterface
interface Rule {

    /// Changes the segment's parameters and the rule's own state.
    ///
    /// @param step which of the parameters' steps this is, from 1
    /// @param rate the learning rate here and now
    void step(Segment segment, long step, double rate);

    /// The same with the gradient multiplied by `scale` first and cleared afterwards.
    default void consume(Segment segment, long step, double rate, double scale) {
        Tensor gradient = segment.gradient();
        if (scale != 1) {
            gradient.mul_(new Scalar(scale));
        }
        step(segment, step, rate);
        gradient.zero_();
    }

    /// The gradient with L2 decay in it, `g + decay w`, where it acts.
    static Tensor decayed(Segment segment, double decay) {
        Tensor gradient = segment.gradient();
        return segment.decayed() && decay != 0 ? gradient.add(segment.data(), new Scalar(decay)) : gradient;
    }

    /// Decoupled decay, `w (1 - rate decay)` (Loshchilov and Hutter, 2019), where it acts.
    static void decay(Segment segment, double rate, double decay) {
        if (segment.decayed() && decay != 0) {
            segment.data().mul_(new Scalar(1 - rate * decay));
        }
    }
}
