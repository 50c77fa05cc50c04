package dev.cultivar.recipe;

import java.util.List;
import java.util.SequencedMap;

/// Writes a recipe in YAML with every key that it has, defaults too, so that the text says all that a run depends on.
///
/// What it writes reads back as an equal recipe. A sealed family is written by the one `switch` that lists its members.
public final class RecipeWriter {
    private RecipeWriter() {}

    public static String write(Recipe recipe) {
        return YamlText.of(tree(recipe).mapping());
    }

    private static Entries tree(Recipe recipe) {
        Entries entries = Entries.of()
                .text("name", recipe.name())
                .whole("seed", recipe.seed())
                .map("backbone", backbone(recipe.backbone()))
                .map("tokenizer", tokenizer(recipe.tokenizer()));
        data(entries, recipe.data());
        List<TurnRecipe> turns = recipe.turns();
        if (turns.size() == 1 && isFlat(turns.getFirst())) {
            turn(entries, turns.getFirst());
        } else {
            entries.list("turns", turns.stream().map(RecipeWriter::listed).toList());
        }
        return entries
                .map("strategy", strategy(recipe.strategy()))
                .map("horizon", horizon(recipe.horizon()))
                .map("batching", batching(recipe.batching()))
                .map("evaluate", every(recipe.evaluate().every())
                        .texts("tasks", recipe.evaluate().tasks())
                        .flag("first", recipe.evaluate().first())
                        .text("judge", recipe.evaluate().judge()))
                .put("stopping", stopping(recipe.stopping()))
                .map("checkpoint", every(recipe.checkpoint().every()).whole("keep", recipe.checkpoint().keep()))
                .put("average", average(recipe.average()))
                .map("device", device(recipe.device()))
                .map("precompute", precompute(recipe.precompute()))
                .map("audit", Entries.of()
                        .word("mode", recipe.audit().mode())
                        .number("truncated", recipe.audit().truncated())
                        .number("unknown", recipe.audit().unknown()))
                .map("report", Entries.of().flag("examples", recipe.report().examples()))
                .word("resume", recipe.resume());
    }

