package dev.cultivar.run;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.DataException;
import dev.cultivar.checkpoint.CheckpointFolder;
import dev.cultivar.checkpoint.MetricsFile;
import dev.cultivar.checkpoint.Progress;
import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.checkpoint.RunFolder;
import dev.cultivar.checkpoint.StateReader;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.DurableFiles;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.loop.Best;
import dev.cultivar.loop.Entrance;
import dev.cultivar.loop.Evaluations;
import dev.cultivar.loop.Event;
import dev.cultivar.loop.Keeper;
import dev.cultivar.loop.Randomness;
import dev.cultivar.loop.TrainingLoop;
import dev.cultivar.loop.Workers;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.DeviceRecipe;
import dev.cultivar.recipe.Every;
import dev.cultivar.recipe.HorizonRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.recipe.RecipeWriter;
import dev.cultivar.recipe.StoppingRecipe;
import dev.cultivar.recipe.StrategyRecipe;
import dev.cultivar.recipe.TurnRecipe;
import dev.cultivar.torch.Torch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What happens when a recipe meets data on a device: builds the parts, trains, and keeps all of it in one folder.
public final class TrainingRun {
    private final Recipe recipe;
    private final Request request;

    /// How a run is asked for.
    ///
    /// @param out         the run's folder
    /// @param resume      whether to go on in a folder that exists
    /// @param extensions  custom members of the recipe
    /// @param jars        the extensions' jars and their SHA-256, for provenance
    /// @param cache       where encoded rows are kept; runs on the same data may share it
    /// @param observer    gets every event
    /// @param interrupted asked after each step; true publishes a checkpoint and stops
    public record Request(
            Path out,
            boolean resume,
            Extensions extensions,
            Map<String, String> jars,
            Path cache,
            Consumer<Event> observer,
            BooleanSupplier interrupted) {

        /// A new run without extensions that nobody watches or interrupts.
        public static Request to(Path out) {
            return new Request(out, false, Extensions.NONE, Map.of(), out.resolve("data"), event -> {}, () -> false);
        }

        public Request resuming() {
            return new Request(out, true, extensions, jars, cache, observer, interrupted);
        }

        /// @param hashes SHA-256 of the jars that they came in
        public Request with(Extensions others, Map<String, String> hashes) {
            return new Request(out, resume, others, hashes, cache, observer, interrupted);
        }

        public Request watchedBy(Consumer<Event> watcher) {
            return new Request(out, resume, extensions, jars, cache, watcher, interrupted);
        }

        public Request cachedIn(Path folder) {
            return new Request(out, resume, extensions, jars, folder, observer, interrupted);
        }

        public Request stoppedBy(BooleanSupplier stop) {
            return new Request(out, resume, extensions, jars, cache, observer, stop);
        }
    }

    /// What came of a run.
    ///
    /// @param folder              the run's
    /// @param reason              why it ended: `horizon`, `patience` or `interrupted`
    /// @param progress            how far it came
    /// @param trainableParameters numbers that moved in some phase
    /// @param best                the metrics of the evaluation that was best, by task
    public record Result(
            Path folder, String reason, Progress progress, long trainableParameters, SequencedMap<String, List<Metric>> best) {}

    /// What a rehearsal showed.
    ///
    /// @param recipe     resolved
    /// @param parameters numbers in the model
    /// @param trainable  numbers that move in some phase
    /// @param steps      to the horizon
    /// @param losses     of one step's batches
    public record Rehearsal(Recipe recipe, long parameters, long trainable, long steps, Map<String, Double> losses) {}

    private TrainingRun(Recipe recipe, Request request) {
        this.recipe = recipe;
        this.request = request;
    }

    /// Trains. A folder that holds something is refused unless asked to resume; resuming where nothing is starts.
    public static Result run(Recipe recipe, Request request) {
        boolean goesOn = request.resume() && Files.exists(new RunFiles(request.out()).recipe());
        if (request.resume() && !Files.isDirectory(request.out())) {
            return run(recipe, new Request(
                    request.out(), false, request.extensions(), request.jars(), request.cache(), request.observer(), request.interrupted()));
        }
        try (var folder = request.resume() ? RunFolder.open(request.out()) : RunFolder.create(request.out())) {
            var resolution = new Resolution(request.extensions(), request.cache());
            if (goesOn) {
                return new TrainingRun(resolution.again(recipe, folder.files()), request).train(folder, resolution, true);
            }
            try {
                return new TrainingRun(resolution.first(recipe), request).train(folder, resolution, false);
            } catch (RecipeException | DataException refused) {
                // Nothing was trained: the same command must work once the recipe or the data are mended.
                if (folder.files().checkpoints().isEmpty()) {
                    forget(folder.files(), request.cache());
                }
                throw refused;
            }
        }
    }

