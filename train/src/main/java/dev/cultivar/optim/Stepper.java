package dev.cultivar.optim;

import dev.cultivar.checkpoint.StateReader;
import dev.cultivar.checkpoint.StateWriter;
import java.util.List;

/// An optimizer made of a [Rule] and its [Memories]: counts steps, and hands the rule segments that were stepped equally often.
///
/// @param rule         the formula
/// @param memories     all that changes from step to step
/// @param learningRate that the schedule multiplies
record Stepper(Rule rule, Memories memories, double learningRate) implements Optimizer {

    @Override
    public void step(List<Segment> segments, double factor) {
        consume(segments, factor, 1);
    }

    @Override
    public void consume(List<Segment> segments, double factor, double scale) {
        StepCounts counts = memories.counts();
        for (Segment segment : counts.split(segments)) {
            rule.consume(segment, counts.next(segment), learningRate * segment.rate() * factor, scale);
        }
    }

    @Override
    public void save(StateWriter out) {
        memories.save(out);
    }

    @Override
    public void restore(StateReader in) {
        memories.restore(in);
    }
}
