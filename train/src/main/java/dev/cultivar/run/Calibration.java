package dev.cultivar.run;

import dev.cultivar.loop.Event;
import java.util.function.Consumer;

/// Watches steps until it knows how long one takes; the first ones, which warm everything up, do not count.
final class Calibration implements Consumer<Event> {
    private static final int WARM_UP = 5;
    private static final double ENOUGH_SECONDS = 4;
    /// Checkpoints, evaluations and the log take their share too.
    private static final double OVERHEAD = 1.05;

    private long steps;
    private double seconds;

    @Override
    public void accept(Event event) {
        if (event instanceof Event.Stepped stepped && stepped.progress().step() > WARM_UP) {
            steps++;
            seconds += stepped.stepSeconds();
        }
    }

    boolean enough() {
        return seconds >= ENOUGH_SECONDS;
    }

    long steps() {
        return steps;
    }

    double secondsPerStep() {
        return OVERHEAD * seconds / Math.max(1, steps);
    }
}
