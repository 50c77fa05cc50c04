package dev.cultivar.run;

import dev.cultivar.checkpoint.MetricsFile;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.loop.Event;
import dev.cultivar.report.EventFiles;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/// Writes the loop's events into `metrics.jsonl`, one a line, and into TensorBoard's event files beside it.
final class RunLog implements Consumer<Event>, AutoCloseable {
    private final MetricsFile file;
    private final Path folder;
    private final DoubleSupplier waitedSeconds;
    private double stepSeconds;
    private boolean ended;
    private @Nullable EventFiles scalars;

    /// @param folder        where TensorBoard's files go: a new one for each attempt
    /// @param ended         whether the log has the run's end already: a finished run that is resumed only says so again
    /// @param waitedSeconds for batches, in this attempt
    RunLog(MetricsFile file, Path folder, boolean ended, DoubleSupplier waitedSeconds) {
        this.file = file;
        this.folder = folder;
        this.ended = ended;
        this.waitedSeconds = waitedSeconds;
    }

    static final String ARITHMETIC = "arithmetic";

    @Override
    public void accept(Event event) {
        SequencedMap<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("step", event.progress().step());
        switch (event) {
            case Event.Started started -> {
                scalars = EventFiles.start(folder, started.progress().step());
                return; // each attempt has one, and the log is that of a run that nobody interrupted
            }
            case Event.Audited audited -> {
                line.put("event", "audit");
                line.put("findings", audited.findings());
            }
            case Event.Noted noted -> {
                line.put("event", noted.about());
                line.put("text", noted.text());
            }
            case Event.Stepped stepped -> {
                stepped.losses().forEach((term, value) -> scalar("train/" + term, event, value));
                scalar("train/learning_rate", event, stepped.learningRate());
                scalar("train/gradient_norm", event, stepped.gradientNorm());
                ended = false;
                stepSeconds += stepped.stepSeconds();
                line.put("event", "step");
                line.put("epochs", stepped.progress().epochs());
                line.put("tokens", stepped.progress().tokens());
                line.put("seconds", stepped.progress().seconds());
                line.putAll(stepped.losses());
                line.put("gradient_norm", stepped.gradientNorm());
                line.put("learning_rate", stepped.learningRate());
            }
            case Event.PhaseChanged changed -> {
                line.put("event", "phase");
                line.put("phase", changed.phase());
                line.put("trainable_parameters", changed.trainable());
            }
            case Event.Evaluated evaluated -> {
                line.put("event", "evaluation");
                line.put("task", evaluated.task());
                line.put("epochs", evaluated.progress().epochs());
                line.put("tokens", evaluated.progress().tokens());
                line.put("seconds", evaluated.progress().seconds());
                line.put("best", evaluated.best());
                SequencedMap<String, Object> metrics = new LinkedHashMap<>();
                for (Metric metric : evaluated.metrics()) {
                    metrics.put(metric.name(), metric.json());
                    scalar(evaluated.task() + "/" + metric.name(), event, metric.value());
                }
                line.put("metrics", metrics);
            }
            case Event.Checkpointed checkpointed -> {
                line.put("event", "checkpoint");
                line.put("write_seconds", checkpointed.seconds());
            }
            case Event.Ended end -> {
                if (end.reason().equals("interrupted") || ended) {
                    return;
                }
                line.put("event", "end");
                line.put("reason", end.reason());
                line.put("seconds", end.progress().seconds());
                if (stepSeconds > 0) {
                    line.put("waited_for_batches", waitedSeconds.getAsDouble() / stepSeconds); // a share of the steps' time
                }
            }
        }
        file.append(line);
    }

    /// How fast the run computed, once it has ended.
    void arithmetic(long step, Arithmetic arithmetic) {
        if (ended) {
            return; // it went on from its end, and nothing was computed
        }
        SequencedMap<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("step", step);
        line.put("event", ARITHMETIC);
        line.put("model_gflops", arithmetic.modelGflops());
        line.put("matrix_gflops", arithmetic.matrixGflops());
        file.append(line);
    }

    private void scalar(String tag, Event event, double value) {
        if (scalars != null) {
            scalars.scalar(tag, event.progress().step(), value);
        }
    }

    @Override
    public void close() {
        if (scalars != null) {
            scalars.close();
        }
    }
}