    private static void forget(RunFiles run, Path cache) {
        try {
            for (Path file : List.of(run.recipe(), run.provenance(), run.metrics(), run.checkpointsFolder())) {
                Files.deleteIfExists(file);
            }
            if (cache.startsWith(run.root())) {
                DurableFiles.delete(cache);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Builds everything and goes forward and backward once, without a move and without a folder; returns the losses.
    public static Rehearsal rehearse(Recipe recipe, Extensions extensions, Path cache) {
        Recipe resolved = new Resolution(extensions, cache).first(recipe);
        var request = Request.to(cache).with(extensions, Map.of()).cachedIn(cache);
        return new TrainingRun(resolved, request).withParts(Optional.empty(), parts -> {
            var weights = parts.built.model().weights();
            return new Rehearsal(
                    resolved,
                    weights.count(weights.parameters()),
                    weights.count(parts.built.trainable()),
                    parts.steps(),
                    parts.loop(new Nowhere(), event -> {}).rehearse());
        });
    }

    private Result train(RunFolder folder, Resolution resolution, boolean goesOn) {
        if (!goesOn) {
            write(folder.files().recipe(), RecipeWriter.write(recipe));
        }
        Optional<Path> checkpoint = folder.files().last();
        if (checkpoint.isEmpty()) {
            List<String> findings = Audits.exceeding(recipe, request.cache());
            if (!findings.isEmpty()) {
                request.observer().accept(new Event.Audited(Progress.START, findings));
            }
        }
        Result result = withParts(checkpoint, parts -> {
            if (!Files.exists(folder.files().provenance())) { // a run may be killed before it comes here
                var facts = Provenance.of(recipe.backbone(), parts.material.fingerprints(), request.jars());
                facts.putAll(resolution.facts());
                JsonFiles.write(folder.files().provenance(), facts);
            } else if (recipe.resume() == Recipe.Resume.EXACT) {
                sameData(JsonFiles.read(folder.files().provenance()).get("data"), parts.material.fingerprints());
            }
            if (checkpoint.isEmpty()) {
                tellParts(parts.built);
            }
            return parts.run(folder, checkpoint);
        });
        report(folder.files(), result);
        if (!result.reason().equals("interrupted") && request.cache().startsWith(request.out())) {
            discard(FrozenWork.own(request.cache())); // nobody else knows of it
        }
        return result;
    }

    /// Writes the report. Rows that cannot be read again are no reason for a run to fail that has trained to its end.
    private void report(RunFiles run, Result result) {
        if (recipe.report().examples() && !result.reason().equals("interrupted")) {
            try {
                Mistakes.gather(run, recipe, request.cache(), request.extensions());
            } catch (DataException | CheckpointException unread) {
                String why = "the rows that were misread cannot be shown: " + unread.getMessage();
                request.observer().accept(new Event.Noted(result.progress(), "report", why, false));
            }
        }
        RunReport.write(RunReport.of(run.root()), run.root().resolve("report.html"));
    }

    /// A head that the checkpoint lacks starts at random, one that the task lacks is left out: whoever trains should know.
    private void tellParts(Built built) {
        List<String> said = new ArrayList<>();
        if (!built.made().isEmpty()) {
            said.add("new, with random values, since the checkpoint has none: " + String.join(", ", built.made()));
        }
        if (!built.leftOut().isEmpty()) {
            said.add("of the checkpoint left out: " + String.join(", ", built.leftOut()));
        }
        if (built.turns().getLast().objective() instanceof Judged judged && judged.knowsOtherClasses(built.model())) {
            said.add("evaluate.judge does not know all classes of the data by their names, so that class_agreement is not measured");
        }
        said.forEach(each -> request.observer().accept(new Event.Noted(Progress.START, "model", each, false)));
    }

    private static void discard(Path folder) {
        try {
            DurableFiles.delete(folder);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// The rows are part of what makes the bits: a file that changed since the run began is refused.
    private void sameData(@Nullable Object then, Map<String, String> now) {
        now.forEach((part, fingerprint) -> {
            if (then instanceof Map<?, ?> before && before.containsKey(part) && !fingerprint.equals(before.get(part))) {
                throw new RecipeException(request.out() + ": the " + part + " rows are not those that the run began with (their fingerprint was "
                        + before.get(part) + ", now it is " + fingerprint + "). Put the file back, give another --out to start anew, or add "
                        + "resume=inexact to go on with the new rows.");
            }
        });
    }

    private static int threads(Recipe recipe) {
        return recipe.device().threads() instanceof DeviceRecipe.Threads.Count(int count) ? count : 1;
    }

    private <R> R withParts(Optional<Path> checkpoint, java.util.function.Function<Parts, R> work) {
        int threads = threads(recipe);
        try (var material = Material.of(recipe, checkpoint, request.cache(), request.extensions())) {
            try (var built = Built.of(recipe, material.task(), checkpoint, threads, request.extensions())) {
                int threadsEach = Math.max(1, threads / built.replicas());
                Torch.threads(threadsEach);
                Torch.operatorThreads(threads); // this thread's own operators: the optimizer's, while the replicas rest
                try (var workers = new Workers(built.replicas(), threadsEach);
                        var frozen = FrozenWork.of(recipe, built, material, request.cache(), threadsEach, checkpoint.isEmpty())) {
                    return work.apply(new Parts(material, built, workers, frozen.entrance()));
                }
            }
        }
    }

    private static void write(Path file, String text) {
        try {
            DurableFiles.write(file, channel -> {
                var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            });
        } catch (IOException failure) {
            throw new CheckpointException(file + ": cannot be written: " + failure.getMessage(), failure);
        }
    }

    /// Everything that a run is made of, while it is open.
    private final class Parts {
        private final Material material;
        private final Built built;
        private final Workers workers;
        private final Entrance entrance;
        private final Listening listening = new Listening();
        private final TimedSource source;

        Parts(Material material, Built built, Workers workers, Entrance entrance) {
            this.material = material;
            this.built = built;
            this.workers = workers;
            this.entrance = entrance;
            this.source = new TimedSource(material.source());
        }

        Result run(RunFolder folder, Optional<Path> checkpoint) {
            try (var metrics = folder.metrics()) {
                Optional<CheckpointFolder> from = checkpoint.map(CheckpointFolder::open);
                metrics.truncateAfter(from.map(CheckpointFolder::step).orElse(-1L));
                var told = MetricsFile.read(folder.files().metrics());
                boolean ended = !told.isEmpty() && Set.of("end", RunLog.ARITHMETIC).contains(told.getLast().get("event"));
                try (var log = new RunLog(metrics, folder.files().root(), ended, source::waitedSeconds)) {
                    return run(folder, from, metrics, log);
                }
            }
        }

        private Result run(RunFolder folder, Optional<CheckpointFolder> from, MetricsFile metrics, RunLog log) {
            var keeper = new FolderKeeper(recipe, material, built, folder);
            TrainingLoop loop = loop(keeper, event -> {
                log.accept(event);
                listening.accept(event, folder.files());
                request.observer().accept(event);
            });
            keeper.keep(loop);
            from.ifPresent(stored -> restore(loop, stored, folder));
            String reason = loop.run(request.interrupted());
            if (!reason.equals("interrupted")) {
                Arithmetic.perToken(recipe, built).ifPresent(flops -> {
                    Torch.threads(threads(recipe));
                    log.arithmetic(loop.progress().step(), Arithmetic.measured(flops, recipe, loop.progress().tokens(), loop.progress().seconds()));
                });
            }
            metrics.force();
            if (!reason.equals("interrupted") && Samples.draws(built.model()) && recipe.data() instanceof DataRecipe.Images images) {
                Torch.threads(threads(recipe));
                CopyAudit audit = CopyAudit.keep(folder.files(), recipe, images, request.cache(), built.judge());
                request.observer().accept(new Event.Noted(loop.progress(), "copies", audit.words(), false)); // the log ends with the run's end
            }
            RunCard.write(folder.files(), recipe, loop.progress(), loop.best());
            long trainable = built.model().weights().count(built.trainable());
            return new Result(folder.files().root(), reason, loop.progress(), trainable, loop.best());
        }

        private static void restore(TrainingLoop loop, CheckpointFolder from, RunFolder folder) {
            try (StateReader state = from.state()) {
                loop.restore(state);
                state.finish();
            }
            if (loop.standsAtBest()) {
                folder.markBest(loop.progress().step()); // a kill may have come between the checkpoint and its mark
            }
        }

        TrainingLoop loop(Keeper keeper, Consumer<Event> observer) {
            countable();
            return new TrainingLoop(
                    new TrainingLoop.Setup(
                            built.model(),
                            entrance,
                            listening.to(built.turns()),
                            source,
                            built.strategy(),
                            built.average(),
                            new Best(recipe.stopping()),
                            new Randomness(recipe.seed()),
                            new Evaluations(recipe.evaluate().every(), tasks(), recipe.evaluate().first()),
                            keeper,
                            recipe.checkpoint().every(),
                            recipe.batching().accumulation(),
                            workers,
                            steps()),
                    observer);
        }

        /// What the recipe measures the model on.
        private SequencedMap<String, Iterable<Batch>> tasks() {
            Map<String, Iterable<Batch>> offered = material.source().tasks();
            SequencedMap<String, Iterable<Batch>> tasks = new LinkedHashMap<>();
            for (String name : recipe.evaluate().tasks()) {
                Iterable<Batch> task = offered.get(name);
                if (task == null) {
                    throw new RecipeException("evaluate.tasks names " + name + ", which the data do not have; they have " + offered.keySet());
                }
                tasks.put(name, listening.to(name, task));
            }
            if (tasks.isEmpty() && recipe.stopping() instanceof StoppingRecipe.Patience) {
                throw new RecipeException("stopping needs a score to choose by; name a task in evaluate.tasks, the data have " + offered.keySet());
            }
            return tasks;
        }

        /// Refuses intervals in epochs where there are none: they would never end.
        private void countable() {
            if (material.source().hasEpochs()) {
                return;
            }
            Map<String, Every> intervals = new LinkedHashMap<>();
            intervals.put("checkpoint.every", recipe.checkpoint().every());
            if (!recipe.evaluate().tasks().isEmpty()) {
                intervals.put("evaluate.every", recipe.evaluate().every());
            }
            if (recipe.strategy() instanceof StrategyRecipe.Gradual gradual) {
                intervals.put("strategy.every", gradual.every());
            }
            intervals.forEach((key, every) -> {
                if (every instanceof Every.Epochs) {
                    throw new RecipeException(key + " is counted in epochs, and this data source has no end; count in steps, as " + key
                            + "={steps: 100}");
                }
            });
        }

        long steps() {
            int microBatches = recipe.batching().accumulation() * recipe.turns().stream().mapToInt(TurnRecipe::times).sum();
            return switch (recipe.horizon()) {
                case HorizonRecipe.Steps(long steps) -> steps;
                case HorizonRecipe.Epochs(double epochs) -> material.source().stepsForEpochs(epochs, microBatches);
                case HorizonRecipe.Tokens(long tokens) -> material.source().stepsForTokens(tokens, microBatches);
                case HorizonRecipe.Minutes minutes -> throw new IllegalStateException("minutes are turned into steps first");
            };
        }
    }

    /// For runs that keep nothing.
    static final class Nowhere implements Keeper {
        @Override
        public void publish(Progress progress, boolean best) {}

        @Override
        public Optional<String> newest() {
            return Optional.empty();
        }
    }

    /// Measures how long a step takes and returns the steps that fit into so many minutes.
    static long stepsIn(double minutes, Recipe recipe, Extensions extensions, Path cache, SequencedMap<String, Object> facts) {
        var request = Request.to(cache).with(extensions, Map.of()).cachedIn(cache);
        return new TrainingRun(recipe, request).withParts(Optional.empty(), parts -> {
            var calibration = new Calibration();
            parts.loop(new Nowhere(), calibration).run(calibration::enough);
            double seconds = calibration.secondsPerStep();
            facts.put("calibration", Map.of("seconds_per_step", seconds, "steps", calibration.steps()));
            return Math.max(1, (long) (minutes * 60 / seconds));
        });
    }
}
