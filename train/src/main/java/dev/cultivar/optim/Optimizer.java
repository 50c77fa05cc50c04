package dev.cultivar.optim;

import dev.cultivar.checkpoint.State;
import java.util.List;

/// How a gradient becomes a change. Called without gradient recording, inside a scope.
public interface Optimizer extends State {

    /// One step on the parameters of these segments.
    ///
    /// @param factor the schedule's factor of the learning rate, in [0, 1]
    void step(List<Segment> segments, double factor);

    /// The learning rate that the schedule multiplies.
    double learningRate();
}
