package dev.cultivar.study;

import dev.cultivar.batch.Task;
import dev.cultivar.evaluate.ClassificationScores;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.loop.Event;
import dev.cultivar.objective.Classification;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.EvaluateRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeReader;
import dev.cultivar.run.Curve;
import dev.cultivar.run.Extensions;
import dev.cultivar.run.Measured;
import dev.cultivar.run.TrainingRun;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The main job, end to end, on embedded data: a small BERT is pretrained on WordNet's glosses, then post-trained to tell
/// a gloss's lexicographer file by every strategy, and the strategies are compared with training from scratch, and with what
/// somebody else's pretraining gives on the same labels.
public final class Quickstart {
    private static final String PRETRAIN = "pretrain";
    private static final String ACCURACY = "accuracy";

    private final Settings settings;
    private final Study study;
    private final Watcher watcher;

    /// @param folder   the study's
    /// @param labels   labelled rows to post-train with
    /// @param minutes  of pretraining, instead of the recipe's tokens
    /// @param pretrain more overrides of the first stage's recipe
    /// @param classify more overrides of the second stage's
    /// @param learningRates that every strategy is tried at on the model that is pretrained here
    /// @param published a model that is not
    public record Settings(
            Path folder,
            int labels,
            OptionalDouble minutes,
            List<String> pretrain,
            List<String> classify,
            List<String> learningRates,
            Published published) {

        /// The settings of a study that exists.
        public static Settings of(Path folder) {
            Map<String, ?> question = JsonFiles.read(folder.resolve("study.json"));
            return new Settings(
                    folder,
                    question.get("labels") instanceof Number labels ? labels.intValue() : 0,
                    question.get("minutes") instanceof Number minutes ? OptionalDouble.of(minutes.doubleValue()) : OptionalDouble.empty(),
                    texts(question.get("pretrain")),
                    texts(question.get("classify")),
                    texts(question.get("learning_rates")),
                    Published.of(question.get("published")));
        }

        private static List<String> texts(@Nullable Object list) {
            return list instanceof List<?> values ? values.stream().map(String::valueOf).toList() : List.of();
        }

        /// The recipes as they are.
        public static Settings of(Path folder, int labels, OptionalDouble minutes) {
            return new Settings(folder, labels, minutes, List.of(), List.of(), Candidate.LEARNING_RATES, Published.MINILM);
        }

        /// What makes a study this one.
        SequencedMap<String, Object> question() {
            SequencedMap<String, Object> question = new LinkedHashMap<>();
            question.put("study", "quickstart");
            question.put("labels", labels);
            minutes.ifPresent(minutes -> question.put("minutes", minutes));
            question.put("pretrain", pretrain);
            question.put("classify", classify);
            question.put("learning_rates", learningRates);
            if (!published.equals(Published.MINILM)) { // left out, so that a study from before there was one goes on
                question.put("published", published.json());
            }
            return question;
        }

        List<String> rates(Candidate candidate) {
            return candidate.start() == Candidate.Start.PUBLISHED ? published.rates(candidate) : learningRates;
        }
    }

    /// Who watches.
    ///
    /// @param pretraining gets the events of the first stage
    /// @param said        gets a line for each thing that is done
    /// @param interrupted asked after each step
    public record Watcher(Consumer<Event> pretraining, Consumer<String> said, BooleanSupplier interrupted) {}

    private Quickstart(Settings settings, Study study, Watcher watcher) {
        this.settings = settings;
        this.study = study;
        this.watcher = watcher;
    }

    /// Runs the study, or what is left of it.
    public static Comparison run(Settings settings, Watcher watcher) {
        return new Quickstart(settings, Study.open(settings.folder(), settings.question()), watcher).compare();
    }

    private Comparison compare() {
        pretrain();
        Optional<String> leftOut = leftOut();
        leftOut.ifPresent(watcher.said());
        List<Candidate> candidates = new ArrayList<>(Candidate.OWN);
        candidates.addAll(leftOut.isPresent() ? List.of() : Candidate.PUBLISHED);
        search(candidates);
        List<Comparison.Row> rows = new ArrayList<>();
        for (Candidate candidate : candidates) {
            String best = best(candidate);
            watcher.said().accept("measuring " + candidate.title() + " (learning rate " + best + ") on the test rows");
            rows.add(row(candidate, best));
        }
        Map<String, @Nullable Object> before = study.measured("masked-lm", () -> maskedLm(study.run(PRETRAIN)));
        return new Comparison(study, PRETRAIN, rows, before, leftOut);
    }

    /// Why the published model has no rows; one whose rows are all measured is not asked for again.
    private Optional<String> leftOut() {
        boolean measured = Candidate.PUBLISHED.stream().allMatch(candidate -> study.hasMeasured(candidate.name() + "-test")
                && study.hasMeasured(candidate.name() + "-train"));
        return measured ? Optional.empty() : settings.published().obstacle();
    }

    private void pretrain() {
        List<String> overrides = new ArrayList<>(settings.pretrain());
        settings.minutes().ifPresent(minutes -> overrides.add("horizon={minutes: " + minutes + "}"));
        study.train(recipe("quickstart-pretrain", overrides), request(PRETRAIN).watchedBy(watcher.pretraining()));
    }

    private TrainingRun.Request request(String run) {
        return TrainingRun.Request.to(study.run(run)).cachedIn(study.folder().resolve("data")).stoppedBy(watcher.interrupted());
    }