    private static Entries backbone(BackboneRecipe backbone) {
        return switch (backbone) {
            case BackboneRecipe.Bert bert -> Entries.kind("bert")
                    .whole("layers", bert.layers())
                    .whole("width", bert.width())
                    .whole("heads", bert.heads())
                    .whole("feed_forward", bert.feedForward())
                    .whole("positions", bert.positions())
                    .number("dropout", bert.dropout())
                    .number("attention_dropout", bert.attentionDropout())
                    .number("initializer_range", bert.initializerRange());
            case BackboneRecipe.Gpt2 gpt2 -> Entries.kind("gpt2")
                    .whole("layers", gpt2.layers())
                    .whole("width", gpt2.width())
                    .whole("heads", gpt2.heads())
                    .whole("feed_forward", gpt2.feedForward())
                    .whole("positions", gpt2.positions())
                    .word("activation", gpt2.activation())
                    .number("dropout", gpt2.dropout())
                    .number("attention_dropout", gpt2.attentionDropout())
                    .number("initializer_range", gpt2.initializerRange())
                    .flag("tied", gpt2.tied());
            case BackboneRecipe.Llama llama -> Entries.kind("llama")
                    .whole("layers", llama.layers())
                    .whole("width", llama.width())
                    .whole("heads", llama.heads())
                    .whole("key_value_heads", llama.keyValueHeads())
                    .whole("feed_forward", llama.feedForward())
                    .whole("positions", llama.positions())
                    .number("theta", llama.theta())
                    .number("attention_dropout", llama.attentionDropout())
                    .number("initializer_range", llama.initializerRange())
                    .flag("tied", llama.tied());
            case BackboneRecipe.Electra electra -> Entries.kind("electra")
                    .whole("layers", electra.layers())
                    .whole("width", electra.width())
                    .whole("heads", electra.heads())
                    .whole("feed_forward", electra.feedForward())
                    .whole("embedding", electra.embedding())
                    .whole("positions", electra.positions())
                    .number("dropout", electra.dropout())
                    .number("attention_dropout", electra.attentionDropout())
                    .number("initializer_range", electra.initializerRange());
            case BackboneRecipe.T5 t5 -> Entries.kind("t5")
                    .whole("layers", t5.layers())
                    .whole("decoder_layers", t5.decoderLayers())
                    .whole("width", t5.width())
                    .whole("heads", t5.heads())
                    .whole("feed_forward", t5.feedForward())
                    .flag("gated", t5.gated())
                    .whole("buckets", t5.buckets())
                    .whole("max_distance", t5.maxDistance())
                    .number("dropout", t5.dropout())
                    .flag("tied", t5.tied());
            case BackboneRecipe.Bart bart -> Entries.kind("bart")
                    .whole("layers", bart.layers())
                    .whole("decoder_layers", bart.decoderLayers())
                    .whole("width", bart.width())
                    .whole("heads", bart.heads())
                    .whole("feed_forward", bart.feedForward())
                    .whole("positions", bart.positions())
                    .number("dropout", bart.dropout())
                    .number("attention_dropout", bart.attentionDropout())
                    .number("initializer_range", bart.initializerRange());
            case BackboneRecipe.Mlp mlp ->
                Entries.kind("mlp").wholes("hidden", mlp.hidden()).word("activation", mlp.activation()).number("dropout", mlp.dropout());
            case BackboneRecipe.Cnn cnn -> Entries.kind("cnn")
                    .wholes("filters", cnn.filters())
                    .whole("kernel", cnn.kernel())
                    .whole("pool", cnn.pool())
                    .word("pools", cnn.pools());
            case BackboneRecipe.LeNet _ -> Entries.kind("lenet");
            case BackboneRecipe.ResNet(int depth, int width, var stem) ->
                Entries.kind("resnet").whole("depth", depth).whole("width", width).word("stem", stem);
            case BackboneRecipe.Vgg vgg ->
                Entries.kind("vgg").wholes("channels", vgg.channels()).whole("hidden", vgg.hidden()).number("dropout", vgg.dropout());
            case BackboneRecipe.Vit vit -> Entries.kind("vit")
                    .whole("layers", vit.layers())
                    .whole("width", vit.width())
                    .whole("heads", vit.heads())
                    .whole("feed_forward", vit.feedForward())
                    .whole("patch", vit.patch())
                    .number("dropout", vit.dropout())
                    .number("attention_dropout", vit.attentionDropout())
                    .number("initializer_range", vit.initializerRange());
            case BackboneRecipe.ConvEncoder(var channels) -> Entries.kind("conv_encoder").wholes("channels", channels);
            case BackboneRecipe.Pretrained(String model, BackboneRecipe.Weights weights) ->
                Entries.kind("pretrained").text("model", model).word("weights", weights);
            case BackboneRecipe.Custom(String name, Parameters parameters) -> Entries.custom(name).parameters(parameters);
        };
    }

    private static Entries tokenizer(TokenizerRecipe tokenizer) {
        return switch (tokenizer) {
            case TokenizerRecipe.OfBackbone _ -> Entries.kind("backbone");
            case TokenizerRecipe.WordPiece(int vocabulary, int minFrequency, boolean lowercase) -> Entries.kind("wordpiece")
                    .whole("vocabulary", vocabulary)
                    .whole("min_frequency", minFrequency)
                    .flag("lowercase", lowercase);
            case TokenizerRecipe.BytePair bytes -> Entries.kind("bpe")
                    .whole("vocabulary", bytes.vocabulary())
                    .whole("min_frequency", bytes.minFrequency())
                    .texts("special", bytes.special())
                    .word("ties", bytes.ties())
                    .whole("sentinels", bytes.sentinels());
            case TokenizerRecipe.Characters(boolean unknown, List<String> special) ->
                Entries.kind("chars").flag("unknown", unknown).texts("special", special);
            case TokenizerRecipe.Words(int vocabulary, int minFrequency, boolean lowercase) -> Entries.kind("words")
                    .whole("vocabulary", vocabulary)
                    .whole("min_frequency", minFrequency)
                    .flag("lowercase", lowercase);
            case TokenizerRecipe.Stored(var file) -> Entries.kind("file").text("file", file.toString());
            case TokenizerRecipe.None _ -> Entries.kind("none");
        };
    }

