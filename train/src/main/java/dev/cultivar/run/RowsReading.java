package dev.cultivar.run;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.Standard;
import dev.cultivar.corpus.CorpusReport;
import dev.cultivar.data.AnswerBatches;
import dev.cultivar.data.Audit;
import dev.cultivar.data.Auditor;
import dev.cultivar.data.BatchMaker;
import dev.cultivar.data.DenoisingBatches;
import dev.cultivar.data.Encoder;
import dev.cultivar.data.EpochFeed;
import dev.cultivar.data.Examples;
import dev.cultivar.data.LabelCounts;
import dev.cultivar.data.LabelledBatches;
import dev.cultivar.data.Labels;
import dev.cultivar.data.MaskedBatches;
import dev.cultivar.data.Masking;
import dev.cultivar.data.Parts;
import dev.cultivar.data.QuestionExamples;
import dev.cultivar.data.RowKind;
import dev.cultivar.data.SpanBatches;
import dev.cultivar.data.TaggedExamples;
import dev.cultivar.data.Targets;
import dev.cultivar.data.TextBatches;
import dev.cultivar.data.TokenStore;
import dev.cultivar.loop.FeedSource;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.objective.LabelFacts;
import dev.cultivar.recipe.BackboneRecipe;
import dev.cultivar.recipe.BatchingRecipe;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.ObjectiveRecipe;
import dev.cultivar.recipe.PictureObjectiveRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.recipe.TokenizerRecipe;
import dev.cultivar.text.Tokenizer;
import dev.cultivar.text.TokenizerPieces;
import dev.cultivar.zoo.Models;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Rows of one task on their way to batches: read, split, labelled, encoded.
final class RowsReading {
    private static final String TRAIN = "train";

    private final Recipe recipe;
    private final SequencedMap<String, Examples> parts = new LinkedHashMap<>();
    private final Tokenizer tokenizer;
    private final Labels labels;
    private final Optional<Standard> kept;
    private final ObjectiveRecipe objective;
    private final Optional<CorpusReport> corpus;
    private final Optional<TextGroupsReading> groups;
    private final String task;

    RowsReading(Recipe recipe, DataRecipe.Rows rows, Optional<Path> checkpoint) {
        this(recipe, rows, checkpoint, "");
    }

    /// @param task the name, where the rows are of one of several
    RowsReading(Recipe recipe, DataRecipe.Rows rows, Optional<Path> checkpoint, String task) {
        this.recipe = recipe;
        this.task = task;
        this.objective = recipe.turns().getLast().objective();
        groups = TextGroupsReading.of(objective);
        Parts read = groups.map(of -> of.open(rows, recipe.seed())).orElseGet(() -> Parts.open(rows, recipe.seed(), kind()));
        corpus = read.corpus();
        parts.put(TRAIN, checked(read.train()));
        read.validation().ifPresent(part -> parts.put("validation", checked(part)));
        read.test().ifPresent(part -> parts.put("test", checked(part)));
        read.also().forEach((name, part) -> parts.put(name, checked(part)));
        for (String asked : recipe.evaluate().tasks()) {
            if (!parts.containsKey(asked)) {
                throw new RecipeException("evaluate.tasks names " + asked + ", but data." + asked + " is not given; there are "
                        + parts.keySet());
            }
        }
        Examples train = Objects.requireNonNull(parts.get(TRAIN));
        labels = labels(rows, train, checkpoint);
        kept = standard(checkpoint);
        tokenizer = tokenizer(train, checkpoint);
    }

    /// What a row's label is to the objective.
    private RowKind kind() {
        return switch (objective) {
            case ObjectiveRecipe.TokenClassification _ -> RowKind.TAGS;
            case ObjectiveRecipe.QuestionAnswering _ -> RowKind.ANSWERS;
            default -> RowKind.LABELS;
        };
    }

    /// Rows in which what the objective takes for granted was looked at.
    private Examples checked(Examples part) {
        return switch (objective) {
            case ObjectiveRecipe.TokenClassification tagging -> new TaggedExamples(part, tagging.tags() == ObjectiveRecipe.Tags.REPAIR);
            case ObjectiveRecipe.QuestionAnswering answering -> new QuestionExamples(
                    part,
                    answering.noAnswer() instanceof ObjectiveRecipe.NoAnswer.Threshold,
                    answering.spans() == ObjectiveRecipe.Spans.DROP);
            default -> part;
        };
    }

