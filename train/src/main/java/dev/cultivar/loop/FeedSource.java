package dev.cultivar.loop;

import dev.cultivar.batch.Batch;
import dev.cultivar.checkpoint.StateReader;
import dev.cultivar.checkpoint.StateWriter;
import dev.cultivar.data.Feed;
import dev.cultivar.nn.Model;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Micro-batches from a finite dataset, epoch after epoch; its state is where it stands.
public final class FeedSource implements BatchSource {
    private final Feed feed;
    private final SequencedMap<String, Iterable<Batch>> tasks;

    /// @param tasks what the model is measured on
    public FeedSource(Feed feed, SequencedMap<String, Iterable<Batch>> tasks) {
        this.feed = feed;
        this.tasks = new LinkedHashMap<>(tasks);
    }

    @Override
    public List<Batch> next(String turn, int count, Model model) {
        List<Batch> micro = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            micro.add(feed.next());
        }
        return micro;
    }

    @Override
    public boolean hasEpochs() {
        return true;
    }

    @Override
    public double epochs() {
        Feed.Position at = feed.position();
        return at.epoch() + (double) at.index() / feed.microBatches(at.epoch());
    }

    @Override
    public long stepsForEpochs(double epochs, int microBatches) {
        long whole = (long) epochs;
        double micro = (epochs - whole) * feed.microBatches(whole);
        for (long epoch = 0; epoch < whole; epoch++) {
            micro += feed.microBatches(epoch);
        }
        return Math.max(1, (long) Math.ceil(micro / microBatches - 1e-9));
    }

    @Override
    public long stepsForTokens(long tokens, int microBatches) {
        long seen = 0;
        long micro = 0;
        for (long epoch = 0; seen < tokens; epoch++) {
            long batches = feed.microBatches(epoch);
            for (long index = 0; index < batches && seen < tokens; index++) {
                seen += feed.tokens(new Feed.Position(epoch, index));
                micro++;
            }
        }
        return Math.max(1, Math.ceilDiv(micro, microBatches));
    }

    @Override
    public Map<String, Iterable<Batch>> tasks() {
        return tasks;
    }

    @Override
    public void save(StateWriter out) {
        out.whole("epoch", feed.position().epoch());
        out.whole("index", feed.position().index());
    }

    @Override
    public void restore(StateReader in) {
        feed.seek(new Feed.Position(in.whole("epoch"), in.whole("index")));
    }

    @Override
    public void close() {
        feed.close();
    }
}
