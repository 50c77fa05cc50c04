package probes;

import dev.cultivar.batch.Batch;
import dev.cultivar.checkpoint.StateReader;
import dev.cultivar.checkpoint.StateWriter;
import dev.cultivar.loop.BatchSource;
import dev.cultivar.nn.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/// An endless source whose every batch is a function of its number; the next number is its whole state.
final class Numbered implements BatchSource {
    private final LongFunction<Batch> batch;
    private final Batch validation;
    private final List<String> labels;
    private long next;

    Numbered(LongFunction<Batch> batch, Batch validation, List<String> labels) {
        this.batch = batch;
        this.validation = validation;
        this.labels = labels;
    }

    @Override
    public List<Batch> next(String turn, int count, Model model) {
        List<Batch> micro = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            micro.add(batch.apply(next++));
        }
        return micro;
    }

    @Override
    public List<String> labels() {
        return labels;
    }

    @Override
    public Map<String, Iterable<Batch>> tasks() {
        return Map.of("validation", List.of(validation));
    }

    @Override
    public void save(StateWriter out) {
        out.whole("next", next);
    }

    @Override
    public void restore(StateReader in) {
        next = in.whole("next");
    }
}
