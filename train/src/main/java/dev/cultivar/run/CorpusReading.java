package dev.cultivar.run;

import dev.cultivar.batch.Batch;
import dev.cultivar.corpus.Corpus;
import dev.cultivar.corpus.CorpusReport;
import dev.cultivar.corpus.Mixture;
import dev.cultivar.corpus.Progress;
import dev.cultivar.corpus.TokenStream;
import dev.cultivar.data.BatchMaker;
import dev.cultivar.data.CausalBatches;
import dev.cultivar.data.CausalRows;
import dev.cultivar.data.EpochFeed;
import dev.cultivar.loop.FeedSource;
import dev.cultivar.objective.LabelFacts;
import dev.cultivar.recipe.BackboneRecipe;
import dev.cultivar.recipe.CorpusRecipe;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.ObjectiveRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.recipe.TokenizerRecipe;
import dev.cultivar.text.Tokenizer;
import dev.cultivar.text.TokenizerPieces;
import dev.cultivar.zoo.Models;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.function.Function;

/// A corpus on its way to batches that predict the next token: documents, a tokenizer, streams of tokens, rows.
final class CorpusReading {
    private static final String TRAIN = "train";

    private final Recipe recipe;
    private final ObjectiveRecipe.CausalLm objective;
    private final DataRecipe.Rows rows;
    private final Path cache;

    CorpusReading(Recipe recipe, ObjectiveRecipe.CausalLm objective, DataRecipe.Rows rows, Path cache) {
        this.recipe = recipe;
        this.objective = objective;
        this.rows = rows;
        this.cache = cache;
    }

    /// Documents to learn from or to measure on.
    private record Part(Corpus corpus, Corpus.Part part) {}

    /// @param checkpoint of this very run, to go on from: its tokenizer is used
    Material material(Optional<Path> checkpoint, Function<BatchMaker, Iterable<Batch>> measured) {
        List<Runnable> closing = new ArrayList<>();
        boolean done = false;
        try {
            SequencedMap<String, Part> parts = parts(closing);
            for (String asked : recipe.evaluate().tasks()) {
                if (!parts.containsKey(asked)) {
                    throw new RecipeException("evaluate.tasks names " + asked + ", but data." + asked + " is not given; there are " + parts.keySet());
                }
            }
            Tokenizer tokenizer = tokenizer(java.util.Objects.requireNonNull(parts.get(TRAIN)), checkpoint);
            closing.add(tokenizer::close);
            var pieces = new TokenizerPieces(tokenizer);
            SequencedMap<String, BatchMaker> makers = new LinkedHashMap<>();
            SequencedMap<String, String> fingerprints = new LinkedHashMap<>();
            parts.forEach((name, part) -> {
                if (name.equals(TRAIN) || recipe.evaluate().tasks().contains(name)) {
                    List<TokenStream> streams = part.corpus().tokens(part.part(), pieces, end(pieces), cache);
                    streams.forEach(stream -> closing.add(stream::close));
                    fingerprints.put(name, String.join(" ", streams.stream().map(TokenStream::fingerprint).toList()));
                    makers.put(name, maker(part.corpus(), streams, name.equals(TRAIN)));
                }
            });
            SequencedMap<String, Iterable<Batch>> tasks = new LinkedHashMap<>();
            for (String name : recipe.evaluate().tasks()) {
                tasks.put(name, measured.apply(java.util.Objects.requireNonNull(makers.get(name))));
            }
            var feed = new EpochFeed(
                    java.util.Objects.requireNonNull(makers.get(TRAIN)), recipe.batching().budget(), recipe.seed(), recipe.batching().loaders());
            var task = Built.Task.of(pieces, tokenizer, LabelFacts.NONE);
            var material = new Material(new FeedSource(feed, tasks), Optional.of(tokenizer), task, List.of(), fingerprints, List.copyOf(closing));
            done = true;
            return material;
        } finally {
            if (!done) {
                closing.reversed().forEach(Runnable::run);
            }
        }
    }

    /// What the training documents are, with their tokens where the tokenizer need not be learned from them first.
    CorpusReport report() {
        List<Runnable> closing = new ArrayList<>();
        try {
            SequencedMap<String, Part> parts = parts(closing);
            Corpus corpus = java.util.Objects.requireNonNull(parts.get(TRAIN)).corpus();
            if (recipe.tokenizer() instanceof TokenizerRecipe.Learned) {
                return corpus.report();
            }
            Tokenizer tokenizer = tokenizer(java.util.Objects.requireNonNull(parts.get(TRAIN)), Optional.empty());
            closing.add(tokenizer::close);
            var pieces = new TokenizerPieces(tokenizer);
            long[] tokens = new long[corpus.sources()];
            parts.values().stream().filter(part -> part.corpus() == corpus).forEach(part -> {
                List<TokenStream> streams = corpus.tokens(part.part(), pieces, end(pieces), cache);
                for (int source = 0; source < tokens.length; source++) {
                    tokens[source] += streams.get(source).length();
                    streams.get(source).close();
                }
            });
            return corpus.report().withTokens(tokens);
        } finally {
            closing.reversed().forEach(Runnable::run);
        }
    }

    /// The token that ends a document, where the tokenizer has one.
    private static OptionalInt end(TokenizerPieces pieces) {
        return pieces.special().end();
    }

