package dev.cultivar.recipe;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Builds recipes in Java: what is left out has the default that a recipe file has, and what a file has to say (optimizer, horizon,
/// batching) a usual value; the learning rate warms up for 6 % of the way. The result is as strictly checked as a file.
public final class Recipes {
    private final String name;
    private long seed = 17;
    private BackboneRecipe backbone;
    private TokenizerRecipe tokenizer;
    private DataRecipe.Source train = new DataRecipe.Source.Table(Path.of(""), "");
    private DataRecipe.Held validation = new DataRecipe.Held.None();
    private DataRecipe.Held test = new DataRecipe.Held.None();
    private final SequencedMap<String, DataRecipe.Source> also = new LinkedHashMap<>();
    private final SequencedMap<String, DataRecipe.Rows> tasks = new LinkedHashMap<>();
    private final SequencedMap<String, ObjectiveRecipe> objectives = new LinkedHashMap<>();
    private final SequencedMap<String, Double> weights = new LinkedHashMap<>();
    private DataRecipe.Columns columns = new DataRecipe.Columns("text", "", "");
    private ObjectiveRecipe objective;
    private StrategyRecipe strategy = new StrategyRecipe.Full(1);
    private OptimizerRecipe optimizer = adamW(1e-3);
    private ScheduleRecipe schedule = new ScheduleRecipe.Linear(new ScheduleRecipe.Warmup.Share(0.06));
    private HorizonRecipe horizon = new HorizonRecipe.Epochs(1);
    private BatchingRecipe batching = new BatchingRecipe(new BatchingRecipe.Budget.Rows(32), 128, 1, 1);
    private StoppingRecipe stopping = new StoppingRecipe.None();
    private PrecomputeRecipe precompute =
            new PrecomputeRecipe.Auto(new PrecomputeRecipe.Keep("", 4096, PrecomputeRecipe.Storage.EXACT));

    private Recipes(String name, BackboneRecipe backbone, TokenizerRecipe tokenizer, ObjectiveRecipe objective) {
        this.name = name;
        this.backbone = backbone;
        this.tokenizer = tokenizer;
        this.objective = objective;
    }

    /// Masked language modelling with a new BERT and a new tokenizer.
    ///
    /// @param vocabulary pieces of the tokenizer
    public static Recipes pretrain(String name, BackboneRecipe.Bert backbone, int vocabulary) {
        return new Recipes(
                name, backbone, new TokenizerRecipe.WordPiece(vocabulary, 2, true), new ObjectiveRecipe.MaskedLm(0.15, false));
    }

    /// Replaced-token detection with a new ELECTRA and a new tokenizer; the generator is a quarter as wide.
    ///
    /// @param vocabulary pieces of the tokenizer
    public static Recipes pretrain(String name, BackboneRecipe.Electra backbone, int vocabulary) {
        var generator = new ObjectiveRecipe.Generator.Scaled(0.25, ObjectiveRecipe.Embeddings.SHARED);
        return new Recipes(
                name, backbone, new TokenizerRecipe.WordPiece(vocabulary, 2, true), new ObjectiveRecipe.ReplacedToken(0.15, false, generator, 50, 1));
    }

    /// Classification on top of a checkpoint: one label a row.
    ///
    /// @param model a run folder, a checkpoint, or a Hugging Face folder
    public static Recipes classify(String name, Path model) {
        return new Recipes(
                name,
                new BackboneRecipe.Pretrained(model.toString(), BackboneRecipe.Weights.PRETRAINED),
                new TokenizerRecipe.OfBackbone(),
                new ObjectiveRecipe.Classification(ObjectiveRecipe.Pooling.CLS, 0, ObjectiveRecipe.Head.AUTO));
    }

    /// Classification of pictures with a new network; see [PictureRecipes] for other objectives.
    public static PictureRecipes pictures(String name, BackboneRecipe.Vision backbone) {
        return ofPictures(name, backbone);
    }

    /// Classification of pictures on top of a checkpoint.
    ///
    /// @param model a run folder, a checkpoint, or a Hugging Face folder
    public static PictureRecipes pictures(String name, Path model) {
        return ofPictures(name, new BackboneRecipe.Pretrained(model.toString(), BackboneRecipe.Weights.PRETRAINED));
    }

    private static PictureRecipes ofPictures(String name, BackboneRecipe backbone) {
        var objective = new ObjectiveRecipe.Classification(ObjectiveRecipe.Pooling.CLS, 0, ObjectiveRecipe.Head.AUTO);
        return new PictureRecipes(new Recipes(name, backbone, new TokenizerRecipe.None(), objective));
    }

    /// A convolutional network by its most telling numbers: filters of 5 x 5, and pooling by 4 behind the last block.
    ///
    /// @param filters of each block
    public static BackboneRecipe.Cnn cnn(int... filters) {
        return new BackboneRecipe.Cnn(IntStream.of(filters).boxed().toList(), 5, 4, BackboneRecipe.Pools.LAST);
    }

    /// Several tasks on top of one checkpoint; name each with [#task].
    ///
    /// @param model a run folder, a checkpoint, or a Hugging Face folder
    public static Recipes together(String name, Path model) {
        return classify(name, model);
    }

    /// Adds a task that shares the backbone with others; what is said of rows and objective otherwise then has no place.
    ///
    /// @param weight what its mean loss counts; 0 to measure it only
    public Recipes task(String task, DataRecipe.Rows rows, ObjectiveRecipe of, double weight) {
        tasks.put(task, rows);
        objectives.put(task, of);
        weights.put(task, weight);
        return this;
    }

    /// Tags of words on top of a checkpoint.
    ///
    /// @param model a run folder, a checkpoint, or a Hugging Face folder
    public static Recipes tag(String name, Path model) {
        return new Recipes(
                        name,
                        new BackboneRecipe.Pretrained(model.toString(), BackboneRecipe.Weights.PRETRAINED),
                        new TokenizerRecipe.OfBackbone(),
                        new ObjectiveRecipe.TokenClassification(ObjectiveRecipe.Tags.STRICT, ObjectiveRecipe.Head.AUTO))
                .columns("tokens", "tags");
    }

    /// Answers to questions on top of a checkpoint: stretches of the texts that are asked about.
    ///
    /// @param model a run folder, a checkpoint, or a Hugging Face folder
    public static Recipes answer(String name, Path model) {
        return new Recipes(
                        name,
                        new BackboneRecipe.Pretrained(model.toString(), BackboneRecipe.Weights.PRETRAINED),
                        new TokenizerRecipe.OfBackbone(),
                        new ObjectiveRecipe.QuestionAnswering(
                                32, 30, new ObjectiveRecipe.NoAnswer.None(), ObjectiveRecipe.Spans.STRICT, ObjectiveRecipe.Head.AUTO))
                .columns(new DataRecipe.Columns("question", "context", "answers"));
    }

    /// One text from another, on top of a checkpoint of an encoder-decoder: `pair` from `text`.
    ///
    /// @param model a run folder, a checkpoint, or a Hugging Face folder
    /// @param text  the column with the text that is read
    /// @param pair  the column with the one that is to be written
    public static Recipes write(String name, Path model, String text, String pair) {
        var recipes = new Recipes(
                name,
                new BackboneRecipe.Pretrained(model.toString(), BackboneRecipe.Weights.PRETRAINED),
                new TokenizerRecipe.OfBackbone(),
                new ObjectiveRecipe.SequenceToSequence(128, 0, false));
        recipes.columns = new DataRecipe.Columns(text, pair, "");
        return recipes;
    }

    /// Span corruption with a new T5 and a new tokenizer of a hundred sentinels.
    ///
    /// @param vocabulary pieces of the tokenizer
    public static Recipes pretrain(String name, BackboneRecipe.T5 backbone, int vocabulary) {
        var tokenizer = new TokenizerRecipe.BytePair(vocabulary, 2, List.of("<pad>", "</s>", "<unk>"), TokenizerRecipe.Ties.TEXT, 100);
        return new Recipes(name, backbone, tokenizer, new ObjectiveRecipe.SpanCorruption(0.15, 3));
    }

    /// Denoising with a new BART and a new tokenizer.
    ///
    /// @param vocabulary pieces of the tokenizer
    public static Recipes pretrain(String name, BackboneRecipe.Bart backbone, int vocabulary) {
        var tokenizer = new TokenizerRecipe.BytePair(
                vocabulary, 2, List.of("<s>", "<pad>", "</s>", "<unk>", "<mask>"), TokenizerRecipe.Ties.TEXT);
        return new Recipes(name, backbone, tokenizer, new ObjectiveRecipe.Denoising(0.3, 3, true));
    }

    /// A T5 by its most telling numbers: as many layers in the decoder, gated feed-forward blocks four times as wide, dropout 0.1, the
    /// head is tied.
    public static BackboneRecipe.T5 t5(int layers, int width, int heads) {
        return new BackboneRecipe.T5(layers, layers, width, heads, 4 * width, true, 32, 128, 0.1, true);
    }

    /// A BART by its most telling numbers: as many layers in the decoder, feed-forward blocks four times as wide, dropout 0.1.
    public static BackboneRecipe.Bart bart(int layers, int width, int heads, int positions) {
        return new BackboneRecipe.Bart(layers, layers, width, heads, 4 * width, positions, 0.1, 0, 0.02);
    }

    /// Sentence embeddings on top of a checkpoint, normalised means: a text's pair is looked for among those of the whole step.
    ///
    /// @param model a run folder, a checkpoint, or a Hugging Face folder
    /// @param pairs where the texts come from that are compared
    public static Recipes embed(String name, Path model, ObjectiveRecipe.Pairs pairs) {
        return new Recipes(
                name,
                new BackboneRecipe.Pretrained(model.toString(), BackboneRecipe.Weights.PRETRAINED),
                new TokenizerRecipe.OfBackbone(),
                new ObjectiveRecipe.Embedding(
                        ObjectiveRecipe.Pooling.MEAN,
                        true,
                        new ObjectiveRecipe.EmbeddingLoss.MultipleNegatives(20, false),
                        pairs,
                        new ObjectiveRecipe.HardNegatives.None()));
    }

    /// Relevance of documents to queries on top of a checkpoint.
    ///
    /// @param model a run folder, a checkpoint, or a Hugging Face folder
    public static Recipes rank(String name, Path model, ObjectiveRecipe.RankingLoss loss) {
        return new Recipes(
                name,
                new BackboneRecipe.Pretrained(model.toString(), BackboneRecipe.Weights.PRETRAINED),
                new TokenizerRecipe.OfBackbone(),
                new ObjectiveRecipe.Ranking(loss, ObjectiveRecipe.Head.AUTO));
    }

    /// A BERT by its most telling numbers: the feed-forward block is four times as wide, dropout is 0.1.
    public static BackboneRecipe.Bert bert(int layers, int width, int heads, int positions) {
        return new BackboneRecipe.Bert(layers, width, heads, 4 * width, positions, 0.1, 0.1, 0.02);
    }

    /// A GPT-2 by its most telling numbers: the feed-forward block is four times as wide, dropout is 0.1, the head is tied.
    public static BackboneRecipe.Gpt2 gpt2(int layers, int width, int heads, int positions) {
        return new BackboneRecipe.Gpt2(
                layers, width, heads, 4 * width, positions, BackboneRecipe.Activation.GELU_NEW, 0.1, 0.1, 0.02, true);
    }

    /// A Llama by its most telling numbers: the feed-forward block is four times as wide, no dropout, the head is tied.
    ///
    /// @param keyValueHeads divides `heads`
    public static BackboneRecipe.Llama llama(int layers, int width, int heads, int keyValueHeads, int positions) {
        return new BackboneRecipe.Llama(layers, width, heads, keyValueHeads, 4 * width, positions, 10_000, 0, 0.02, true);
    }

    /// An ELECTRA by its most telling numbers, as [#bert]; its embeddings are as wide as its layers.
    public static BackboneRecipe.Electra electra(int layers, int width, int heads, int positions) {
        return new BackboneRecipe.Electra(layers, width, heads, 4 * width, width, positions, 0.1, 0.1, 0.02);
    }

    /// AdamW with the usual numbers.
    public static OptimizerRecipe adamW(double learningRate) {
        return new OptimizerRecipe.AdamW(learningRate, 0.9, 0.999, 1e-8, 0.01, OptimizerRecipe.Decayed.MATRICES);
    }

    public Recipes seed(long value) {
        seed = value;
        return this;
    }

    /// Rows of a file: a table by its ending, else plain text.
    public Recipes train(Path file) {
        train = new DataRecipe.Source.Table(file, "");
        return this;
    }

    public Recipes train(DataRecipe.Source source) {
        train = source;
        return this;
    }

    /// A share of the training rows, to choose by.
    public Recipes validation(double fraction) {
        validation = new DataRecipe.Held.Fraction(fraction);
        return this;
    }

    public Recipes validation(DataRecipe.Held rows) {
        validation = rows;
        return this;
    }

    public Recipes test(DataRecipe.Held rows) {
        test = rows;
        return this;
    }

    /// More rows to measure on, from before the first step: a general text beside that of a domain.
    ///
    /// @param task its name in the log and the report
    public Recipes also(String task, DataRecipe.Source source) {
        also.put(task, source);
        return this;
    }

    /// What each column is called.
    public Recipes columns(DataRecipe.Columns named) {
        columns = named;
        return this;
    }

    /// Which column is the text, and which the label.
    public Recipes columns(String text, String label) {
        columns = new DataRecipe.Columns(text, "", label);
        return this;
    }

    public Recipes objective(ObjectiveRecipe value) {
        objective = value;
        return this;
    }

    public Recipes strategy(StrategyRecipe value) {
        strategy = value;
        return this;
    }

    public Recipes optimizer(OptimizerRecipe value) {
        optimizer = value;
        return this;
    }

    public Recipes schedule(ScheduleRecipe value) {
        schedule = value;
        return this;
    }

    public Recipes horizon(HorizonRecipe value) {
        horizon = value;
        return this;
    }

    public Recipes epochs(double epochs) {
        return horizon(new HorizonRecipe.Epochs(epochs));
    }

    /// @param rows      of a batch
    /// @param maxLength of a row, in tokens
    public Recipes batching(int rows, int maxLength) {
        batching = new BatchingRecipe(new BatchingRecipe.Budget.Rows(rows), maxLength, 1, 1);
        return this;
    }

    public Recipes batching(BatchingRecipe value) {
        batching = value;
        return this;
    }

    public Recipes stopping(StoppingRecipe value) {
        stopping = value;
        return this;
    }

    public Recipes precompute(PrecomputeRecipe value) {
        precompute = value;
        return this;
    }

    /// The recipe, checked.
    ///
    /// @throws RecipeException that lists every mistake
    public Recipe build() {
        Stream<String> measured = tasks.isEmpty()
                ? measured("", new DataRecipe.Rows(train, validation, test, also, columns))
                : tasks.entrySet().stream().flatMap(task -> measured(task.getKey() + ".", task.getValue()));
        return build(
                tasks.isEmpty() ? new DataRecipe.Rows(train, validation, test, also, columns) : new DataRecipe.Tasks(tasks, 1), measured.toList());
    }

    /// The recipe over other data, checked.
    ///
    /// @param measured what the model is measured on
    Recipe build(DataRecipe data, List<String> measured) {
        return RecipeReader.checked(new Recipe(
                name,
                seed,
                backbone,
                tokenizer,
                data,
                List.of(new TurnRecipe(
                        TurnRecipe.MAIN, 1, List.of(), tasks.isEmpty() ? objective : new ObjectiveRecipe.Tasks(objectives, weights), optimizer, schedule, new ClippingRecipe.Norm(1))),
                strategy,
                horizon,
                batching,
                new EvaluateRecipe(
                        new Every.Epochs(1),
                        measured,
                        !also.isEmpty()),
                stopping,
                new CheckpointRecipe(new Every.Epochs(1), 2),
                new AverageRecipe.None(),
                new DeviceRecipe(
                        DeviceRecipe.Kind.CPU, new DeviceRecipe.Threads.Auto(), new DeviceRecipe.Threads.Auto(), DeviceRecipe.Precision.AUTO,
                        DeviceRecipe.MemoryFormat.AUTO, false),
                precompute,
                new AuditRecipe(AuditRecipe.Mode.WARN, 0.01, 0.01),
                new ReportRecipe(false),
                Recipe.Resume.EXACT));
    }

    private static Stream<String> measured(String prefix, DataRecipe.Rows rows) {
        boolean held = !(rows.validation() instanceof DataRecipe.Held.None);
        return Stream.concat(held ? Stream.of("validation") : Stream.of(), rows.also().keySet().stream()).map(prefix::concat);
    }
}
