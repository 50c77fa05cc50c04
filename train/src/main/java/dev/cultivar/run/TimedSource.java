package dev.cultivar.run;

import dev.cultivar.batch.Batch;
import dev.cultivar.checkpoint.StateReader;
import dev.cultivar.checkpoint.StateWriter;
import dev.cultivar.loop.BatchSource;
import dev.cultivar.nn.Model;
import java.util.List;
import java.util.Map;

/// A source of batches, and how long the loop has waited for it: whether loaders keep up with the steps.
final class TimedSource implements BatchSource {
    private final BatchSource source;
    private long nanos;

    TimedSource(BatchSource source) {
        this.source = source;
    }

    /// So far, in this process.
    double waitedSeconds() {
        return nanos / 1e9;
    }

    @Override
    public List<Batch> next(String turn, int count, Model model) {
        long asked = System.nanoTime();
        List<Batch> batches = source.next(turn, count, model);
        nanos += System.nanoTime() - asked;
        return batches;
    }

    @Override
    public List<String> labels() {
        return source.labels();
    }

    @Override
    public boolean hasEpochs() {
        return source.hasEpochs();
    }

    @Override
    public double epochs() {
        return source.epochs();
    }

    @Override
    public long stepsForEpochs(double epochs, int microBatches) {
        return source.stepsForEpochs(epochs, microBatches);
    }

    @Override
    public long stepsForTokens(long tokens, int microBatches) {
        return source.stepsForTokens(tokens, microBatches);
    }

    @Override
    public Map<String, Iterable<Batch>> tasks() {
        return source.tasks();
    }

    @Override
    public void save(StateWriter out) {
        source.save(out);
    }

    @Override
    public void restore(StateReader in) {
        source.restore(in);
    }

    @Override
    public void close() {
        source.close();
    }
}