    private SequencedMap<String, Part> parts(List<Runnable> closing) {
        SequencedMap<String, Part> parts = new LinkedHashMap<>();
        List<Corpus> apart = new ArrayList<>();
        SequencedMap<String, DataRecipe.Held> held = new LinkedHashMap<>();
        held.put("validation", rows.validation());
        held.put("test", rows.test());
        rows.also().forEach((name, source) -> held.put(name, new DataRecipe.Held.Apart(source)));
        held.forEach((name, part) -> {
            if (part instanceof DataRecipe.Held.Apart(DataRecipe.Source source)) {
                Corpus corpus = open(source, 0, 0, List.of(), closing);
                apart.add(corpus);
                parts.put(name, new Part(corpus, Corpus.Part.TRAIN));
            }
        });
        Corpus train = open(rows.train(), fraction(rows.validation()), fraction(rows.test()), apart, closing);
        SequencedMap<String, Part> all = new LinkedHashMap<>();
        all.put(TRAIN, new Part(train, Corpus.Part.TRAIN));
        if (rows.validation() instanceof DataRecipe.Held.Fraction) {
            all.put("validation", new Part(train, Corpus.Part.VALIDATION));
        }
        if (rows.test() instanceof DataRecipe.Held.Fraction) {
            all.put("test", new Part(train, Corpus.Part.TEST));
        }
        all.putAll(parts);
        return all;
    }

    private static double fraction(DataRecipe.Held held) {
        return held instanceof DataRecipe.Held.Fraction part ? part.fraction() : 0;
    }

    private Corpus open(DataRecipe.Source source, double validation, double test, List<Corpus> apart, List<Runnable> closing) {
        Corpus corpus = Corpus.openKept(
                described(source),
                validation,
                test,
                apart.stream().map(other -> other.documents(Corpus.Part.TRAIN)).toList(),
                cache,
                Progress.NONE);
        closing.add(corpus::close);
        return corpus;
    }

    /// Any source of rows as a corpus of one source.
    private CorpusRecipe described(DataRecipe.Source source) {
        String column = rows.columns().text();
        return switch (source) {
            case DataRecipe.Source.Corpus(CorpusRecipe corpus) -> corpus;
            case DataRecipe.Source.Table(Path path, String where) -> {
                if (!where.isEmpty()) {
                    throw new RecipeException("data.train.where chooses rows of a table, and objective causal_lm reads documents; "
                            + "give data.train.sql with a query instead");
                }
                yield corpus(CorpusRecipe.Place.Files.of(path.toString()), column);
            }
            case DataRecipe.Source.Sql(String query) -> corpus(new CorpusRecipe.Place.Sql(query), column);
            case DataRecipe.Source.Zoo zoo -> throw new RecipeException("objective causal_lm reads files, a query or a corpus, got zoo "
                    + zoo.name() + "; give data.train.file, data.train.sql or data.train.corpus");
        };
    }

    private static CorpusRecipe corpus(CorpusRecipe.Place place, String column) {
        var source = CorpusRecipe.Source.of(place);
        return new CorpusRecipe(
                List.of(new CorpusRecipe.Source(place, 1, source.document(), column, source.invalid(), source.nul())), List.of());
    }

    private Tokenizer tokenizer(Part train, Optional<Path> checkpoint) {
        if (checkpoint.isPresent()) {
            return Tokenizer.open(checkpoint.get());
        }
        return switch (recipe.tokenizer()) {
            case TokenizerRecipe.Learned learned -> TokenizerTraining.train(
                            learned, to -> train.corpus().documents(train.part()).each(document -> to.accept(document.text())))
                    .tokenizer();
            case TokenizerRecipe.Stored stored -> Tokenizer.open(stored.file());
            case TokenizerRecipe.OfBackbone ofBackbone when recipe.backbone() instanceof BackboneRecipe.Pretrained pretrained ->
                Material.tokenizer(Models.find(pretrained.model()));
            case TokenizerRecipe.OfBackbone ofBackbone ->
                throw new RecipeException("tokenizer.kind backbone needs a pretrained backbone; give tokenizer.kind: bpe, chars, wordpiece or file");
            case TokenizerRecipe.None none ->
                throw new RecipeException("tokenizer.kind none does not fit text; give tokenizer.kind: bpe, chars, wordpiece or file");
        };
    }

    private BatchMaker maker(Corpus corpus, List<TokenStream> streams, boolean training) {
        int context = recipe.batching().maxLength();
        List<CausalRows> sources = new ArrayList<>();
        for (int source = 0; source < streams.size(); source++) {
            TokenStream stream = streams.get(source);
            long seed = dev.cultivar.batch.Draw.bits(recipe.seed(), source);
            sources.add(switch (objective.rows()) {
                case STREAM -> CausalRows.windows(stream, context, objective.overlap(), training, seed);
                case PACKED -> CausalRows.packed(stream, context, objective.overlap());
            });
        }
        boolean weighted = java.util.stream.IntStream.range(0, streams.size()).anyMatch(source -> corpus.weight(source) != 1);
        if (!training || !weighted) {
            return CausalBatches.each(sources, context);
        }
        List<String> names = new ArrayList<>();
        double[] weights = new double[sources.size()];
        for (int source = 0; source < weights.length; source++) {
            names.add(corpus.name(source));
            weights[source] = corpus.weight(source);
        }
        var mixture = new Mixture(names, sources.stream().mapToLong(CausalRows::count).toArray(), weights, recipe.seed());
        return CausalBatches.mixed(sources, mixture, context);
    }
}
