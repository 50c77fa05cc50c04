package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.checkpoint.StateReader;
import dev.cultivar.checkpoint.StateWriter;
import dev.cultivar.data.TaskBatches;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Several objectives over one backbone, of which each batch belongs to one: its rows' `task` says which.
///
/// A task's terms keep their denominators: the loss of a step is the weighted sum of the means over the rows of each task that it has
/// (Caruana, 1997, "Multitask learning").
public final class Tasks implements Objective {
    private final List<Part> parts;

    /// @param name      the task's, which its losses begin with
    /// @param objective over rows of the task
    /// @param model     the task's view of the model, where its head has its own names
    /// @param weight    what the task counts
    public record Part(String name, Objective objective, Model model, double weight) {}

    public Tasks(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /// The tasks, in the order of their numbers in batches.
    public List<Part> parts() {
        return parts;
    }

    private Part part(Batch batch) {
        return parts.get(batch.ints(TaskBatches.FIELD).values()[0]);
    }

    @Override
    public Denominators denominators(Batch batch) {
        Part part = part(batch);
        Map<String, Double> named = new LinkedHashMap<>();
        part.objective().denominators(batch).counts().forEach((term, count) -> named.put(part.name() + "." + term, count));
        return new Denominators(named);
    }

    @Override
    public Loss loss(Model model, Inputs inputs, Mode mode) {
        Part part = part(inputs.batch());
        return new Loss(part.objective().loss(part.model(), inputs, mode).terms().stream()
                .map(term -> new Loss.Term(part.name() + "." + term.name(), term.sum(), part.weight() * term.weight(), term.computed()))
                .toList());
    }

    @Override
    public boolean concurrent() {
        return parts.stream().allMatch(part -> part.objective().concurrent());
    }

    @Override
    public double headFlops(Model model) {
        return parts.stream().mapToDouble(part -> part.objective().headFlops(part.model())).max().orElse(0);
    }

    /// What all read where they agree; of rows through the same head of the backbone and by their first token, the states.
    @Override
    public Reads reads() {
        Set<Reads> each = Set.copyOf(parts.stream().map(part -> part.objective().reads()).toList());
        if (each.size() == 1) {
            return each.iterator().next();
        }
        return each.contains(Reads.ANYTHING) ? Reads.ANYTHING : Reads.STATES;
    }

    /// A measurement of one task: that of the first batch.
    @Override
    public Measurement measurement(Model model) {
        return new OfTask();
    }

    /// The measurement of the task whose batches come in.
    private final class OfTask implements Measurement {
        private @Nullable Measurement own;

        @Override
        public void add(Inputs inputs) {
            if (own == null) {
                Part part = part(inputs.batch());
                own = part.objective().measurement(part.model());
            }
            own.add(inputs);
        }

        @Override
        public List<Metric> metrics() {
            return own == null ? List.of() : own.metrics();
        }

        @Override
        public Optional<Answers> classified() {
            return own == null ? Optional.empty() : own.classified();
        }
    }

    @Override
    public void stepped(Model model, long step) {
        parts.forEach(part -> part.objective().stepped(part.model(), step));
    }

    @Override
    public void save(StateWriter out) {
        parts.forEach(part -> part.objective().save(out.under(part.name())));
    }

    @Override
    public void restore(StateReader in) {
        parts.forEach(part -> part.objective().restore(in.under(part.name())));
    }
}