    private static void data(Entries entries, DataRecipe data) {
        entries.map("data", switch (data) {
            case DataRecipe.Rows rows -> rows(rows);
            case DataRecipe.Images images -> ImagesWriter.images(images);
            case DataRecipe.Tasks(var tasks, double temperature) -> {
                Entries each = Entries.of();
                tasks.forEach((name, rows) -> each.map(name, rows(rows)));
                yield Entries.kind("tasks").map("tasks", each).number("temperature", temperature);
            }
            case DataRecipe.Custom(String name, Parameters parameters) -> Entries.custom(name).parameters(parameters);
        });
    }

    private static Entries rows(DataRecipe.Rows rows) {
        return Entries.kind("rows")
                .map("train", source(rows.train()))
                .put("validation", held(rows.validation()))
                .put("test", held(rows.test()))
                .map("also", also(rows.also()))
                .map("columns", Entries.of()
                        .text("text", rows.columns().text())
                        .text("pair", rows.columns().pair())
                        .text("negative", rows.columns().negative())
                        .text("label", rows.columns().label())
                        .text("start", rows.columns().start()));
    }

    private static Entries also(SequencedMap<String, DataRecipe.Source> also) {
        Entries entries = Entries.of();
        also.forEach((name, source) -> entries.map(name, source(source)));
        return entries;
    }

    private static Entries source(DataRecipe.Source source) {
        return switch (source) {
            case DataRecipe.Source.Table(var path, String where) ->
                Entries.of().text("file", path.toString()).text("where", where);
            case DataRecipe.Source.Sql(String query) -> Entries.of().text("sql", query);
            case DataRecipe.Source.Zoo(String name, String part, int rows) ->
                Entries.of().text("zoo", name).text("part", part).whole("rows", rows);
            case DataRecipe.Source.Corpus(CorpusRecipe corpus) -> CorpusWriter.corpus(corpus);
        };
    }

    private static Yaml held(DataRecipe.Held held) {
        return switch (held) {
            case DataRecipe.Held.Apart(DataRecipe.Source source) -> source(source).mapping();
            case DataRecipe.Held.Fraction(double fraction, DataRecipe.By by) ->
                Entries.of().number("fraction", fraction).word("by", by).mapping();
            case DataRecipe.Held.None _ -> Entries.plain("none");
        };
    }

    private static boolean isFlat(TurnRecipe turn) {
        return turn.name().equals(TurnRecipe.MAIN) && turn.times() == 1 && turn.moves().isEmpty();
    }

    private static Entries listed(TurnRecipe turn) {
        Entries entries = Entries.of().text("name", turn.name()).whole("times", turn.times()).texts("moves", turn.moves());
        turn(entries, turn);
        return entries;
    }

    private static void turn(Entries entries, TurnRecipe turn) {
        entries.map("objective", objective(turn.objective()))
                .map("optimizer", OptimizerWriter.optimizer(turn.optimizer()))
                .map("schedule", ScheduleWriter.schedule(turn.schedule()))
                .put("clipping", switch (turn.clipping()) {
                    case ClippingRecipe.Norm(double max) -> Entries.of().number("norm", max).mapping();
                    case ClippingRecipe.None _ -> Entries.plain("none");
                });
    }

