package dev.cultivar.predict;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.ModelPlace;
import dev.cultivar.nn.Backbone;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.MemoryFormat;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.Weights;
import dev.cultivar.text.Pieces;
import dev.cultivar.text.TokenGrid;
import dev.cultivar.text.Tokenizer;
import dev.cultivar.text.TokenizerPieces;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Predicate;

/// A model that was opened from its folder to be asked: what all classes share that answer.
///
/// It holds the network and the tokenizer, lets any number of threads ask, computes on a thread of its own, and is closed once,
/// after the last question.
///
/// @param <N> what the task makes of the model
final class Opened<N> implements AutoCloseable {
    /// The shortest row that holds a pair's special pieces and a piece.
    static final int SHORTEST = 4;

    private final N network;
    private final Model model;
    private final Tokenizer tokenizer;
    private final Pieces pieces;
    private final int maxLength;
    private final Answering answering;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    /// How a task reads a model's folder.
    ///
    /// @param <N> what it makes of the model
    interface Task<N> {
        /// Refuses a folder that is of another task; nothing is loaded yet.
        ///
        /// @throws CheckpointException that says what the folder is and what to do
        void check(ModelFolder folder);

        /// Whether a head is read, of which there may be several.
        default boolean reads() {
            return true;
        }

        /// Whether the backbone's own pooler is read.
        default boolean pools(ModelFolder folder) {
            return false;
        }

        /// Whether every row has a `[CLS]` and a `[SEP]`, and a longest one is known.
        default boolean framed() {
            return true;
        }

        /// The longest row in tokens, where another file says it than `config.json`.
        default OptionalInt maxLength(ModelFolder folder) {
            return OptionalInt.empty();
        }

        /// The network with its heads, and what else the folder says of the task; parameters that are declared here must be stored.
        N network(ModelFolder folder, Model model);
    }

    private Opened(N network, Model model, Tokenizer tokenizer, int maxLength) {
        this.network = network;
        this.model = model;
        this.tokenizer = tokenizer;
        this.pieces = new TokenizerPieces(tokenizer);
        this.maxLength = maxLength;
        this.answering = new Answering(pieces.pad());
    }

    /// Opens a run folder (its best checkpoint, else its last), a checkpoint, or a Hugging Face folder with its `tokenizer.json`.
    ///
    /// @param run    what a user wrote
    /// @param custom backbones that an extension builds
    static <N> Opened<N> open(String run, Backbones.Custom custom, Task<N> task) {
        Path place = ModelPlace.find(run);
        try (var folder = ModelFolder.open(place)) {
            if (task.reads()) {
                requireOneHead(run, folder);
            }
            task.check(folder);
            Tokenizer tokenizer = Tokenizer.open(folder.tokenizerFolder());
            try {
                return open(folder, tokenizer, custom, task);
            } catch (RuntimeException problem) {
                tokenizer.close();
                throw problem;
            }
        }
    }

    /// Refuses a model with several heads of which none is named.
    static void requireOneHead(String run, ModelFolder folder) {
        if (!folder.heads().isEmpty()) {
            throw new CheckpointException(run + ": has several heads, " + String.join(", ", folder.heads()) + "; name one, as " + run + "#"
                    + folder.heads().getFirst());
        }
    }

    private static <N> Opened<N> open(ModelFolder folder, Tokenizer tokenizer, Backbones.Custom custom, Task<N> task) {
        Loaded<N> loaded = load(folder, custom, task);
        try {
            loaded.model().backbone().requireFits(tokenizer.vocabulary(), folder.folder());
            int maxLength = maxLength(folder, loaded.model().backbone(), task.maxLength(folder), task.framed());
            if (task.framed()) {
                TokenGrid.requireFrame(new TokenizerPieces(tokenizer));
            }
            return new Opened<>(loaded.network(), loaded.model(), tokenizer, maxLength);
        } catch (RuntimeException problem) {
            loaded.model().close();
            throw problem;
        }
    }

    /// A model with its weights, and what a task makes of it.
    record Loaded<N>(N network, Model model) {}

    /// Builds the model and loads its weights; nothing that the task declares may be missing.
    static <N> Loaded<N> load(ModelFolder folder, Backbones.Custom custom, Task<N> task) {
        var stored = folder.stored(name -> false);
        var weights = new Weights(0, stored);
        try {
            Backbone backbone = Backbones.build(folder.config(), weights, task.pools(folder), custom);
            var model = new Model(weights, backbone);
            N network = task.network(folder, model);
            // Heads of other tasks, and a pooler that is not read, may lie beside what is used; nothing may be missing.
            Predicate<String> above = name -> backbone.depth(name) < 0 || backbone.depth(name) > backbone.layers();
            stored.finish(weights, name -> false, above);
            if ("channels_last".equals(folder.extra().get("memory_format"))) {
                weights.arrange(MemoryFormat.CHANNELS_LAST);
            }
            if (folder.isReduced()) {
                weights.reduceFrozen(weights.parameters()); // what it was trained and measured in
            }
            return new Loaded<>(network, model);
        } catch (RuntimeException problem) {
            weights.close();
            throw problem;
        }
    }

    /// The longest row, as the folder says it, or as the model takes it.
    static int maxLength(ModelFolder folder, Backbone backbone) {
        return maxLength(folder, backbone, OptionalInt.empty(), true);
    }

    private static int maxLength(ModelFolder folder, Backbone backbone, OptionalInt elsewhere, boolean bounded) {
        int positions = backbone.positions() == 0 ? Integer.MAX_VALUE : backbone.positions();
        Object own = folder.extra().get("max_length");
        Object said = own == null && elsewhere.isPresent() ? (Object) (long) elsewhere.getAsInt() : own;
        if (said == null && (backbone.positions() >= SHORTEST || backbone.positions() == 0 && !bounded)) {
            return positions;
        }
        if (said instanceof Long length && length >= SHORTEST && length <= positions) {
            return length.intValue();
        }
        throw new CheckpointException(folder.config().place() + ": cultivar.max_length must be from " + SHORTEST + " to the model's "
                + positions + " positions, got " + said);
    }

    N network() {
        return network;
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    Pieces pieces() {
        return pieces;
    }

    /// The longest row in tokens, special ones included.
    int maxLength() {
        return maxLength;
    }

    /// Answers questions in slices, so that another caller has its turn in between; nobody closes the model meanwhile.
    ///
    /// @param slice  questions that are worked on at once
    /// @param answer one answer a question, in their order
    <Q, A> List<A> asked(List<Q> questions, int slice, Function<List<Q>, List<A>> answer) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("this model is closed; whoever opened it may close it only after its last use");
            }
            List<A> answers = new ArrayList<>(questions.size());
            for (int from = 0; from < questions.size(); from += slice) {
                answers.addAll(answer.apply(questions.subList(from, Math.min(questions.size(), from + slice))));
            }
            return answers;
        } finally {
            lock.readLock().unlock();
        }
    }

    /// What the network says of each row, see [Answering#answer]; to be called inside [#asked].
    <A> List<A> compute(List<Answering.Row> rows, Function<Inputs, A> network) {
        return answering.answer(rows, network);
    }

    /// Frees the model's memory once no thread is asking any more; a second call does nothing.
    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                answering.close();
                tokenizer.close();
                model.close();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
