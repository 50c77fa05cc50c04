package dev.cultivar.study;

import dev.cultivar.batch.Task;
import dev.cultivar.evaluate.ClassificationScores;
import dev.cultivar.evaluate.Direction;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.evaluate.PairedDifference;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.loop.Event;
import dev.cultivar.objective.Classification;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.run.Extensions;
import dev.cultivar.run.Measured;
import dev.cultivar.run.TrainingRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What pretraining on drawn digits is worth when labels are few: networks from scratch beside the same networks that have seen drawings, with all
/// layers trained, the first ones frozen, or the dense ones alone trained; over label counts, on the same test pictures.
public final class Digits {
    private final Settings settings;
    private final Study study;
    private final Watcher watcher;

    /// @param folder   the study's
    /// @param idx      a folder with MNIST's files; without one the digits are drawn too, and pretraining is on letters
    /// @param labels   counts of labelled training pictures
    /// @param networks their names
    /// @param seeds    how many runs of each, with other draws
    /// @param more     overrides of both recipes
    public record Settings(Path folder, Optional<Path> idx, List<Integer> labels, List<String> networks, int seeds, List<String> more) {
        public Settings {
            labels = List.copyOf(labels);
            networks = List.copyOf(networks);
            more = List.copyOf(more);
            for (String name : networks) {
                if (Network.named(name).isEmpty()) {
                    throw new RecipeException("there is no network called " + name + "; there are " + Network.ALL.stream().map(Network::name).toList());
                }
            }
            if (networks.isEmpty() || labels.isEmpty() || labels.stream().anyMatch(each -> each < 10)) {
                throw new RecipeException("digits need at least one network, and label counts of 10 or more, got " + networks + " and " + labels);
            }
        }

        /// The settings of a study that exists.
        public static Settings of(Path folder) {
            Map<String, ?> question = JsonFiles.read(folder.resolve("study.json"));
            String idx = String.valueOf(question.get("idx"));
            return new Settings(
                    folder,
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
            question.put("study", NAME);
            question.put("idx", idx.map(Path::toString).orElse(""));
            question.put("labels", labels);
            question.put("networks", networks);
            question.put("seeds", seeds);
            question.put("more", more);
            return question;
        }
    }

    static final String NAME = "digits";

    /// Whether a folder holds a study of this kind.
    public static boolean isIn(Path folder) {
        return Files.exists(folder.resolve("study.json")) && NAME.equals(JsonFiles.read(folder.resolve("study.json")).get("study"));
    }

    /// How a network is trained on the labelled pictures.
    enum Way {
        SCRATCH("from scratch"),
        FULL("pretrained, all layers"),
        UPPER("pretrained, first layers frozen"),
        DENSE("pretrained, dense layers only");

        private final String title;

        Way(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// One row of the table: all seeds of one network, count and way.
    ///
    /// @param right   of each test picture of each seed, whether it was read rightly
    /// @param scores  accuracy of each seed
    /// @param seconds an epoch of training took, the mean over seeds
    /// @param trainable numbers that moved
    record Row(Network network, int labels, Way way, boolean[] right, List<Double> scores, double seconds, long trainable) {
        /// Over all test pictures; of one seed with Wilson's interval, of several with that of their mean.
        Metric accuracy() {
            int hits = 0;
            for (boolean each : right) {
                hits += each ? 1 : 0;
            }
            return scores.size() == 1 ? Metric.share("accuracy", hits, right.length) : mean(scores);
        }

        /// Student's interval over seeds.
        private static Metric mean(List<Double> scores) {
            double mean = scores.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
            double squares = scores.stream().mapToDouble(score -> (score - mean) * (score - mean)).sum();
            double half = quantile(scores.size() - 1) * Math.sqrt(squares / (scores.size() - 1) / scores.size());
            return new Metric("accuracy", mean, mean - half, mean + half, Direction.HIGHER);
        }

        /// Student's t at 97.5 %, by degrees of freedom.
        private static double quantile(int freedom) {
            double[] known = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262};
            return freedom <= known.length ? known[freedom - 1] : 1.96 + 2.4 / freedom;
        }
    }

    /// Who watches.
    ///
    /// @param pretraining gets the events of the pretraining runs
    /// @param said        gets a line for each thing that is done
    /// @param interrupted asked after each step
    public record Watcher(java.util.function.Consumer<Event> pretraining, java.util.function.Consumer<String> said, java.util.function.BooleanSupplier interrupted) {}

    private Digits(Settings settings, Study study, Watcher watcher) {
        this.settings = settings;
        this.study = study;
        this.watcher = watcher;
    }

    /// Runs the study, or what is left of it.
    public static DigitsTable run(Settings settings, Watcher watcher) {
        settings.idx().ifPresent(Digits::requireIdx);
        return new Digits(settings, Study.open(settings.folder(), settings.question()), watcher).table();
    }

    private static Path images(Path folder) {
        return folder.resolve("train-images-idx3-ubyte.gz");
    }

    private static Path labels(Path folder) {
        return folder.resolve("train-labels-idx1-ubyte.gz");
    }

    private static void requireIdx(Path folder) {
        for (Path file : List.of(images(folder), labels(folder))) {
            if (!Files.isRegularFile(file)) {
                throw new RecipeException(file + " does not exist; --data wants a folder with MNIST's train-images-idx3-ubyte.gz and "
                        + "train-labels-idx1-ubyte.gz. Without --data the digits are drawn");
            }
        }
    }

