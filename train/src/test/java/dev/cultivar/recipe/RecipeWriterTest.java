package dev.cultivar.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Whatever Java can say is written, and read back as the same.
class RecipeWriterTest {

    @Test
    void whatIsWrittenIsReadBackEqual() {
        Any any = new Any(new Random(20));
        for (int i = 0; i < 300; i++) {
            Recipe recipe = any.recipe();
            String written = RecipeWriter.write(recipe);
            assertThat(RecipeReader.read(written, "resolved.yaml", List.of())).as(written).isEqualTo(recipe);
        }
    }

    @Test
    void everyKeyThatTheReaderKnowsIsWritten() {
        Any any = new Any(new Random(21));
        Set<String> written = new TreeSet<>();
        for (int i = 0; i < 900; i++) {
            Yaml tree = YamlParser.parse(RecipeWriter.write(any.recipe()), Place.file("x"), Reading.ofRecipe());
            paths(tree, "", written);
        }
        assertThat(written).isEqualTo(
                RecipeReader.keys().stream().map(KnownKey::path).collect(Collectors.toCollection(TreeSet::new)));
    }

    private static void paths(Yaml yaml, String path, Set<String> paths) {
        switch (yaml) {
            case Yaml.Mapping mapping when !path.endsWith("parameters") -> mapping.entries().forEach((key, value) -> {
                String deeper = path.isEmpty() || path.equals("turns.*") && !Set.of("name", "times", "moves").contains(key)
                        ? key
                        : path + "." + (Set.of("data.also", "objective.class_weights", "data.tasks", "objective.tasks", "objective.weights").contains(path) ? "*" : key);
                paths.add(deeper);
                if (!Set.of("data.tasks.*", "objective.tasks.*").contains(deeper)) { // there are the keys of data and objective again
                    paths(value, deeper, paths);
                }
            });
            case Yaml.Sequence sequence when path.equals("turns") || path.equals("data.added") || path.endsWith(".corpus") || path.endsWith(".clean") ->
                sequence.items().forEach(item -> paths(item, path + ".*", paths));
            default -> { }
        }
    }

    @Test
    void oneTurnIsWrittenFlatAndWhatIsShortInALine() {
        assertThat(RecipeWriter.write(Shelf.least("data.train.file=\"it's: 5\"", "optimizer.learning_rate=5e-4"))).isEqualTo("""
                name: x
                seed: 17
                backbone:
                  kind: bert
                  layers: 2
                  width: 64
                  heads: 2
                  feed_forward: 256
                  positions: 128
                  dropout: 0.1
                  attention_dropout: 0.1
                  initializer_range: 0.02
                tokenizer: {kind: wordpiece, vocabulary: 2048, min_frequency: 2, lowercase: true}
                data:
                  kind: rows
                  train: {file: "it's: 5", where: ""}
                  validation: none
                  test: none
                  also: {}
                  columns: {text: text, pair: "", negative: "", label: "", start: ""}
                objective: {kind: masked_lm, probability: 0.15, whole_word: false}
                optimizer:
                  kind: adamw
                  learning_rate: 0.0005
                  betas: [0.9, 0.999]
                  epsilon: 1.0e-8
                  weight_decay: 0.01
                  decay: matrices
                schedule: {kind: linear, warmup: 0.0}
                clipping: {norm: 1.0}
                strategy: {kind: full, layer_decay: 1.0}
                horizon: {steps: 100}
                batching: {rows: 8, max_length: 128, long: {kind: truncate}, accumulation: 1, loaders: 1}
                evaluate: {every: {epochs: 1.0}, tasks: [], first: false, judge: ""}
                stopping: none
                checkpoint: {every: {epochs: 1.0}, keep: 2}
                average: none
                device:
                  kind: cpu
                  threads: auto
                  replicas: auto
                  precision: auto
                  memory_format: auto
                  gradient_checkpointing: false
                precompute: {kind: auto, folder: "", megabytes: 4096, storage: exact}
                audit: {mode: warn, truncated: 0.01, unknown: 0.01}
                report: {examples: false}
                resume: exact
                """);
    }

