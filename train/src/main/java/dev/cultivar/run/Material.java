package dev.cultivar.run;

import dev.cultivar.batch.Batch;
import dev.cultivar.corpus.CorpusReport;
import dev.cultivar.data.BatchMaker;
import dev.cultivar.data.CanonicalBatches;
import dev.cultivar.loop.BatchSource;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.objective.LabelFacts;
import dev.cultivar.recipe.BackboneRecipe;
import dev.cultivar.recipe.BatchingRecipe;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.ObjectiveRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.recipe.TokenizerRecipe;
import dev.cultivar.text.Fitting;
import dev.cultivar.text.Tokenizer;
import dev.cultivar.text.TokenizerPieces;
import dev.cultivar.zoo.Models;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// What a recipe's data become: batches to train on, batches to measure on, and what the model must know of them.
///
/// @param source       of the training batches, and of the tasks'
/// @param tokenizer    text to ids; empty where the data are not text
/// @param task         what the model must know
/// @param fixedInputs  the fields of a row that the backbone reads and that are the same in every epoch, none where rows are drawn anew
/// @param fingerprints SHA-256 of each part as it was encoded, for provenance
/// @param closing      what is let go of at the end, in reverse order
record Material(
        BatchSource source,
        Optional<Tokenizer> tokenizer,
        Built.Task task,
        List<String> fixedInputs,
        SequencedMap<String, String> fingerprints,
        List<Runnable> closing)
        implements AutoCloseable {

    /// @param checkpoint of this very run, to go on from: its tokenizer and labels are used
    /// @param cache      the folder that encoded rows are kept in
    static Material of(Recipe recipe, Optional<Path> checkpoint, Path cache, Extensions extensions) {
        return of(recipe, checkpoint, cache, extensions, CanonicalBatches::new);
    }

    /// @param measured how rows are put into batches to be measured on
    static Material of(
            Recipe recipe, Optional<Path> checkpoint, Path cache, Extensions extensions, Function<BatchMaker, Iterable<Batch>> measured) {
        return switch (recipe.data()) {
            case DataRecipe.Custom custom -> {
                BatchSource source = extensions.source(custom.name(), custom.parameters(), recipe.seed());
                Optional<Tokenizer> tokenizer = tokenizer(recipe, checkpoint);
                var task = tokenizer.map(text -> Built.Task.of(new TokenizerPieces(text), text, LabelFacts.of(source.labels())))
                        .orElseGet(() -> Built.Task.withoutText(LabelFacts.of(source.labels())));
                yield new Material(source, tokenizer, task, List.of(), new LinkedHashMap<>(), tokenizer.stream().<Runnable>map(one -> one::close).toList());
            }
            case DataRecipe.Rows rows -> recipe.turns().getLast().objective() instanceof ObjectiveRecipe.CausalLm causal
                    ? new CorpusReading(recipe, causal, rows, cache).material(checkpoint, measured)
                    : new RowsReading(recipe, rows, checkpoint).ready(cache, measured, UnaryOperator.identity()).material();
            case DataRecipe.Images images -> ImagesReading.open(recipe, images, checkpoint, cache, reading -> reading.material(measured));
            case DataRecipe.Tasks tasks -> TasksReading.material(recipe, tasks, checkpoint, cache, measured);
        };
    }

    /// The tokenizer that lies in a checkpoint, of one of several heads in that of the model around it.
    static Tokenizer tokenizer(Path checkpoint) {
        return Tokenizer.open(ModelFolder.around(checkpoint).orElse(checkpoint));
    }

    /// The tokenizer that custom data were made with, so that the model knows its vocabulary and the checkpoint holds it.
    private static Optional<Tokenizer> tokenizer(Recipe recipe, Optional<Path> checkpoint) {
        return switch (recipe.tokenizer()) {
            case TokenizerRecipe.None none -> Optional.empty();
            case TokenizerRecipe.OfBackbone ofBackbone -> Optional.of(tokenizer(checkpoint.orElseGet(() -> ofBackbone(recipe))));
            case TokenizerRecipe.Stored stored -> Optional.of(checkpoint.map(Tokenizer::open).orElseGet(() -> OwnPieces.require(recipe, Tokenizer.open(stored.file()))));
            case TokenizerRecipe.Learned learned -> throw new RecipeException(
                    "this kind of tokenizer is trained on rows of text, and the data are custom; give tokenizer.kind: file or none");
        };
    }

    static Path ofBackbone(Recipe recipe) {
        if (recipe.backbone() instanceof BackboneRecipe.Pretrained pretrained) {
            return Models.find(pretrained.model());
        }
        throw new RecipeException("tokenizer.kind backbone needs a pretrained backbone; give one that is trained, as tokenizer.kind: wordpiece, or file");
    }

    /// Looks at a recipe's rows as they are encoded; at none where an extension makes the batches, or where documents are not cut into
    /// rows of their own.
    static Audits.Looked audit(Recipe recipe, Path cache) {
        return switch (recipe.data()) {
            case DataRecipe.Custom custom -> new Audits.Looked(Optional.empty(), Optional.empty());
            case DataRecipe.Rows rows when recipe.turns().getLast().objective() instanceof ObjectiveRecipe.CausalLm ->
                new Audits.Looked(Optional.empty(), Optional.empty());
            case DataRecipe.Rows rows -> {
                var reading = new RowsReading(recipe, rows, Optional.empty());
                yield new Audits.Looked(Optional.of(reading.audit(cache)), reading.corpus());
            }
            case DataRecipe.Images images -> new Audits.Looked(Optional.of(ImagesReading.audit(recipe, images, cache)), Optional.empty());
            case DataRecipe.Tasks tasks -> new Audits.Looked(Optional.of(TasksReading.audit(recipe, tasks, cache)), Optional.empty());
        };
    }

    /// What the documents of a recipe are that learns from text as it runs on; empty for another.
    static Optional<CorpusReport> corpus(Recipe recipe, Path cache) {
        return recipe.data() instanceof DataRecipe.Rows rows && recipe.turns().getLast().objective() instanceof ObjectiveRecipe.CausalLm causal
                ? Optional.of(new CorpusReading(recipe, causal, rows, cache).report())
                : Optional.empty();
    }

    /// What becomes of long texts, as the recipe has it.
    static Fitting fitting(Recipe recipe) {
        return switch (recipe.batching().longer()) {
            case BatchingRecipe.Longer.Truncate() -> new Fitting.Truncate();
            case BatchingRecipe.Longer.HeadTail(double head) -> new Fitting.HeadTail(head);
            case BatchingRecipe.Longer.Chunk(int stride) -> new Fitting.Chunk(stride);
        };
    }

    @Override
    public void close() {
        source.close();
        closing.reversed().forEach(Runnable::run);
    }
}