    /// The labels that some rows have.
    private Labels labels(Collection<Examples> of) {
        return switch (kind()) {
            case TAGS -> TaggedExamples.labels(of);
            case ANSWERS -> Labels.none();
            case LABELS, TEXTS -> switch (objective) {
                case ObjectiveRecipe.Ordinal ordinal when !ordinal.order().isEmpty() -> Labels.inOrder(ordinal.order());
                case ObjectiveRecipe.Regression _ -> Labels.none();
                default -> {
                    Set<String> names = new TreeSet<>();
                    of.forEach(part -> names.addAll(named(part).names()));
                    yield Labels.of(names);
                }
            };
        };
    }

    private Labels labels(DataRecipe.Rows rows, Examples train, Optional<Path> checkpoint) {
        boolean classes = kind() != RowKind.ANSWERS && !(objective instanceof ObjectiveRecipe.Regression)
                && groups.map(TextGroupsReading::classes).orElse(true);
        if (rows.columns().label().isEmpty() || !classes) {
            return Labels.none();
        }
        Labels found = labels(List.of(train));
        Optional<Path> from = checkpoint.or(this::keptHead);
        if (from.isEmpty()) {
            return found;
        }
        return keptOrder(from.get(), found, task.isEmpty() ? "objective" : "objective.tasks." + task);
    }

    /// The labels in the order of a classifier that is kept, where there is one; another classifier than the data's is refused.
    ///
    /// @param objective its path in the recipe, for the message
    static Labels keptOrder(Path from, Labels found, String objective) {
        try (var folder = ModelFolder.open(from)) {
            List<String> stored = folder.labels();
            if (stored.isEmpty() || !folder.hasClassifier()) {
                return found;
            }
            if (!new HashSet<>(stored).equals(new HashSet<>(found.names()))) {
                throw new RecipeException(from + ": its classifier knows the labels " + some(stored) + ", the data have "
                        + some(found.names()) + ". Add " + objective + ".head=new to replace the classifier.");
            }
            return Labels.inOrder(stored);
        }
    }

    /// The scale of a regression whose head is kept.
    private Optional<Standard> standard(Optional<Path> checkpoint) {
        return checkpoint.or(this::keptHead).flatMap(RowsReading::standardOf);
    }

    /// The scale that a model's folder tells, if it does.
    static Optional<Standard> standardOf(Path from) {
        try (var folder = ModelFolder.open(from)) {
            return Optional.ofNullable(folder.extra().get("standard")).map(Standard::of);
        }
    }

    /// The checkpoint whose classifier is to be kept, if there is one.
    private Optional<Path> keptHead() {
        return recipe.backbone() instanceof BackboneRecipe.Pretrained(String model, BackboneRecipe.Weights weights)
                        && weights == BackboneRecipe.Weights.PRETRAINED
                        && Built.keepsHead(objective)
                ? Optional.of(Models.find(model)).flatMap(this::headIn)
                : Optional.empty();
    }

    /// Of one of several tasks the head of that name, where the checkpoint has several too; of a task alone the checkpoint.
    private Optional<Path> headIn(Path model) {
        return task.isEmpty() ? Optional.of(model) : Optional.of(ModelFolder.head(model, task)).filter(Files::isDirectory);
    }

    private static String some(List<String> names) {
        return names.size() <= 8 ? names.toString() : names.subList(0, 8) + " and " + (names.size() - 8) + " more";
    }

    private Tokenizer tokenizer(Examples train, Optional<Path> checkpoint) {
        if (checkpoint.isPresent()) {
            return Material.tokenizer(checkpoint.get());
        }
        return switch (recipe.tokenizer()) {
            case TokenizerRecipe.OfBackbone ofBackbone -> Material.tokenizer(Material.ofBackbone(recipe));
            case TokenizerRecipe.Learned learned ->
                    OwnPieces.require(recipe, TokenizerTraining.train(learned, TokenizerTraining.texts(train)).tokenizer());
            case TokenizerRecipe.Stored stored -> OwnPieces.require(recipe, Tokenizer.open(stored.file()));
            case TokenizerRecipe.None none ->
                    throw new RecipeException("tokenizer.kind none does not fit rows of text; give one that is trained, as tokenizer.kind: wordpiece, or file");
        };
    }