    /// What Java leaves out is what a file leaves out.
    @Test
    void anElectraInJavaIsThatOfAFile() {
        Recipe built = Recipes.pretrain("x", Recipes.electra(2, 64, 2, 128), 2048).train(Path.of("a.txt")).build();
        Recipe read = RecipeReader.read("""
                name: x
                backbone: {kind: electra, layers: 2, width: 64, heads: 2, positions: 128}
                tokenizer: {kind: wordpiece, vocabulary: 2048}
                data: {train: {file: a.txt}}
                objective: replaced_token
                optimizer: {kind: adamw, learning_rate: 1e-3}
                schedule: {kind: linear, warmup: 0.06}
                horizon: {epochs: 1}
                batching: {rows: 32, max_length: 128}
                """, "x.yaml", List.of());
        assertThat(built).isEqualTo(read);
        assertThat(RecipeWriter.write(read)).contains("""
                objective:
                  kind: replaced_token
                  probability: 0.15
                  whole_word: false
                  generator: {kind: scaled, share: 0.25, embeddings: shared}
                  discriminator_weight: 50.0
                  temperature: 1.0
                """);
    }

    @Test
    void numbersKeepTheirBits() {
        Random random = new Random(22);
        for (int i = 0; i < 5000; i++) {
            double value = i % 2 == 0 ? Double.longBitsToDouble(random.nextLong()) : random.nextInt(2000) / 100.0;
            if (Double.isFinite(value)) {
                Yaml.Scalar scalar = new Yaml.Scalar(YamlText.number(value), true, Place.file("x"));
                assertThat(scalar.number().orElseThrow().doubleValue()).as(scalar.text()).isEqualTo(value);
                assertThat(scalar.isWrittenWhole()).as(scalar.text()).isFalse();
            }
        }
    }

