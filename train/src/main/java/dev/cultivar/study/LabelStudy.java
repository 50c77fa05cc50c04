package dev.cultivar.study;

import dev.cultivar.batch.Task;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.loop.Event;
import dev.cultivar.objective.Answers;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.run.CopyAudit;
import dev.cultivar.run.Extensions;
import dev.cultivar.run.Measured;
import dev.cultivar.run.TrainingRun;
import dev.cultivar.study.Contender.Stage;
import dev.cultivar.study.LabelRows.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Ways to come to a classifier of pictures, compared over how many labels there are, on the same test pictures: each contender of a topic is trained
/// at each label count with each seed, after what comes before the labels, where something does. Resumable, as a [Study] is.
public final class LabelStudy {
    private static final String ONE_THREAD = "device={kind: cpu, threads: 1, precision: float32}";

    private final Settings settings;
    private final Topic topic;
    private final Study study;
    private final Watcher watcher;
    private final List<Network> networks;

    /// A study that there is.
    ///
    /// @param name as the command line calls it
    /// @param line what it asks
    public record Kind(String name, String line) {}

    /// Those that there are.
    public static List<Kind> kinds() {
        return Topics.ALL.stream().map(topic -> new Kind(topic.name(), topic.line())).toList();
    }

    /// @param folder   the study's
    /// @param name     which of [#kinds]
    /// @param idx      a folder with MNIST's files; without one the digits are drawn
    /// @param labels   counts of labelled training pictures; empty for the study's own
    /// @param networks their names; empty for the study's own
    /// @param seeds    how many runs of each, with other draws
    /// @param more     overrides of all recipes; of one alone with its name and a colon before it, as `digits-simclr:horizon={epochs: 3}`
    public record Settings(Path folder, String name, Optional<Path> idx, List<Integer> labels, List<String> networks, int seeds, List<String> more) {
        public Settings {
            Topic topic = Topics.named(name)
                    .orElseThrow(() -> new RecipeException("there is no study called " + name + "; there are " + Topics.names()));
            labels = labels.isEmpty() ? topic.labels() : List.copyOf(labels);
            networks = networks.isEmpty() ? topic.networks() : List.copyOf(networks);
            more = List.copyOf(more);
            for (String network : networks) {
                if (Network.named(network).isEmpty()) {
                    throw new RecipeException("there is no network called " + network + "; there are " + Network.ALL.stream().map(Network::name).toList());
                }
            }
            if (labels.stream().anyMatch(each -> each < 10)) {
                throw new RecipeException("a study over label counts needs counts of 10 or more, got " + labels);
            }
            if (seeds < 1) {
                throw new RecipeException("--seeds must be 1 or more, got " + seeds);
            }
        }

        /// The settings of a study that exists.
        public static Settings of(Path folder) {
            Map<String, ?> question = JsonFiles.read(folder.resolve("study.json"));
            String idx = String.valueOf(question.get("idx"));
            return new Settings(
                    folder,
                    String.valueOf(question.get("study")),
                    idx.isEmpty() ? Optional.empty() : Optional.of(Path.of(idx)),
                    list(question.get("labels")).map(each -> ((Number) each).intValue()).toList(),
                    list(question.get("networks")).map(String::valueOf).toList(),
                    question.get("seeds") instanceof Number seeds ? seeds.intValue() : 1,
                    list(question.get("more")).map(String::valueOf).toList());
        }

        private static Stream<?> list(@Nullable Object json) {
            return json instanceof List<?> list ? list.stream() : Stream.empty();
        }

        SequencedMap<String, Object> question() {
            SequencedMap<String, Object> question = new LinkedHashMap<>();
            question.put("study", name);
            question.put("idx", idx.map(Path::toString).orElse(""));
            question.put("labels", labels);
            question.put("networks", networks);
            question.put("seeds", seeds);
            question.put("more", more);
            return question;
        }

        StudyPictures pictures() {
            return new StudyPictures(idx);
        }
    }

    /// Whether a folder holds a study of this kind.
    public static boolean isIn(Path folder) {
        return Files.exists(folder.resolve("study.json"))
                && Topics.named(String.valueOf(JsonFiles.read(folder.resolve("study.json")).get("study"))).isPresent();
    }

    /// Who watches.
    ///
    /// @param pretraining gets the events of pretraining runs that have the machine for themselves
    /// @param said        gets a line for each thing that is done
    /// @param interrupted asked after each step
    public record Watcher(Consumer<Event> pretraining, Consumer<String> said, BooleanSupplier interrupted) {}

