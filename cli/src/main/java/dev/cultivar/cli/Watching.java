package dev.cultivar.cli;

import dev.cultivar.evaluate.Metric;
import dev.cultivar.loop.Event;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// Shows a run's events on the console: a bar of steps, a line for each evaluation.
final class Watching implements Consumer<Event> {
    /// How fast the shown speed follows the measured one.
    private static final double FOLLOW = 0.05;

    private final String name;
    private final Console console;
    private final boolean resume;
    private final String unit;
    private long total;
    private double tokensPerSecond;
    private double secondsPerStep;

    /// @param resume whether to say where it goes on from
    Watching(String name, Console console, boolean resume) {
        this(name, console, resume, "tokens");
    }

    /// @param unit of what the speed counts
    Watching(String name, Console console, boolean resume, String unit) {
        this.unit = unit;
        this.name = name;
        this.console = console;
        this.resume = resume;
    }

    @Override
    public void accept(Event event) {
        switch (event) {
            case Event.Started started -> {
                total = started.total();
                if (resume) {
                    console.note("resumed from step " + started.progress().step());
                }
            }
            case Event.Audited audited -> audited.findings().forEach(finding -> console.note("audit: " + finding));
            case Event.Noted noted -> {
                if (!noted.aside()) {
                    console.note(noted.about() + ": " + noted.text());
                }
            }
            case Event.Stepped stepped -> step(stepped);
            case Event.PhaseChanged changed -> console.note("step %,d: phase %d, %,d parameters move"
                    .formatted(changed.progress().step(), changed.phase(), changed.trainable()));
            case Event.Evaluated evaluated -> console.note("step %,d: %s %s%s"
                    .formatted(evaluated.progress().step(), evaluated.task(), figures(evaluated.metrics()), evaluated.best() ? "  best so far" : ""));
            case Event.Checkpointed checkpointed -> {
                // frequent and uneventful
            }
            case Event.Ended ended -> console.note(ended.reason().equals("patience")
                    ? "stopped at step " + ended.progress().step() + ": no better score for long enough"
                    : "ended at step " + ended.progress().step() + " (" + ended.reason() + ")");
        }
    }

    private void step(Event.Stepped stepped) {
        double rate = stepped.stepTokens() / stepped.stepSeconds();
        boolean first = secondsPerStep == 0;
        tokensPerSecond = first ? rate : tokensPerSecond + FOLLOW * (rate - tokensPerSecond);
        secondsPerStep = first ? stepped.stepSeconds() : secondsPerStep + FOLLOW * (stepped.stepSeconds() - secondsPerStep);
        long step = stepped.progress().step();
        Double loss = stepped.losses().getOrDefault("loss", Double.NaN);
        console.progress(new Progress(
                name, step, total, tokensPerSecond, unit, loss, Duration.ofMillis((long) (1000 * secondsPerStep * (total - step)))));
    }

    static String figures(List<Metric> metrics) {
        StringBuilder text = new StringBuilder();
        for (Metric metric : metrics) {
            text.append(String.format(Locale.ROOT, "%s%s %.4f", text.isEmpty() ? "" : "  ", metric.name(), metric.value()));
        }
        return text.toString();
    }
}