    @Test
    void parametersAreFrozenAndOfFewTypes() {
        List<Object> rates = new ArrayList<>(List.of(1, 2.5f));
        Parameters parameters = new Parameters(Map.of("rates", rates, "count", 3));
        rates.clear();
        assertThat(parameters.values()).isEqualTo(Map.of("rates", List.of(1L, 2.5), "count", 3L));
        assertThatThrownBy(() -> new Parameters(Map.of("at", Path.of("x"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("parameter at must be a String, boolean, finite number, List or Map of these, got x");
        assertThatThrownBy(() -> new Parameters(Map.of("rate", Double.NaN))).isInstanceOf(IllegalArgumentException.class);
    }

    /// Recipes of every kind, each valid.
    private record Any(Random random) {

        private static final List<String> TEXTS = List.of(
                "text", "two words", "", " edge ", "null", "~", "true", "5", "1e3", ".inf", "0x1F", "none", "a: b", "#", "- x", "'", "\"\\",
                "line\nbreak\ttab", "é𝄞", "\u0000\u0085\u2028\uFEFF", "{a}", "[b]", "&a", "*a", "!t", "%", "@", "`", "?", "|", "a #b", "2026-01-01");

        @SafeVarargs
        private <T> T one(Supplier<? extends T>... choices) {
            return choices[random.nextInt(choices.length)].get();
        }

        private <T> T of(List<T> values) {
            return values.get(random.nextInt(values.size()));
        }

        private <E> E of(E[] values) {
            return values[random.nextInt(values.length)];
        }

        private int count() {
            return 1 + random.nextInt(1000);
        }

        /// In (0, 1).
        private double share() {
            return one(() -> (1 + random.nextInt(99)) / 100.0, () -> Math.max(1e-300, random.nextDouble()), () -> 1e-8);
        }

        private String text() {
            return of(TEXTS);
        }

        /// Not blank.
        private String name() {
            return "n" + text();
        }

        private Parameters parameters() {
            return new Parameters(entries(0));
        }

        private Map<String, Object> entries(int depth) {
            Map<String, Object> values = new LinkedHashMap<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                values.put(text(), free(depth + 1));
            }
            return values;
        }

        private Object free(int depth) {
            return depth > 3 ? text() : this.<Object>one(
                    this::text, random::nextBoolean, random::nextLong, random::nextGaussian, () -> -0.0, () -> 3.0,
                    () -> List.of(free(depth + 1), free(depth + 1)), () -> entries(depth));
        }

        private Recipe recipe() {
            BackboneRecipe backbone = this.<BackboneRecipe>one(
                    () -> new BackboneRecipe.Bert(1000, 8 * count(), 8, count(), 100_000,
                            one(() -> 0.0, this::share), share(), share()),
                    () -> new BackboneRecipe.Gpt2(1000, 8 * count(), 8, count(), 100_000,
                            of(BackboneRecipe.Activation.values()), share(), one(() -> 0.0, this::share), share(), random.nextBoolean()),
                    () -> new BackboneRecipe.Llama(1000, 16 * count(), 8, 2, count(), 100_000, count() + share(), share(), share(), random.nextBoolean()),
                    () -> new BackboneRecipe.Electra(1000, 8 * count(), 8, count(), count(), 100_000, share(), share(), share()),
                    () -> new BackboneRecipe.T5(
                            1000, count(), 8 * count(), 8, count(), random.nextBoolean(), 2 * (1 + count()), 500_000, share(), random.nextBoolean()),
                    () -> new BackboneRecipe.Bart(1000, count(), 8 * count(), 8, count(), 100_000, share(), share(), share()),
                    () -> new BackboneRecipe.Pretrained(name(), of(BackboneRecipe.Weights.values())),
                    () -> new BackboneRecipe.Custom(name(), parameters()));
            TokenizerRecipe tokenizer = this.<TokenizerRecipe>one(
                    () -> backbone instanceof BackboneRecipe.Pretrained ? new TokenizerRecipe.OfBackbone() : wordPiece(),
                    this::wordPiece,
                    () -> new TokenizerRecipe.BytePair(
                            262 + count(), count(), List.of("[CLS]", "[SEP]", "[MASK]", "<|x|>"), of(TokenizerRecipe.Ties.values()), random.nextInt(3)),
                    () -> new TokenizerRecipe.Characters(random.nextBoolean(), List.of("[CLS]", "[SEP]", "[MASK]", "é: {ü")),
                    () -> new TokenizerRecipe.Words(16 + count(), count(), random.nextBoolean()),
                    () -> new TokenizerRecipe.Stored(Path.of("a/b c.json")));
            boolean pictures = random.nextInt(5) == 0;
            boolean drawn = pictures || random.nextInt(5) == 0;
            List<TurnRecipe> turns = pictures ? pictures() : random.nextBoolean()
                    ? List.of(turn(TurnRecipe.MAIN, 1, List.of(), true))
                    : List.of(turn("a", count(), List.of(text(), text()), false), turn("b", 1, List.of(), false));
            boolean custom = drawn && turns.stream().map(TurnRecipe::objective)
                    .noneMatch(each -> each instanceof ObjectiveRecipe.Ranking || each instanceof ObjectiveRecipe.Embedding);
            DataRecipe data = custom
                    ? new DataRecipe.Custom(name(), parameters())
                    : rows(turns);
            Recipe plain = new Recipe(
                    "name-" + count(),
                    random.nextLong(),
                    backbone,
                    custom && random.nextBoolean() && turns.stream().allMatch(this::needsNoText) ? new TokenizerRecipe.None() : tokenizer,
                    data,
                    turns,
                    strategy(backbone),
                    this.<HorizonRecipe>one(
                            () -> new HorizonRecipe.Steps(count()),
                            () -> new HorizonRecipe.Epochs(share() * 10),
                            () -> new HorizonRecipe.Tokens(1L << 40),
                            () -> new HorizonRecipe.Minutes(share())),
                    new BatchingRecipe(
                            this.<BatchingRecipe.Budget>one(
                                    () -> new BatchingRecipe.Budget.Tokens(5000 + count()), () -> new BatchingRecipe.Budget.Rows(count())),
                            40 + count(),
                            !custom && turns.size() == 1 && turns.getFirst().objective() instanceof ObjectiveRecipe.Classification
                                    ? this.<BatchingRecipe.Longer>one(
                                            () -> new BatchingRecipe.Longer.HeadTail(share()),
                                            () -> new BatchingRecipe.Longer.Chunk(random.nextInt(20)))
                                    : new BatchingRecipe.Longer.Truncate(),
                            count(), random.nextInt(65)),
                    evaluated(data, turns),
                    validated(data) || custom
                            ? one(() -> new StoppingRecipe.None(), () -> new StoppingRecipe.Patience(count(), name()))
                            : new StoppingRecipe.None(),
                    new CheckpointRecipe(every(), count()),
                    this.<AverageRecipe>one(() -> new AverageRecipe.None(), () -> new AverageRecipe.Exponential(share())),
                    new DeviceRecipe(
                            of(DeviceRecipe.Kind.values()),
                            one(() -> new DeviceRecipe.Threads.Auto(), () -> new DeviceRecipe.Threads.Count(count())),
                            one(() -> new DeviceRecipe.Threads.Auto(), () -> new DeviceRecipe.Threads.Count(count())),
                            of(DeviceRecipe.Precision.values()), of(DeviceRecipe.MemoryFormat.values()), random.nextBoolean()),
                    this.<PrecomputeRecipe>one(
                            () -> new PrecomputeRecipe.Auto(keep()),
                            () -> new PrecomputeRecipe.On(keep()),
                            () -> new PrecomputeRecipe.Off()),
                    new AuditRecipe(of(AuditRecipe.Mode.values()), share(), share()),
                    new ReportRecipe(random.nextBoolean()),
                    of(Recipe.Resume.values()));
            return switch (random.nextInt(9)) {
                case 0 -> several(plain);
                case 1 -> new DrawnPictures(random).of(plain);
                default -> plain;
            };
        }

        /// The same for two tasks that share the backbone.
        private Recipe several(Recipe plain) {
            SequencedMap<String, DataRecipe.Rows> rows = new LinkedHashMap<>();
            SequencedMap<String, ObjectiveRecipe> objectives = new LinkedHashMap<>();
            SequencedMap<String, Double> weights = new LinkedHashMap<>();
            for (String task : List.of("what-it-is", "how_old2")) {
                rows.put(task, new DataRecipe.Rows(
                        source(), new DataRecipe.Held.Fraction(share() / 2), held(DataRecipe.By.ROWS), new DataRecipe.Columns(name(), text(), name())));
                objectives.put(task, this.<ObjectiveRecipe>one(
                        () -> new ObjectiveRecipe.Classification(of(ObjectiveRecipe.Pooling.values()), share(), of(ObjectiveRecipe.Head.values())),
                        () -> new ObjectiveRecipe.Regression(
                                of(ObjectiveRecipe.Pooling.values()), of(ObjectiveRecipe.Head.values()),
                                of(ObjectiveRecipe.RegressionLoss.values()), random.nextBoolean())));
                if (random.nextBoolean()) {
                    weights.put(task, share());
                }
            }
            var turn = new TurnRecipe(
                    TurnRecipe.MAIN, 1, List.of(), new ObjectiveRecipe.Tasks(objectives, weights), optimizer(), schedule(), new ClippingRecipe.None());
            return new Recipe(
                    plain.name(), plain.seed(), plain.backbone(), new TokenizerRecipe.Stored(Path.of("a/b c.json")),
                    new DataRecipe.Tasks(rows, 1 + share()), List.of(turn), new StrategyRecipe.Full(share()), plain.horizon(),
                    new BatchingRecipe(
                            plain.batching().budget(), plain.batching().maxLength(), new BatchingRecipe.Longer.Truncate(),
                            plain.batching().accumulation(), plain.batching().loaders()),
                    new EvaluateRecipe(every(), List.of("how_old2.validation"), random.nextBoolean()), plain.stopping(), plain.checkpoint(),
                    plain.average(), plain.device(), plain.precompute(), plain.audit(), plain.report(), plain.resume());
        }

        private DataRecipe.Rows rows(List<TurnRecipe> turns) {
            ObjectiveRecipe objective = turns.getFirst().objective();
            DataRecipe.Source train = source();
            boolean running = train instanceof DataRecipe.Source.Corpus
                    || turns.stream().anyMatch(turn -> turn.objective() instanceof ObjectiveRecipe.CausalLm);
            DataRecipe.By by = running ? DataRecipe.By.ROWS : of(DataRecipe.By.values());
            DataRecipe.Held validation = held(by);
            SequencedMap<String, DataRecipe.Source> also = new LinkedHashMap<>();
            for (int i = validation instanceof DataRecipe.Held.None ? 0 : random.nextInt(3); i > 0; i--) {
                also.put("general-" + i, source());
            }
            return new DataRecipe.Rows(train, validation, held(by), also, columns(objective));
        }

        private EvaluateRecipe evaluated(DataRecipe data, List<TurnRecipe> turns) {
            List<String> tasks = data instanceof DataRecipe.Custom ? of(List.of(List.of(), List.of("test", "validation"))) : tasks(data);
            boolean draws = turns.stream().map(TurnRecipe::objective).anyMatch(objective ->
                    objective instanceof PictureObjectiveRecipe.Vae || objective instanceof PictureObjectiveRecipe.GanGenerator);
            return new EvaluateRecipe(every(), tasks, !tasks.isEmpty() && random.nextBoolean(), draws && !tasks.isEmpty() ? text() : "");
        }

        private PrecomputeRecipe.Keep keep() {
            return new PrecomputeRecipe.Keep(text(), count(), of(PrecomputeRecipe.Storage.values()));
        }

        private TokenizerRecipe wordPiece() {
            return new TokenizerRecipe.WordPiece(16 + count(), count(), random.nextBoolean());
        }

        private boolean needsNoText(TurnRecipe turn) {
            return turn.objective() instanceof ObjectiveRecipe.Custom || turn.objective() instanceof PictureObjectiveRecipe || turn.objective() instanceof ObjectiveRecipe.OfRow;
        }

        private static boolean validated(DataRecipe data) {
            return data instanceof DataRecipe.Rows rows && !(rows.validation() instanceof DataRecipe.Held.None);
        }

        private static List<String> tasks(DataRecipe data) {
            List<String> tasks = new ArrayList<>();
            if (data instanceof DataRecipe.Rows rows && !(rows.test() instanceof DataRecipe.Held.None)) {
                tasks.add("test");
            }
            if (validated(data)) {
                tasks.add("validation");
            }
            if (data instanceof DataRecipe.Rows rows) {
                tasks.addAll(rows.also().sequencedKeySet().reversed());
            }
            return tasks;
        }

        private DataRecipe.Source source() {
            return this.<DataRecipe.Source>one(
                    () -> new DataRecipe.Source.Table(Path.of("data/a b.csv"), text()),
                    () -> new DataRecipe.Source.Sql("select 'x' as \"text\" from " + text()),
                    () -> new DataRecipe.Source.Zoo("wordnet", of(List.of("pretraining", "train", "validation", "test")), random.nextInt(9)),
                    () -> new DataRecipe.Source.Corpus(new CorpusRecipe(List.of(documents(), documents()), List.of(step(), step()))));
        }

        private CorpusRecipe.Source documents() {
            CorpusRecipe.Place place = this.<CorpusRecipe.Place>one(
                            () -> new CorpusRecipe.Place.Files(List.of(name(), name()), List.of(), List.of(name())),
                            () -> new CorpusRecipe.Place.Sql("select " + text()),
                            () -> new CorpusRecipe.Place.Jdk(List.of(name()), List.of()));
            boolean query = place instanceof CorpusRecipe.Place.Sql;
            return new CorpusRecipe.Source(
                    place,
                    share() * 9,
                    query ? CorpusRecipe.Document.FILE : of(CorpusRecipe.Document.values()),
                    place instanceof CorpusRecipe.Place.Jdk ? "text" : text(),
                    query ? CorpusRecipe.Invalid.REFUSE : of(CorpusRecipe.Invalid.values()),
                    of(CorpusRecipe.Nul.values()));
        }

        private CorpusRecipe.Step step() {
            return this.<CorpusRecipe.Step>one(
                    () -> new CorpusRecipe.Step.Length(count(), count(), count(), count()),
                    () -> new CorpusRecipe.Step.Quality(share(), share(), share(), share(), share(), share(), share(), share()),
                    () -> new CorpusRecipe.Step.ExactDuplicates(),
                    () -> new CorpusRecipe.Step.NearDuplicates(share(), 3, 5, 7, random.nextLong()),
                    () -> new CorpusRecipe.Step.Decontamination(8, count(), count(), List.of(name())));
        }

        private DataRecipe.Held held(DataRecipe.By by) {
            return this.<DataRecipe.Held>one(
                    () -> new DataRecipe.Held.None(),
                    () -> new DataRecipe.Held.Apart(source()),
                    () -> new DataRecipe.Held.Fraction(share() / 2, by));
        }

        private Every every() {
            return this.<Every>one(() -> new Every.Never(), this::interval);
        }

        private Every interval() {
            return this.<Every>one(() -> new Every.Steps(count()), () -> new Every.Epochs(share()));
        }

        private Targets targets() {
            return this.<Targets>one(
                    () -> Targets.of(List.of("query", "output.dense").subList(0, random.nextInt(3))),
                    () -> Targets.matching("encoder\\.layer\\.[0-" + random.nextInt(10) + "]\\..*(query|key)"),
                    Targets::allLinear);
        }

        private StrategyRecipe strategy(BackboneRecipe backbone) {
            boolean adapts = backbone instanceof BackboneRecipe.Pretrained(String model, BackboneRecipe.Weights weights)
                    && weights == BackboneRecipe.Weights.PRETRAINED;
            if (adapts && random.nextBoolean()) {
                return this.<StrategyRecipe>one(
                        () -> new StrategyRecipe.Lora(
                                count(), 1 + random.nextInt(32), random.nextInt(9) / 10.0, targets(),
                                random.nextBoolean(), random.nextBoolean()),
                        () -> new StrategyRecipe.Ia3(targets(), targets()),
                        () -> new StrategyRecipe.Prompt(count()),
                        () -> new StrategyRecipe.Prefix(count()));
            }
            return this.<StrategyRecipe>one(
                    () -> new StrategyRecipe.Full(share()),
                    () -> new StrategyRecipe.FeatureExtraction(),
                    () -> new StrategyRecipe.Partial(count(), random.nextBoolean(), 1),
                    () -> new StrategyRecipe.Gradual(interval(), share()),
                    () -> new StrategyRecipe.BitFit(),
                    () -> new StrategyRecipe.Custom(name(), parameters()));
        }

        private TurnRecipe turn(String name, int times, List<String> moves, boolean alone) {
            ObjectiveRecipe objective = alone && random.nextInt(3) == 0 ? alone() : this.<ObjectiveRecipe>one(
                    () -> new ObjectiveRecipe.MaskedLm(share(), random.nextBoolean()),
                    () -> new ObjectiveRecipe.MaskedLmNextSentence(share(), random.nextBoolean(), share()),
                    () -> new ObjectiveRecipe.CausalLm(of(ObjectiveRecipe.Rows.values()), random.nextInt(8)),
                    () -> new ObjectiveRecipe.ReplacedToken(share(), random.nextBoolean(), this.<ObjectiveRecipe.Generator>one(
                            () -> new ObjectiveRecipe.Generator.Scaled(share(), of(ObjectiveRecipe.Embeddings.values())),
                            () -> new ObjectiveRecipe.Generator.Sized(1000, 8 * count(), 8, count(), of(ObjectiveRecipe.Embeddings.values()))),
                            share(), share()),
                    () -> new ObjectiveRecipe.CausalLm(of(ObjectiveRecipe.Rows.values()), random.nextInt(2)),
                    () -> new ObjectiveRecipe.Classification(
                            of(ObjectiveRecipe.Pooling.values()), share(), of(ObjectiveRecipe.Head.values()),
                            this.<ObjectiveRecipe.ClassWeights>one(
                                    () -> new ObjectiveRecipe.ClassWeights.Equal(),
                                    () -> new ObjectiveRecipe.ClassWeights.Balanced(),
                                    () -> new ObjectiveRecipe.ClassWeights.Given(new LinkedHashMap<>(Map.of("a", share(), "b c", share())))),
                            share()),
                    () -> new ObjectiveRecipe.MultiLabel(
                            of(ObjectiveRecipe.Pooling.values()), of(ObjectiveRecipe.Head.values()), of(TEXTS)),
                    () -> new ObjectiveRecipe.Ordinal(
                            of(ObjectiveRecipe.Pooling.values()), of(ObjectiveRecipe.Head.values()), List.of("low", "high"),
                            of(ObjectiveRecipe.OrdinalLoss.values())),
                    () -> new ObjectiveRecipe.Regression(
                            of(ObjectiveRecipe.Pooling.values()), of(ObjectiveRecipe.Head.values()),
                            of(ObjectiveRecipe.RegressionLoss.values()), random.nextBoolean()),
                    () -> new ObjectiveRecipe.Custom(name(), parameters()));
            return turn(name, times, moves, objective);
        }

        private TurnRecipe turn(String name, int times, List<String> moves, ObjectiveRecipe objective) {
            ClippingRecipe clipping = this.<ClippingRecipe>one(
                    () -> new ClippingRecipe.None(), () -> new ClippingRecipe.Norm(share()));
            return new TurnRecipe(name, times, moves, objective, optimizer(), schedule(), clipping);
        }

        /// One objective over pictures, or the two halves of a GAN.
        private List<TurnRecipe> pictures() {
            if (random.nextBoolean()) {
                return gan();
            }
            return List.of(turn(TurnRecipe.MAIN, 1, List.of(), this.<ObjectiveRecipe>one(
                    () -> new PictureObjectiveRecipe.Autoencoder(
                            this.<PictureObjectiveRecipe.Corruption>one(
                                    () -> new PictureObjectiveRecipe.Corruption.None(),
                                    () -> new PictureObjectiveRecipe.Corruption.Gaussian(share()),
                                    () -> new PictureObjectiveRecipe.Corruption.Mask(share())),
                            of(PictureObjectiveRecipe.Reconstruction.values())),
                    () -> new PictureObjectiveRecipe.Vae(
                            count(), share() * 3, random.nextBoolean(), of(PictureObjectiveRecipe.Likelihood.values())),
                    () -> new PictureObjectiveRecipe.MaskedPatches(
                            share(), new PictureObjectiveRecipe.Decoder(count(), 8 * count(), 8), random.nextBoolean()),
                    () -> new PictureObjectiveRecipe.SimClr(share(), count()),
                    () -> new PictureObjectiveRecipe.Rotation(),
                    () -> new PictureObjectiveRecipe.FixMatch(share(), share(), count(), of(ObjectiveRecipe.Head.values())))));
        }

        private List<TurnRecipe> gan() {
            PictureObjectiveRecipe.CriticLoss loss = this.<PictureObjectiveRecipe.CriticLoss>one(
                    () -> new PictureObjectiveRecipe.CriticLoss.NonSaturating(),
                    () -> new PictureObjectiveRecipe.CriticLoss.Hinge(),
                    () -> new PictureObjectiveRecipe.CriticLoss.Wasserstein(share() * 20));
            boolean conditional = random.nextBoolean();
            boolean classes = !conditional && loss.game() == PictureObjectiveRecipe.Game.NON_SATURATING && random.nextBoolean();
            var drawing = this.<PictureObjectiveRecipe.Drawing>one(
                    () -> new PictureObjectiveRecipe.Drawing.Mlp(List.of(count(), count())),
                    () -> new PictureObjectiveRecipe.Drawing.Dcgan(List.of(count())));
            TurnRecipe critic = turn("critic", count(), List.of(text()), new PictureObjectiveRecipe.GanCritic(loss, conditional, classes));
            TurnRecipe generator = turn("generator", 1, List.of(), new PictureObjectiveRecipe.GanGenerator(
                    drawing, count(), loss.game(), conditional, random.nextBoolean()));
            return random.nextBoolean() ? List.of(critic, generator) : List.of(generator, critic);
        }

        private ObjectiveRecipe alone() {
            return this.<ObjectiveRecipe>one(
                    () -> new ObjectiveRecipe.TokenClassification(of(ObjectiveRecipe.Tags.values()), of(ObjectiveRecipe.Head.values())),
                    () -> new ObjectiveRecipe.QuestionAnswering(
                            random.nextInt(12),
                            count(),
                            this.<ObjectiveRecipe.NoAnswer>one(
                                    () -> new ObjectiveRecipe.NoAnswer.None(), () -> new ObjectiveRecipe.NoAnswer.Threshold(random.nextGaussian())),
                            of(ObjectiveRecipe.Spans.values()),
                            of(ObjectiveRecipe.Head.values())),
                    () -> new ObjectiveRecipe.SequenceToSequence(2 + random.nextInt(500), share(), random.nextBoolean()),
                    () -> new ObjectiveRecipe.Ranking(of(ObjectiveRecipe.RankingLoss.values()), of(ObjectiveRecipe.Head.values())),
                    this::embedding,
                    () -> new ObjectiveRecipe.SpanCorruption(share(), 1 + share()),
                    () -> new ObjectiveRecipe.Denoising(share(), share(), random.nextBoolean()));
        }

        /// The columns that each reads.
        private DataRecipe.Columns columns(ObjectiveRecipe objective) {
            return switch (objective) {
                case ObjectiveRecipe.Ranking _ -> new DataRecipe.Columns(name(), name(), name());
                case ObjectiveRecipe.Embedding embedding when embedding.labelled() -> new DataRecipe.Columns(name(), "", name());
                case ObjectiveRecipe.Embedding embedding when embedding.scored() -> new DataRecipe.Columns(name(), name(), name());
                case ObjectiveRecipe.Embedding embedding -> new DataRecipe.Columns(
                        name(), name(), embedding.hardNegatives() instanceof ObjectiveRecipe.HardNegatives.None ? name() : "", "", "");
                case ObjectiveRecipe.TokenClassification _, ObjectiveRecipe.SpanCorruption _, ObjectiveRecipe.Denoising _ ->
                    new DataRecipe.Columns(name(), "", name());
                case ObjectiveRecipe.QuestionAnswering _ -> new DataRecipe.Columns(name(), name(), "", name(), text());
                case ObjectiveRecipe.SequenceToSequence _ -> new DataRecipe.Columns(name(), name(), name());
                default -> new DataRecipe.Columns(name(), text(), name());
            };
        }

        private ObjectiveRecipe.Embedding embedding() {
            ObjectiveRecipe.Embedding any = anyEmbedding();
            return any.scored()
                    ? new ObjectiveRecipe.Embedding(
                            any.pooling(), any.normalize(), any.loss(), any.pairs(), new ObjectiveRecipe.HardNegatives.None())
                    : any;
        }

        private ObjectiveRecipe.Embedding anyEmbedding() {
            return new ObjectiveRecipe.Embedding(
                    of(ObjectiveRecipe.Pooling.values()),
                    random.nextBoolean(),
                    this.<ObjectiveRecipe.EmbeddingLoss>one(
                            () -> new ObjectiveRecipe.EmbeddingLoss.MultipleNegatives(share() * 30, random.nextBoolean()),
                            () -> new ObjectiveRecipe.EmbeddingLoss.Cosine(),
                            () -> new ObjectiveRecipe.EmbeddingLoss.Contrastive(share()),
                            () -> new ObjectiveRecipe.EmbeddingLoss.Triplet(share())),
                    this.<ObjectiveRecipe.Pairs>one(
                            () -> new ObjectiveRecipe.Pairs.Columns(), () -> new ObjectiveRecipe.Pairs.Labels(1 + random.nextInt(1000))),
                    this.<ObjectiveRecipe.HardNegatives>one(
                            () -> new ObjectiveRecipe.HardNegatives.None(),
                            () -> new ObjectiveRecipe.HardNegatives.Nearest(name(), 1 + random.nextInt(1000))));
        }

        private OptimizerRecipe optimizer() {
            OptimizerRecipe.Decayed decayed = of(OptimizerRecipe.Decayed.values());
            Supplier<OptimizerRecipe.AdamW> adamW =
                    () -> new OptimizerRecipe.AdamW(share(), share(), share(), share(), share() * 1e20, decayed);
            return this.<OptimizerRecipe>one(
                    adamW,
                    () -> new OptimizerRecipe.Adam(share(), share(), share(), share(), random.nextBoolean(), share(), decayed),
                    () -> new OptimizerRecipe.Adamax(share(), share(), share(), share(), share(), decayed),
                    () -> new OptimizerRecipe.NAdam(share(), share(), share(), share(), share(), share(), decayed),
                    () -> new OptimizerRecipe.RAdam(share(), share(), share(), share(), share(), decayed),
                    () -> new OptimizerRecipe.Adagrad(share(), share(), share(), share(), share(), decayed),
                    () -> new OptimizerRecipe.Adadelta(share(), share(), share(), share(), decayed),
                    () -> new OptimizerRecipe.RmsProp(share(), share(), share(), share(), random.nextBoolean(), share(), decayed),
                    () -> new OptimizerRecipe.Sgd(share(), share(), share(), false, 0, decayed),
                    () -> new OptimizerRecipe.Sgd(share(), share(), 0, true, share(), decayed),
                    () -> new OptimizerRecipe.Lion(share(), share(), share(), share(), decayed),
                    () -> new OptimizerRecipe.Adafactor(share(), random.nextBoolean(), random.nextBoolean(), share(), share(), share(), share(),
                            share(), decayed),
                    () -> new OptimizerRecipe.Muon(share(), share(), random.nextBoolean(), 1 + random.nextInt(99),
                            of(OptimizerRecipe.Muon.Scale.values()), share(), adamW.get()),
                    () -> new OptimizerRecipe.Custom(name(), share(), parameters()));
        }

        private ScheduleRecipe schedule() {
            ScheduleRecipe.Warmup warmup = this.<ScheduleRecipe.Warmup>one(
                    () -> new ScheduleRecipe.Warmup.Share(share()), () -> new ScheduleRecipe.Warmup.Steps(count() - 1));
            var risen = new ScheduleRecipe.Warmup.Share(share() / 2);
            ScheduleRecipe.Warmup decay = this.<ScheduleRecipe.Warmup>one(
                    () -> new ScheduleRecipe.Warmup.Share(share() / 2), () -> new ScheduleRecipe.Warmup.Steps(count()));
            return this.<ScheduleRecipe>one(
                    () -> new ScheduleRecipe.Constant(warmup),
                    () -> new ScheduleRecipe.Linear(warmup),
                    () -> new ScheduleRecipe.Cosine(warmup, share() * 10),
                    () -> new ScheduleRecipe.CosineWithRestarts(warmup, count()),
                    () -> new ScheduleRecipe.CosineWithMinimum(warmup, share(), share()),
                    () -> new ScheduleRecipe.CosineWarmupWithMinimum(warmup, share(), share()),
                    () -> new ScheduleRecipe.Polynomial(warmup, share() * 10, share()),
                    () -> new ScheduleRecipe.InverseSqrt(warmup, this.<ScheduleRecipe.Timescale>one(
                            () -> new ScheduleRecipe.Timescale.OfWarmup(), () -> new ScheduleRecipe.Timescale.Steps(count()))),
                    () -> new ScheduleRecipe.WarmupStableDecay(
                            risen, of(ScheduleRecipe.Shape.values()), decay, of(ScheduleRecipe.Shape.values()), share()),
                    () -> new ScheduleRecipe.Custom(name(), warmup, parameters()));
        }
    }
}