    private LabelStudy(Settings settings, Topic topic, Study study, Watcher watcher) {
        this.settings = settings;
        this.topic = topic;
        this.study = study;
        this.watcher = watcher;
        networks = settings.networks().stream().map(name -> Network.named(name).orElseThrow()).toList();
    }

    /// Runs the study, or what is left of it.
    public static LabelTable run(Settings settings, Watcher watcher) {
        settings.pictures().require();
        Topic topic = Topics.named(settings.name()).orElseThrow();
        return new LabelStudy(settings, topic, Study.open(settings.folder(), settings.question()), watcher).table();
    }

    private LabelTable table() {
        refuseMistakes();
        shared();
        own();
        labelled();
        List<Row> rows = new ArrayList<>();
        each((network, labels, contender) -> rows.add(row(network, labels, contender)));
        return new LabelTable(settings, topic, new LabelRows(rows));
    }

    /// What is done with each contender.
    private interface Doing {
        void with(Network network, int labels, Contender contender);
    }

    private void each(Doing doing) {
        for (Network network : networks) {
            for (int labels : settings.labels()) {
                topic.contenders(network, labels, settings.pictures()).forEach(contender -> doing.with(network, labels, contender));
            }
        }
    }

    private IntStream seeds() {
        return IntStream.rangeClosed(1, settings.seeds());
    }

    private TrainingRun.Request request(String run) {
        return TrainingRun.Request.to(study.run(run)).cachedIn(study.folder().resolve("data")).stoppedBy(watcher.interrupted());
    }

    private Recipe recipe(String name, List<String> overrides) {
        List<String> all = new ArrayList<>(overrides);
        for (String more : settings.more()) {
            Optional<String> only = only(more);
            if (only.isEmpty() || only.get().equals(name)) {
                all.add(more.substring(only.map(each -> each.length() + 1).orElse(0)));
            }
        }
        return Quickstart.recipe(name, all);
    }

    /// The recipe that an override is for; empty for all.
    private static Optional<String> only(String override) {
        int colon = override.substring(0, Math.max(0, override.indexOf('='))).indexOf(':');
        return colon < 0 ? Optional.empty() : Optional.of(override.substring(0, colon));
    }

    /// Reads every recipe before anything is trained.
    private void refuseMistakes() {
        SortedSet<String> recipes = new TreeSet<>();
        each((network, labels, contender) -> {
            contender.before().ifPresent(stage -> {
                recipes.add(stage.recipe());
                recipe(stage.recipe(), overrides(stage, labels, 1));
            });
            recipes.add(contender.recipe());
            recipe(contender.recipe(), overrides(network, labels, contender, 1));
        });
        settings.more().stream().flatMap(more -> only(more).stream()).filter(name -> !recipes.contains(name)).forEach(name -> {
            throw new RecipeException("an override is for the recipe " + name + ", but this study's are " + recipes);
        });
    }

    /// The stages that one run will do for, one after the other with the whole machine.
    private void shared() {
        SequencedMap<String, Runnable> runs = new LinkedHashMap<>();
        each((network, labels, contender) -> contender.before().filter(stage -> stage.pictures() == Stage.Pictures.OTHERS).ifPresent(stage ->
                runs.putIfAbsent(stage.run(network, labels, 1), () -> {
                    watcher.said().accept("pretraining " + network.name() + " on " + stage.title());
                    study.train(
                            recipe(stage.recipe(), overrides(stage, labels, 1)),
                            request(stage.run(network, labels, 1)).watchedBy(watcher.pretraining()));
                })));
        runs.values().forEach(Runnable::run);
    }

    /// The stages that each seed has of its own.
    private void own() {
        SequencedMap<String, Runnable> runs = new LinkedHashMap<>();
        each((network, labels, contender) -> contender.before().filter(stage -> stage.pictures() != Stage.Pictures.OTHERS).ifPresent(stage ->
                seeds().forEach(seed -> runs.putIfAbsent(stage.run(network, labels, seed), () -> pretrain(stage, network, labels, seed)))));
        atOnce(runs.values().stream());
    }

    private List<String> overrides(Stage stage, int labels, int seed) {
        List<String> overrides = new ArrayList<>();
        if (stage.pictures() != Stage.Pictures.OTHERS) {
            overrides.addAll(List.of("seed=" + seed, ONE_THREAD));
        }
        if (stage.pictures() == Stage.Pictures.LABELLED) {
            overrides.add("data.rows=" + labels);
        }
        overrides.addAll(stage.overrides());
        return overrides;
    }