    private static Entries objective(ObjectiveRecipe objective) {
        return switch (objective) {
            case ObjectiveRecipe.MaskedLm(double probability, boolean wholeWord) ->
                Entries.kind("masked_lm").number("probability", probability).flag("whole_word", wholeWord);
            case ObjectiveRecipe.MaskedLmNextSentence(double probability, boolean wholeWord, double weight) ->
                Entries.kind("mlm_nsp")
                        .number("probability", probability)
                        .flag("whole_word", wholeWord)
                        .number("next_sentence_weight", weight);
            case ObjectiveRecipe.CausalLm(ObjectiveRecipe.Rows rows, int overlap) ->
                Entries.kind("causal_lm").word("rows", rows).whole("overlap", overlap);
            case ObjectiveRecipe.ReplacedToken replaced -> Entries.kind("replaced_token")
                    .number("probability", replaced.probability())
                    .flag("whole_word", replaced.wholeWord())
                    .map("generator", generator(replaced.generator()))
                    .number("discriminator_weight", replaced.discriminatorWeight())
                    .number("temperature", replaced.temperature());
            case ObjectiveRecipe.Classification classification -> Entries.kind("classification")
                    .word("pooling", classification.pooling())
                    .number("label_smoothing", classification.labelSmoothing())
                    .word("head", classification.head())
                    .put("class_weights", weights(classification.weights()))
                    .number("focus", classification.focus());
            case ObjectiveRecipe.MultiLabel(var pooling, var head, String separator) ->
                Entries.kind("multi_label").word("pooling", pooling).word("head", head).text("separator", separator);
            case ObjectiveRecipe.Ordinal(var pooling, var head, var order, var loss) -> Entries.kind("ordinal")
                    .word("pooling", pooling)
                    .word("head", head)
                    .texts("order", order)
                    .word("loss", loss);
            case ObjectiveRecipe.Regression(var pooling, var head, var loss, boolean standardize) -> Entries.kind("regression")
                    .word("pooling", pooling)
                    .word("head", head)
                    .word("loss", loss)
                    .flag("standardize", standardize);
            case ObjectiveRecipe.TokenClassification(ObjectiveRecipe.Tags tags, ObjectiveRecipe.Head head) ->
                Entries.kind("token_classification").word("tags", tags).word("head", head);
            case ObjectiveRecipe.QuestionAnswering answering -> Entries.kind("question_answering")
                    .whole("stride", answering.stride())
                    .whole("max_answer", answering.maxAnswer())
                    .put("no_answer", switch (answering.noAnswer()) {
                        case ObjectiveRecipe.NoAnswer.None() -> Entries.plain("none");
                        case ObjectiveRecipe.NoAnswer.Threshold(double threshold) -> Entries.of().number("threshold", threshold).mapping();
                    })
                    .word("spans", answering.spans())
                    .word("head", answering.head());
            case ObjectiveRecipe.SequenceToSequence texts -> Entries.kind("seq2seq")
                    .whole("max_target_length", texts.maxTargetLength())
                    .number("label_smoothing", texts.labelSmoothing())
                    .flag("generate", texts.generate());
            case ObjectiveRecipe.SpanCorruption(double probability, double meanSpan) ->
                Entries.kind("span_corruption").number("probability", probability).number("mean_span", meanSpan);
            case ObjectiveRecipe.Denoising(double probability, double meanSpan, boolean permute) ->
                Entries.kind("denoising").number("probability", probability).number("mean_span", meanSpan).flag("permute", permute);
            case ObjectiveRecipe.Embedding embedding -> Entries.kind("embedding")
                    .word("pooling", embedding.pooling())
                    .flag("normalize", embedding.normalize())
                    .map("loss", loss(embedding.loss()))
                    .map("pairs", switch (embedding.pairs()) {
                        case ObjectiveRecipe.Pairs.Columns _ -> Entries.of().put("from", Entries.plain("columns"));
                        case ObjectiveRecipe.Pairs.Labels(int perRow) ->
                            Entries.of().put("from", Entries.plain("labels")).whole("per_row", perRow);
                    })
                    .put("hard_negatives", switch (embedding.hardNegatives()) {
                        case ObjectiveRecipe.HardNegatives.None _ -> Entries.plain("none");
                        case ObjectiveRecipe.HardNegatives.Nearest(String model, int nearest) ->
                            Entries.of().text("model", model).whole("nearest", nearest).mapping();
                    });
            case ObjectiveRecipe.Ranking ranking -> Entries.kind("ranking").word("loss", ranking.loss()).word("head", ranking.head());
            case ObjectiveRecipe.Tasks(var tasks, var weights) -> {
                Entries each = Entries.of();
                tasks.forEach((name, own) -> each.map(name, objective(own)));
                Entries counted = Entries.of();
                weights.forEach(counted::number);
                yield Entries.kind("tasks").map("tasks", each).map("weights", counted);
            }
            case PictureObjectiveRecipe pictures -> PictureObjectiveWriter.objective(pictures);
            case ObjectiveRecipe.Custom(String name, Parameters parameters) -> Entries.custom(name).parameters(parameters);
        };
    }