    /// Every strategy at every learning rate; a run has one thread, and there are as many at once as processors.
    private void search(List<Candidate> candidates) {
        List<Future<?>> runs = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            for (Candidate candidate : candidates) {
                for (String rate : settings.rates(candidate)) {
                    runs.add(executor.submit(() -> {
                        String name = candidate.run(rate);
                        study.train(recipe("quickstart-classify", overrides(candidate, rate)), request(name));
                        Curve curve = Curve.of(study.metrics(name), "validation", ACCURACY);
                        watcher.said().accept("%-26s learning rate %-5s best validation accuracy %.3f, %.0f epochs, %.0f s".formatted(
                                candidate.title(), rate, curve.highest(), curve.points().getLast().epochs(), curve.points().getLast().seconds()));
                    }));
                }
            }
            for (Future<?> run : runs) {
                Task.result(run, "interrupted while strategies were trained");
            }
        }
    }

    private List<String> overrides(Candidate candidate, String rate) {
        boolean published = candidate.start() == Candidate.Start.PUBLISHED;
        List<String> overrides = new ArrayList<>(candidate.overrides());
        overrides.addAll(settings.classify());
        overrides.add("backbone.model=" + (published ? settings.published().model() : study.run(PRETRAIN)));
        overrides.add("optimizer.learning_rate=" + rate);
        overrides.add("data.train.rows=" + settings.labels());
        overrides.add("device={kind: cpu, threads: 1, precision: float32}");
        return overrides;
    }

    /// The learning rate with the highest validation accuracy; of equal ones the lowest.
    private String best(Candidate candidate) {
        return settings.rates(candidate).stream()
                .max(Comparator.<String>comparingDouble(rate -> Curve.of(study.metrics(candidate.run(rate)), "validation", ACCURACY).highest())
                        .thenComparingDouble(rate -> -Double.parseDouble(rate)))
                .orElseThrow();
    }

    private Comparison.Row row(Candidate candidate, String rate) {
        String run = candidate.run(rate);
        Map<String, @Nullable Object> test = study.measured(candidate.name() + "-test", () -> classified(run, "test"));
        Map<String, @Nullable Object> train = study.measured(candidate.name() + "-train", () -> classified(run, "train"));
        Map<String, @Nullable Object> forgotten = candidate.start() == Candidate.Start.OWN
                ? study.measured(candidate.name() + "-masked-lm", () -> maskedLm(study.run(run)))
                : Map.of();
        List<String> rates = settings.rates(candidate);
        double searchSeconds = rates.stream()
                .mapToDouble(each -> Comparison.number(study.outcome(candidate.run(each)), "seconds"))
                .sum();
        return new Comparison.Row(candidate, rate, rates, run, study.outcome(run), searchSeconds, test, train, forgotten);
    }

    /// The run's best checkpoint on one part of the task: metrics, and what each row was taken for.
    private Map<String, Object> classified(String run, String part) {
        Recipe own = Measured.recipe(study.run(run));
        DataRecipe.Rows rows = (DataRecipe.Rows) own.data();
        DataRecipe.Source source = part.equals("train") ? rows.train() : apart(rows.test());
        var data = new DataRecipe.Rows(rows.train(), new DataRecipe.Held.Apart(source), new DataRecipe.Held.None(), rows.columns());
        try (var measured = open(study.run(run), withTask(own, data))) {
            Classification.Scores scores = measured
                    .each((objective, model) -> (Classification.Scores) objective.measurement(model))
                    .firstEntry()
                    .getValue();
            ClassificationScores all = scores.scores();
            Map<String, Object> result = new LinkedHashMap<>();
            all.metrics().forEach(metric -> result.put(metric.name(), metric.json()));
            result.put("labels", all.confusion().labels());
            result.put("gold", list(scores.gold()));
            result.put("predicted", list(scores.predicted()));
            return result;
        }
    }

    private static DataRecipe.Source apart(DataRecipe.Held held) {
        if (held instanceof DataRecipe.Held.Apart(DataRecipe.Source source)) {
            return source;
        }
        throw new IllegalStateException("the quickstart's test rows are a part of their own");
    }

    private static List<Integer> list(int[] values) {
        return java.util.Arrays.stream(values).boxed().toList();
    }

    private Measured open(Path run, Recipe recipe) {
        return Measured.open(
                run, recipe, study.folder().resolve("data"), Runtime.getRuntime().availableProcessors(), Extensions.NONE);
    }

    private static Recipe withTask(Recipe recipe, DataRecipe data) {
        return recipe.withData(data).withEvaluate(new EvaluateRecipe(recipe.evaluate().every(), List.of("validation")));
    }

    /// Masked-LM loss on the held-out glosses through the pretrained head, with a run's backbone under it.
    private Map<String, Object> maskedLm(Path run) {
        Path base = study.run(PRETRAIN);
        try (var measured = open(base, Measured.recipe(base))) {
            if (!run.equals(base)) {
                measured.replaceBackbone(run);
            }
            List<Metric> metrics = measured.each((objective, model) -> objective.measurement(model)).firstEntry().getValue().metrics();
            Map<String, Object> result = new LinkedHashMap<>();
            metrics.forEach(metric -> result.put(metric.name(), metric.json()));
            return result;
        }
    }

    /// A stage's recipe; it lies on the class path, and in `recipes/`.
    static Recipe recipe(String name, List<String> overrides) {
        String file = "recipes/" + name + ".yaml";
        try (InputStream stream = Quickstart.class.getClassLoader().getResourceAsStream(file)) {
            if (stream == null) {
                throw new IllegalStateException(file + " is not on the class path");
            }
            return RecipeReader.read(new String(stream.readAllBytes(), StandardCharsets.UTF_8), file, overrides);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
