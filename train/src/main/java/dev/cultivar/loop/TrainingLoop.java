package dev.cultivar.loop;

import dev.cultivar.batch.Batch;
import dev.cultivar.checkpoint.Progress;
import dev.cultivar.checkpoint.State;
import dev.cultivar.checkpoint.StateReader;
import dev.cultivar.checkpoint.StateWriter;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.objective.Denominators;
import dev.cultivar.objective.Loss;
import dev.cultivar.objective.Together;
import dev.cultivar.recipe.Every;
import dev.cultivar.strategy.Strategy;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Trains: the one loop for every objective, source of batches and strategy.
///
/// A step makes its turns in order. A turn fetches its micro-batches first, so that the denominators of its loss are
/// known before the first backward pass; then each micro-batch adds its share of the gradient; then the optimizer moves.
public final class TrainingLoop implements State {
    private final Setup setup;
    private final Consumer<Event> observer;
    private Progress progress = Progress.START;
    private boolean resumed;
    private int phase = -1;
    private int entered = -1;

    /// Everything that a run is made of.
    ///
    /// @param model        what is trained
    /// @param entrance     how batches enter it
    /// @param turns        the moves of a step, in order
    /// @param batches      where micro-batches come from
    /// @param strategy     which parameters move, and when
    /// @param average      the averaged weights
    /// @param best         the best score so far
    /// @param randomness   draws on the device
    /// @param evaluations  when and on what the model is measured
    /// @param keeper       where checkpoints go
    /// @param keep         when
    /// @param accumulation micro-batches in a turn
    /// @param workers      threads that share a turn's micro-batches
    /// @param steps        the horizon
    public record Setup(
            Model model,
            Entrance entrance,
            List<Turn> turns,
            BatchSource batches,
            Strategy strategy,
            Average average,
            Best best,
            Randomness randomness,
            Evaluations evaluations,
            Keeper keeper,
            Every keep,
            int accumulation,
            Workers workers,
            long steps) {}

    public TrainingLoop(Setup setup, Consumer<Event> observer) {
        this.setup = setup;
        this.observer = observer;
    }

    /// Trains to the horizon, until patience runs out, or until asked to stop; returns which of `horizon`, `patience` and
    /// `interrupted` it was. A checkpoint has been published in all three cases.
    public String run(BooleanSupplier interrupted) {
        observer.accept(new Event.Started(progress, setup.steps(), resumed));
        enterPhase();
        if (progress.step() == 0 && setup.evaluations().first()) {
            evaluate(false); // there is no checkpoint yet that could be the best
        }
        tell();
        String reason = "horizon";
        while (progress.step() < setup.steps() && !setup.best().exhausted()) {
            Progress before = progress;
            step();
            tell();
            boolean last = progress.step() >= setup.steps();
            boolean stop = interrupted.getAsBoolean() && !last;
            boolean best = false;
            if (last || Evaluations.due(setup.evaluations().every(), before, progress)) {
                best = evaluate(true);
            }
            if (last || stop || best || setup.best().exhausted() || Evaluations.due(setup.keep(), before, progress)) {
                publish(best);
            }
            if (stop) {
                reason = "interrupted";
                break;
            }
        }
        if (reason.equals("horizon") && progress.step() < setup.steps()) {
            reason = "patience";
        }
        observer.accept(new Event.Ended(progress, reason));
        return reason;
    }