    private static Yaml weights(ObjectiveRecipe.ClassWeights weights) {
        return switch (weights) {
            case ObjectiveRecipe.ClassWeights.Equal _ -> Entries.plain("equal");
            case ObjectiveRecipe.ClassWeights.Balanced _ -> Entries.plain("balanced");
            case ObjectiveRecipe.ClassWeights.Given(var given) -> {
                Entries entries = Entries.of();
                given.forEach(entries::number);
                yield entries.mapping();
            }
        };
    }

    private static Entries loss(ObjectiveRecipe.EmbeddingLoss loss) {
        return switch (loss) {
            case ObjectiveRecipe.EmbeddingLoss.MultipleNegatives(double scale, boolean symmetric) ->
                Entries.kind("multiple_negatives").number("scale", scale).flag("symmetric", symmetric);
            case ObjectiveRecipe.EmbeddingLoss.Cosine _ -> Entries.kind("cosine");
            case ObjectiveRecipe.EmbeddingLoss.Contrastive(double margin) -> Entries.kind("contrastive").number("margin", margin);
            case ObjectiveRecipe.EmbeddingLoss.Triplet(double margin) -> Entries.kind("triplet").number("margin", margin);
        };
    }

    private static Entries generator(ObjectiveRecipe.Generator generator) {
        Entries entries = switch (generator) {
            case ObjectiveRecipe.Generator.Scaled scaled -> Entries.kind("scaled").number("share", scaled.share());
            case ObjectiveRecipe.Generator.Sized sized -> Entries.kind("sized")
                    .whole("layers", sized.layers())
                    .whole("width", sized.width())
                    .whole("heads", sized.heads())
                    .whole("feed_forward", sized.feedForward());
        };
        return entries.word("embeddings", generator.embeddings());
    }

    private static Entries strategy(StrategyRecipe strategy) {
        return switch (strategy) {
            case StrategyRecipe.Full(double layerDecay) -> Entries.kind("full").number("layer_decay", layerDecay);
            case StrategyRecipe.FeatureExtraction _ -> Entries.kind("feature_extraction");
            case StrategyRecipe.Partial(int trained, boolean embeddings, double layerDecay) -> Entries.kind("partial")
                    .whole("trained", trained)
                    .flag("embeddings", embeddings)
                    .number("layer_decay", layerDecay);
            case StrategyRecipe.Gradual(Every every, double layerDecay) ->
                Entries.kind("gradual").put("every", interval(every)).number("layer_decay", layerDecay);
            case StrategyRecipe.Lora(int rank, double alpha, double dropout, Targets targets, boolean stabilized, boolean dora) ->
                Entries.kind("lora")
                        .whole("rank", rank)
                        .number("alpha", alpha)
                        .number("dropout", dropout)
                        .targets("targets", targets)
                        .flag("rank_stabilized", stabilized)
                        .flag("dora", dora);
            case StrategyRecipe.Ia3(Targets targets, Targets feedForward) ->
                Entries.kind("ia3").targets("targets", targets).targets("feed_forward", feedForward);
            case StrategyRecipe.Prompt(int tokens) -> Entries.kind("prompt").whole("tokens", tokens);
            case StrategyRecipe.Prefix(int tokens) -> Entries.kind("prefix").whole("tokens", tokens);
            case StrategyRecipe.BitFit _ -> Entries.kind("bitfit");
            case StrategyRecipe.Custom(String name, Parameters parameters) -> Entries.custom(name).parameters(parameters);
        };
    }