    private DigitsTable table() {
        List<Network> networks = settings.networks().stream().map(name -> Network.named(name).orElseThrow()).toList();
        for (Network network : networks) {
            watcher.said().accept("pretraining " + network.name() + " on drawn " + (settings.idx().isPresent() ? "digits" : "letters"));
            study.train(pretraining(network), request("pretrain-" + network.name()).watchedBy(watcher.pretraining()));
        }
        search(networks);
        List<Row> rows = new ArrayList<>();
        for (Network network : networks) {
            for (int labels : settings.labels()) {
                for (Way way : Way.values()) {
                    rows.add(row(network, labels, way));
                }
            }
        }
        return new DigitsTable(settings, rows);
    }

    private TrainingRun.Request request(String run) {
        return TrainingRun.Request.to(study.run(run)).cachedIn(study.folder().resolve("data")).stoppedBy(watcher.interrupted());
    }

    private Recipe pretraining(Network network) {
        List<String> overrides = new ArrayList<>(network.overrides());
        if (settings.idx().isEmpty()) {
            overrides.add("data.train.glyphs=letters");
            overrides.add("data.validation.glyphs=letters");
        }
        overrides.addAll(settings.more());
        return Quickstart.recipe("digits-pretrain", overrides);
    }

    private static String run(Network network, int labels, Way way, int seed) {
        return network.name() + "-" + labels + "-" + way.word() + "-" + seed;
    }

    /// Each run has one thread, and there are as many at once as processors.
    private void search(List<Network> networks) {
        List<Future<?>> runs = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            for (Network network : networks) {
                for (int labels : settings.labels()) {
                    for (Way way : Way.values()) {
                        for (int seed = 1; seed <= settings.seeds(); seed++) {
                            int number = seed;
                            runs.add(executor.submit(() -> train(network, labels, way, number)));
                        }
                    }
                }
            }
            for (Future<?> each : runs) {
                Task.result(each, "interrupted while networks were trained");
            }
        }
    }

    private void train(Network network, int labels, Way way, int seed) {
        String name = run(network, labels, way, seed);
        study.train(Quickstart.recipe("digits-classify", overrides(network, labels, way, seed)), request(name));
        Map<String, @Nullable Object> measured = measured(name);
        watcher.said().accept("%-5s %,6d labels  %-32s accuracy %.3f, %.0f s".formatted(
                network.name(), labels, way.title(), DigitsTable.accuracy(measured), Comparison.number(study.outcome(name), "seconds")));
    }

    private List<String> overrides(Network network, int labels, Way way, int seed) {
        List<String> overrides = new ArrayList<>(network.later());
        overrides.add("seed=" + seed);
        overrides.add("backbone.model=" + study.run("pretrain-" + network.name()));
        settings.idx().ifPresent(folder -> overrides.add("data.train={idx: " + images(folder) + ", labels: " + labels(folder) + "}"));
        overrides.add("data.rows=" + labels);
        overrides.add("device={kind: cpu, threads: 1, precision: float32}");
        if (settings.idx().isEmpty()) {
            overrides.add("objective.head=new"); // that of the letters has other classes
        }
        // Few pictures need few steps; of many each is to be seen a few times.
        overrides.add("horizon={steps: " + Math.max(200, 5 * labels / 32) + "}");
        overrides.add(switch (way) {
            case SCRATCH -> "backbone.weights=random";
            case FULL -> "strategy=full";
            case UPPER -> "strategy=" + network.upper();
            case DENSE -> "strategy=" + network.dense();
        });
        overrides.addAll(settings.more());
        return overrides;
    }

    private Map<String, @Nullable Object> measured(String run) {
        return study.measured(run, () -> {
            Recipe own = Measured.recipe(study.run(run));
            try (var measured = Measured.open(study.run(run), own, study.folder().resolve("data"), 1, Extensions.NONE)) {
                var scores = (Classification.Scores) measured.each((objective, model) -> objective.measurement(model)).firstEntry().getValue();
                ClassificationScores all = scores.scores();
                return Map.of("accuracy", all.accuracy().value(), "gold", list(scores.gold()), "predicted", list(scores.predicted()));
            }
        });
    }

    private static List<Integer> list(int[] values) {
        return java.util.Arrays.stream(values).boxed().toList();
    }

    private Row row(Network network, int labels, Way way) {
        List<Double> scores = new ArrayList<>();
        List<Boolean> right = new ArrayList<>();
        double seconds = 0;
        long trainable = 0;
        for (int seed = 1; seed <= settings.seeds(); seed++) {
            String name = run(network, labels, way, seed);
            Map<String, @Nullable Object> measured = measured(name);
            scores.add(DigitsTable.accuracy(measured));
            right.addAll(DigitsTable.right(measured));
            Map<String, @Nullable Object> outcome = study.outcome(name);
            seconds += Comparison.number(outcome, "seconds") * labels / Comparison.number(outcome, "tokens") / settings.seeds();
            trainable = (long) Comparison.number(outcome, "trainable_parameters");
        }
        boolean[] flags = new boolean[right.size()];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = right.get(i);
        }
        return new Row(network, labels, way, flags, scores, seconds, trainable);
    }

    /// Two rows on the same test pictures.
    static PairedDifference difference(Row first, Row second) {
        return PairedDifference.of(first.right(), second.right());
    }
}