    private void pretrain(Stage stage, Network network, int labels, int seed) {
        String run = stage.run(network, labels, seed);
        study.train(recipe(stage.recipe(), overrides(stage, labels, seed)), request(run));
        String of = stage.pictures() == Stage.Pictures.LABELLED ? stage.title() + ", " + labels + " of them" : stage.title();
        watcher.said().accept("%-5s pretrained: %s, seed %d, %.0f s".formatted(
                network.name(), of, seed, Comparison.number(study.outcome(run), "seconds")));
    }

    private void labelled() {
        List<Runnable> runs = new ArrayList<>();
        each((network, labels, contender) -> seeds().forEach(seed -> runs.add(() -> train(network, labels, contender, seed))));
        atOnce(runs.stream());
    }

    /// Each run has one thread, and there are as many at once as processors.
    private void atOnce(Stream<Runnable> runs) {
        try (ExecutorService executor = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            List<Future<?>> futures = new ArrayList<>();
            runs.forEach(run -> futures.add(executor.submit(run)));
            for (Future<?> each : futures) {
                Task.result(each, "interrupted while networks were trained");
            }
        }
    }

    private static String run(Network network, int labels, Contender contender, int seed) {
        return network.name() + "-" + labels + "-" + contender.name() + "-" + seed;
    }

    private void train(Network network, int labels, Contender contender, int seed) {
        String name = run(network, labels, contender, seed);
        study.train(recipe(contender.recipe(), overrides(network, labels, contender, seed)), request(name));
        watcher.said().accept("%-5s %,6d labels  %-32s accuracy %.3f, %.0f s".formatted(
                network.name(), labels, contender.title(), Comparison.number(measured(name), "accuracy"),
                Comparison.number(study.outcome(name), "seconds")));
    }

    private List<String> overrides(Network network, int labels, Contender contender, int seed) {
        List<String> overrides = new ArrayList<>(List.of("seed=" + seed, "data.rows=" + labels, ONE_THREAD));
        contender.before().ifPresent(stage -> overrides.add(stage.handedOn(study.run(stage.run(network, labels, seed)))));
        overrides.addAll(contender.overrides());
        return overrides;
    }

    private Map<String, @Nullable Object> measured(String run) {
        return study.measured(run, () -> {
            Recipe own = Measured.recipe(study.run(run));
            try (var measured = Measured.open(study.run(run), own, study.folder().resolve("data"), 1, Extensions.NONE)) {
                Answers answers = measured.each((objective, model) -> objective.measurement(model))
                        .firstEntry()
                        .getValue()
                        .classified()
                        .orElseThrow(() -> new IllegalStateException(run + " tells no classes"));
                return Map.of("accuracy", answers.accuracy(), "gold", list(answers.gold()), "predicted", list(answers.predicted()));
            }
        });
    }

    private static List<Integer> list(int[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    /// Whether each test picture was read rightly.
    private static List<Boolean> right(Map<String, @Nullable Object> measured) {
        List<Boolean> right = new ArrayList<>();
        if (measured.get("gold") instanceof List<?> gold && measured.get("predicted") instanceof List<?> predicted) {
            for (int i = 0; i < gold.size(); i++) {
                right.add(gold.get(i).equals(predicted.get(i)));
            }
        }
        return right;
    }

    private Row row(Network network, int labels, Contender contender) {
        List<Double> scores = new ArrayList<>();
        List<Boolean> right = new ArrayList<>();
        List<Metric> copies = new ArrayList<>();
        double seconds = 0;
        long trainable = 0;
        int epoch = labels + contender.before().map(Stage::drawn).orElse(0);
        for (int seed = 1; seed <= settings.seeds(); seed++) {
            String name = run(network, labels, contender, seed);
            Map<String, @Nullable Object> measured = measured(name);
            scores.add(Comparison.number(measured, "accuracy"));
            right.addAll(right(measured));
            copies(network, labels, contender, seed).ifPresent(copies::add);
            Map<String, @Nullable Object> outcome = study.outcome(name);
            seconds += Comparison.number(outcome, "seconds") * epoch / Comparison.number(outcome, "tokens") / settings.seeds();
            trainable = (long) Comparison.number(outcome, "trainable_parameters");
        }
        boolean[] flags = new boolean[right.size()];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = right.get(i);
        }
        return new Row(network, labels, contender, flags, scores, copies, seconds, trainable);
    }

    /// The share of what was drawn for a run that is as near to a training picture as a copy.
    private Optional<Metric> copies(Network network, int labels, Contender contender, int seed) {
        return contender.before()
                .filter(stage -> stage.drawn() > 0)
                .flatMap(stage -> CopyAudit.stored(study.run(stage.run(network, labels, seed))))
                .map(audit -> audit.pixels().scores().near());
    }
}