    private static Yaml interval(Every every) {
        return switch (every) {
            case Every.Steps(long steps) -> Entries.of().whole("steps", steps).mapping();
            case Every.Epochs(double epochs) -> Entries.of().number("epochs", epochs).mapping();
            case Every.Never _ -> Entries.plain("never");
        };
    }

    private static Entries every(Every every) {
        return Entries.of().put("every", interval(every));
    }

    private static Entries horizon(HorizonRecipe horizon) {
        return switch (horizon) {
            case HorizonRecipe.Steps(long steps) -> Entries.of().whole("steps", steps);
            case HorizonRecipe.Epochs(double epochs) -> Entries.of().number("epochs", epochs);
            case HorizonRecipe.Tokens(long tokens) -> Entries.of().whole("tokens", tokens);
            case HorizonRecipe.Minutes(double minutes) -> Entries.of().number("minutes", minutes);
        };
    }

    private static Entries batching(BatchingRecipe batching) {
        Entries entries = switch (batching.budget()) {
            case BatchingRecipe.Budget.Tokens(int tokens) -> Entries.of().whole("tokens", tokens);
            case BatchingRecipe.Budget.Rows(int rows) -> Entries.of().whole("rows", rows);
        };
        return entries.whole("max_length", batching.maxLength())
                .map("long", switch (batching.longer()) {
                    case BatchingRecipe.Longer.Truncate() -> Entries.kind("truncate");
                    case BatchingRecipe.Longer.HeadTail(double head) -> Entries.kind("head_tail").number("head", head);
                    case BatchingRecipe.Longer.Chunk(int stride) -> Entries.kind("chunk").whole("stride", stride);
                })
                .whole("accumulation", batching.accumulation())
                .whole("loaders", batching.loaders());
    }

    private static Yaml stopping(StoppingRecipe stopping) {
        return switch (stopping) {
            case StoppingRecipe.None _ -> Entries.plain("none");
            case StoppingRecipe.Patience(int evaluations, String metric) ->
                Entries.of().whole("patience", evaluations).text("metric", metric).mapping();
        };
    }

    private static Yaml average(AverageRecipe average) {
        return switch (average) {
            case AverageRecipe.None _ -> Entries.plain("none");
            case AverageRecipe.Exponential(double decay) -> Entries.of().number("decay", decay).mapping();
        };
    }

    private static Entries precompute(PrecomputeRecipe precompute) {
        return switch (precompute) {
            case PrecomputeRecipe.Auto(PrecomputeRecipe.Keep keep) -> kept("auto", keep);
            case PrecomputeRecipe.On(PrecomputeRecipe.Keep keep) -> kept("on", keep);
            case PrecomputeRecipe.Off _ -> Entries.kind("off");
        };
    }

    private static Entries kept(String kind, PrecomputeRecipe.Keep keep) {
        return Entries.kind(kind).text("folder", keep.folder()).whole("megabytes", keep.megabytes()).word("storage", keep.storage());
    }

    private static Entries device(DeviceRecipe device) {
        return Entries.of()
                .word("kind", device.kind())
                .put("threads", threads(device.threads()))
                .put("replicas", threads(device.replicas()))
                .word("precision", device.precision())
                .word("memory_format", device.memoryFormat())
                .flag("gradient_checkpointing", device.gradientCheckpointing());
    }

    private static Yaml threads(DeviceRecipe.Threads threads) {
        return switch (threads) {
            case DeviceRecipe.Threads.Auto _ -> Entries.plain("auto");
            case DeviceRecipe.Threads.Count(int count) -> Entries.plain(String.valueOf(count));
        };
    }
}
