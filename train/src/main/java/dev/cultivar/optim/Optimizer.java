package dev.cultivar.optim;

import dev.cultivar.checkpoint.State;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// How a gradient becomes a change. Called without gradient recording, inside a scope.
public interface Optimizer extends State {

    /// One step on the parameters of these segments; the gradients may be used as room for other things.
    ///
    /// @param factor the schedule's factor of the learning rate, at least 0
    void step(List<Segment> segments, double factor);

    /// One step that uses the gradients up: they are multiplied by `scale` before it, and 0 afterwards. An optimizer that makes
    /// one pass over memory does both in it.
    ///
    /// @param scale what clipping says
    default void consume(List<Segment> segments, double factor, double scale) {
        for (Segment segment : segments) {
            if (scale != 1) {
                Tensor gradient = segment.gradient();
                gradient.mul_(new Scalar(scale));
            }
        }
        step(segments, factor);
        segments.forEach(segment -> segment.gradient().zero_());
    }

    /// The learning rate that the schedule multiplies.
    double learningRate();
}