    /// One step: every turn, as often as it is made.
    private void step() {
        long started = System.nanoTime();
        SequencedMap<String, Double> losses = new LinkedHashMap<>();
        double norm = 0;
        long tokens = 0;
        try (var scope = Scope.open()) {
            for (int t = 0; t < setup.turns().size(); t++) {
                Turn turn = setup.turns().get(t);
                for (int time = 0; time < turn.times(); time++) {
                    enterTurn(t);
                    int place = t + setup.turns().size() * time;
                    List<Batch> micro = fetch(turn, place);
                    SequencedMap<String, Double> terms = accumulate(turn, place, micro);
                    norm = move(turn, micro, terms);
                    terms.forEach((term, value) -> losses.put(name(turn, term), value));
                    tokens += micro.stream().mapToLong(Batch::tokens).sum();
                }
                turn.objective().stepped(setup.model(), progress.step() + 1);
            }
            setup.average().follow();
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        progress = new Progress(
                progress.step() + 1, setup.batches().epochs(), progress.tokens() + tokens, progress.seconds() + seconds);
        Turn last = setup.turns().getLast();
        double rate = last.optimizer().learningRate() * last.schedule().factor(progress.step() - 1, setup.steps());
        observer.accept(new Event.Stepped(progress, losses, norm, rate, seconds, tokens));
        if (progress.step() < setup.steps()) {
            enterPhase(); // before a checkpoint is written, so that a resumed run knows that the change was told
        }
    }

    /// A turn's micro-batches; a source may run the model for them, without gradients.
    private List<Batch> fetch(Turn turn, int place) {
        setup.randomness().enter(progress.step(), place, -1);
        try (var phaseScope = Scope.open(); var without = new NoGradient()) {
            return setup.batches().next(turn.name(), setup.accumulation(), setup.model());
        }
    }

    /// Forward and backward over the micro-batches; gradients add up in the turn's groups. Returns each term's mean over the step.
    private SequencedMap<String, Double> accumulate(Turn turn, int place, List<Batch> micro) {
        List<Batch> parts = setup.workers().share(micro);
        Denominators per = Denominators.NONE;
        for (Batch batch : parts) {
            per = per.plus(turn.objective().denominators(batch));
        }
        Denominators totals = per;
        List<Together.Share> shares = shares(turn, place, parts);
        SequencedMap<String, Double> terms = new LinkedHashMap<>();
        setup.workers()
                .each(parts.size(), m -> backward(turn, place, m, parts.get(m), shares.get(m), totals))
                .forEach(share -> share.forEach((term, value) -> terms.merge(term, value, Double::sum)));
        turn.moves().merge();
        return terms;
    }

    /// The loss of each micro-batch: its own, or, where rows of all of them are compared, its share of the whole's.
    private List<Together.Share> shares(Turn turn, int place, List<Batch> parts) {
        Optional<Together> together = parts.size() == 1 ? Optional.empty() : turn.objective().together();
        if (together.isEmpty()) {
            return Collections.nCopies(parts.size(), turn.objective()::loss);
        }
        List<float[]> seen = setup.workers().each(parts.size(), m -> {
            try (var scope = Scope.open(); var without = new NoGradient()) {
                return together.get().see(setup.model(), setup.entrance().inputs(parts.get(m)), mode(place, m));
            }
        });
        return together.get().shares(parts, seen);
    }

    /// How micro-batch `m` runs; the same whenever it is asked, so that it may run twice.
    private Mode mode(int place, int m) {
        if (setup.workers().count() == 1) {
            setup.randomness().enter(progress.step(), place, m);
        }
        return new Mode(true, setup.strategy().frozenBelow(phase), setup.randomness().draws(progress.step(), place, m));
    }

    /// Forward and backward over one micro-batch; returns what it adds to each term's mean.
    private SequencedMap<String, Double> backward(
            Turn turn, int place, int m, Batch batch, Together.Share share, Denominators per) {
        SequencedMap<String, Double> terms = new LinkedHashMap<>();
        try (var scope = Scope.open()) {
            Mode mode = mode(place, m);
            Loss loss = share.loss(setup.model(), setup.entrance().inputs(batch), mode);
            loss.backward(per);
            turn.moves().collect(m % setup.workers().count());
            terms.put("loss", loss.over(per));
            for (Loss.Term term : loss.terms()) {
                double denominator = per.of(term.name());
                terms.put(term.name(), denominator == 0 ? 0 : Tensors.item(term.sum()) / denominator);
            }
        }
        return terms;
    }

    /// Clips, steps and forgets the gradient; returns its norm before clipping.
    private double move(Turn turn, List<Batch> micro, Map<String, Double> terms) {
        try (var scope = Scope.open(); var without = new NoGradient()) {
            double norm = turn.clipping().norm(turn.moves().segments());
            if (!Double.isFinite(norm) || !terms.values().stream().allMatch(Double::isFinite)) {
                throw diverged(turn, micro, terms, norm);
            }
            double factor = turn.schedule().factor(progress.step(), setup.steps());
            turn.optimizer().consume(turn.moves().segments(), factor, turn.clipping().scale(norm));
            turn.moves().cast();
            return norm;
        }
    }

    private DivergedException diverged(Turn turn, List<Batch> micro, Map<String, Double> terms, double norm) {
        List<Long> rows = micro.stream().flatMapToLong(batch -> Arrays.stream(batch.origin())).limit(32).boxed().toList();
        return new DivergedException("step " + (progress.step() + 1) + ": the loss of turn " + turn.name() + " is no finite number: "
                + terms + ", gradient norm " + norm + "; rows of the batch: " + rows
                + ". The step was not made. Last good checkpoint: " + setup.keeper().newest().orElse("none")
                + ". Lower optimizer.learning_rate, lengthen schedule.warmup, or look at these rows.");
    }

    /// Which parameters move changes here and nowhere else.
    private void enterPhase() {
        int now = setup.strategy().phase(progress);
        if (now != phase) {
            boolean first = phase < 0;
            phase = now;
            entered = -1;
            setup.entrance().enter(phase);
            if (!first) {
                var parameters = setup.model().weights().parameters();
                var moving = parameters.stream().filter(name -> setup.strategy().rate(name, now) > 0).toList();
                observer.accept(new Event.PhaseChanged(progress, now, setup.model().weights().count(moving)));
            }
        }
    }

    private void tell() {
        setup.entrance().news().forEach(news ->
                observer.accept(new Event.Noted(progress, news.about(), news.text(), news.aside())));
    }

    private void enterTurn(int turn) {
        if (entered != turn) {
            setup.turns().get(turn).moves().enter(phase);
            entered = turn;
        }
    }

    /// Measures the model with its averaged weights; true where the first task's score is the best so far.
    ///
    /// @param counts whether it may be the best, and patience is used up where it is not
    private boolean evaluate(boolean counts) {
        if (setup.evaluations().tasks().isEmpty()) {
            return false;
        }
        long started = System.nanoTime();
        SequencedMap<String, List<Metric>> measured = new LinkedHashMap<>();
        setup.average().serve(() ->
                measured.putAll(setup.evaluations().measure(setup.model(), setup.turns().getLast().objective(), setup.entrance())));
        double seconds = (System.nanoTime() - started) / 1e9;
        boolean best = counts && setup.best().improves(measured, progress.step());
        measured.forEach((task, metrics) ->
                observer.accept(new Event.Evaluated(progress, task, metrics, best, seconds / measured.size())));
        return best;
    }

    private void publish(boolean best) {
        long started = System.nanoTime();
        setup.keeper().publish(progress, best);
        observer.accept(new Event.Checkpointed(progress, (System.nanoTime() - started) / 1e9));
    }

    private String name(Turn turn, String term) {
        return setup.turns().size() == 1 ? term : turn.name() + "." + term;
    }

    /// Forward and backward over one step's batches without a move: shapes and memory show their errors.
    public Map<String, Double> rehearse() {
        SequencedMap<String, Double> losses = new LinkedHashMap<>();
        try (var scope = Scope.open()) {
            enterPhase();
            for (int t = 0; t < setup.turns().size(); t++) {
                Turn turn = setup.turns().get(t);
                enterTurn(t);
                accumulate(turn, t, fetch(turn, t)).forEach((term, value) -> losses.put(name(turn, term), value));
                turn.moves().clear();
            }
        }
        return losses;
    }

    public Progress progress() {
        return progress;
    }

    /// The metrics of the evaluation that was best, by task.
    public SequencedMap<String, List<Metric>> best() {
        return setup.best().metrics();
    }

    /// Whether the best score so far was measured at the last step: the checkpoint that was restored is then the best.
    public boolean standsAtBest() {
        return setup.best().step() == progress.step();
    }

    @Override
    public void save(StateWriter out) {
        out.whole("step", progress.step());
        out.real("epochs", progress.epochs());
        out.whole("tokens", progress.tokens());
        out.real("seconds", progress.seconds());
        for (Turn turn : setup.turns()) {
            StateWriter of = out.under("turns." + turn.name());
            turn.optimizer().save(of.under("optimizer"));
            turn.objective().save(of.under("objective"));
        }
        setup.batches().save(out.under("batches"));
        setup.average().save(out.under("average"));
        setup.best().save(out.under("best"));
    }

    @Override
    public void restore(StateReader in) {
        progress = new Progress(in.whole("step"), in.real("epochs"), in.whole("tokens"), in.real("seconds"));
        for (Turn turn : setup.turns()) {
            StateReader of = in.under("turns." + turn.name());
            turn.optimizer().restore(of.under("optimizer"));
            turn.objective().restore(of.under("objective"));
        }
        setup.batches().restore(in.under("batches"));
        setup.average().restore(in.under("average"));
        setup.best().restore(in.under("best"));
        setup.turns().forEach(turn -> turn.moves().cast()); // the averages' restoring changed the master weights
        resumed = true;
        phase = -1;
        entered = -1;
    }
}