    /// @param marked what becomes of each maker of batches
    Ready ready(Path cache, Function<BatchMaker, Iterable<Batch>> measured, UnaryOperator<BatchMaker> marked) {
        var pieces = new TokenizerPieces(tokenizer);
        List<TokenStore> stores = new ArrayList<>();
        SequencedMap<String, BatchMaker> makers = new LinkedHashMap<>();
        SequencedMap<String, String> fingerprints = new LinkedHashMap<>();
        for (Map.Entry<String, Examples> part : parts.entrySet()) {
            if (part.getKey().equals(TRAIN) || recipe.evaluate().tasks().contains(part.getKey())) {
                TokenStore store = encoded(part.getValue(), pieces, targets(labels), cache);
                stores.add(store);
                fingerprints.put(part.getKey(), store.fingerprint());
                makers.put(part.getKey(), marked.apply(batches(store, pieces, part.getKey(), part.getValue())));
            }
        }
        SequencedMap<String, Iterable<Batch>> tasks = new LinkedHashMap<>();
        for (String name : recipe.evaluate().tasks()) {
            tasks.put(name, measured.apply(Objects.requireNonNull(makers.get(name))));
        }
        BatchMaker train = Objects.requireNonNull(makers.get(TRAIN));
        var feed = new EpochFeed(
                train,
                recipe.batching().budget(),
                recipe.seed(),
                recipe.batching().loaders());
        return new Ready(
                feed,
                train,
                tasks,
                tokenizer,
                Built.Task.of(pieces, tokenizer, facts(stores.getFirst())),
                fingerprints,
                Stream.<Runnable>concat(Stream.of(tokenizer::close), stores.stream().map(store -> store::close)).toList());
    }

    private TokenStore encoded(Examples rows, TokenizerPieces pieces, Targets targets, Path cache) {
        if (objective instanceof ObjectiveRecipe.SequenceToSequence texts) {
            return new Encoder(
                            pieces, targets, Encoder.Layout.TEXTS, recipe.batching().maxLength(), Material.fitting(recipe), texts.maxTargetLength())
                    .encode(rows, cache);
        }
        boolean pairs = objective instanceof ObjectiveRecipe.MaskedLmNextSentence;
        var layout = Encoder.Layout.of(rows.plainText(), pairs);
        return new Encoder(pieces, targets, layout, recipe.batching().maxLength(), Material.fitting(recipe)).encode(rows, cache);
    }

    /// What a row's label means to the objective.
    private Targets targets(Labels known) {
        return groups.map(of -> of.targets(known)).orElseGet(() -> switch (objective) {
            case ObjectiveRecipe.MultiLabel many -> new Targets.ManyClasses(known, many.separator());
            case ObjectiveRecipe.Regression _ -> new Targets.Value();
            case ObjectiveRecipe.TokenClassification _ -> new Targets.Tags(known);
            case ObjectiveRecipe.QuestionAnswering answering -> new Targets.Span(answering.stride());
            default -> recipe.batching().longer() instanceof BatchingRecipe.Longer.Chunk
                    ? new Targets.Parted(Targets.of(known))
                    : Targets.of(known);
        });
    }

    /// The classes that rows name.
    private Labels named(Examples part) {
        return objective instanceof ObjectiveRecipe.MultiLabel many ? Targets.ManyClasses.names(part, many.separator()) : Labels.of(part);
    }

    /// What the training rows' labels tell the objective; a kept head's standard goes before the rows'.
    private LabelFacts facts(TokenStore train) {
        if (groups.isPresent()) {
            return LabelFacts.of(groups.get().outputs(labels));
        }
        if (objective instanceof ObjectiveRecipe.Regression regression) {
            return new LabelFacts(List.of(), List.of(), regression.standardize() ? kept.orElseGet(() -> LabelCounts.standard(train)) : Standard.NONE);
        }
        return new LabelFacts(labels.names(), LabelCounts.rows(train, targets(labels)), Standard.NONE);
    }

    /// All parts as they are encoded, looked at; a label of a held-out part that no training row has is a finding.
    Audit audit(Path cache) {
        var pieces = new TokenizerPieces(tokenizer);
        boolean labelled = recipe.data() instanceof DataRecipe.Rows rows && !rows.columns().label().isEmpty()
                && groups.map(TextGroupsReading::classes).orElse(true);
        Labels all = labelled ? labels(parts.values()) : Labels.none();
        List<TokenStore> stores = new ArrayList<>();
        try (tokenizer) {
            List<Auditor.Subject> subjects = new ArrayList<>();
            parts.forEach((name, part) -> {
                TokenStore store = encoded(part, pieces, targets(all), cache);
                stores.add(store);
                subjects.add(new Auditor.Subject(name, store, part));
            });
            Optional<MaskedBatches> masked = groups.isEmpty()
                            && maker(stores.getFirst(), pieces, TRAIN, parts.firstEntry().getValue()) instanceof MaskedBatches batches
                    ? Optional.of(batches)
                    : Optional.empty();
            return new Auditor(recipe.audit(), pieces, targets(all), masked).audit(subjects);
        } finally {
            stores.forEach(TokenStore::close);
        }
    }

    private BatchMaker maker(TokenStore store, TokenizerPieces pieces, String part, Examples rows) {
        return switch (objective) {
            case ObjectiveRecipe.MaskedLm masked ->
                    masked(store, pieces, new Masking(masked.probability(), masked.wholeWord()), false, part);
            case ObjectiveRecipe.MaskedLmNextSentence both ->
                    masked(store, pieces, new Masking(both.probability(), both.wholeWord()), true, part);
            case ObjectiveRecipe.CausalLm causal -> throw new IllegalStateException("a corpus becomes no table of rows");
            case ObjectiveRecipe.ReplacedToken replaced ->
                    masked(store, pieces, Masking.all(replaced.probability(), replaced.wholeWord()), false, part);
            case PictureObjectiveRecipe pictures -> throw new RecipeException(
                    "objective " + pictures.kind() + " learns from pictures, and the data are rows of text; give data of kind images");
            case ObjectiveRecipe.OfRow row -> new LabelledBatches(store, pieces, targets(labels));
            case ObjectiveRecipe.TokenClassification _, ObjectiveRecipe.QuestionAnswering _ -> new LabelledBatches(store, pieces, targets(labels));
            case ObjectiveRecipe.SequenceToSequence texts ->
                    new TextBatches(store, pieces, texts.maxTargetLength(), texts.generate() && !part.equals(TRAIN));
            case ObjectiveRecipe.SpanCorruption(double probability, double meanSpan) ->
                    new SpanBatches(store, pieces, sentinels(), probability, meanSpan, recipe.seed(), part);
            case ObjectiveRecipe.Denoising(double probability, double meanSpan, boolean permute) ->
                    new DenoisingBatches(store, pieces, probability, meanSpan, permute, recipe.seed(), part);
            case ObjectiveRecipe.Embedding _, ObjectiveRecipe.Ranking _ -> part.equals(TRAIN)
                    ? groups.orElseThrow().training(store, pieces, rows, recipe.seed())
                    : new LabelledBatches(store, pieces, targets(labels));
            case ObjectiveRecipe.Custom custom -> new LabelledBatches(store, pieces, targets(labels));
            case ObjectiveRecipe.Tasks _ -> throw new IllegalStateException("each task reads rows of its own");
        };
    }

    /// Batches of a part: those to measure on may have more fields than those to learn from.
    private BatchMaker batches(TokenStore store, TokenizerPieces pieces, String part, Examples examples) {
        return objective instanceof ObjectiveRecipe.QuestionAnswering answering && !part.equals(TRAIN)
                ? new AnswerBatches(store, pieces, examples, answering.stride())
                : maker(store, pieces, part, examples);
    }

    /// The pieces `<extra_id_0>`, `<extra_id_1>`, ... as far as the tokenizer has them.
    private int[] sentinels() {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> tokenizer.id("<extra_id_" + i + ">"))
                .takeWhile(OptionalInt::isPresent)
                .mapToInt(OptionalInt::getAsInt)
                .toArray();
    }

    private BatchMaker masked(TokenStore store, TokenizerPieces pieces, Masking masking, boolean pairs, String part) {
        return new MaskedBatches(store, pieces, masking, pairs, recipe.seed(), part);
    }

    /// What the training documents are, where they are a corpus.
    Optional<CorpusReport> corpus() {
        return corpus;
    }

    /// Rows of one task, ready to be drawn from.
    ///
    /// @param feed  of the training batches
    /// @param train makes them
    /// @param tasks what is measured on
    record Ready(
            EpochFeed feed,
            BatchMaker train,
            SequencedMap<String, Iterable<Batch>> tasks,
            Tokenizer tokenizer,
            Built.Task task,
            SequencedMap<String, String> fingerprints,
            List<Runnable> closing) {

        Material material() {
            return new Material(new FeedSource(feed, tasks), Optional.of(tokenizer), task, train.fixedInputs(), fingerprints, closing);
        }
    }
}
