package dev.cultivar.predict;

import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.EmbeddingLayout;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.TextEmbedding;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/// Texts to vectors, so that texts of like meaning lie close; opened from its folder to be asked.
///
/// Any number of threads may share one. Many texts at once are computed in batches of like length on all cores: the last bits of a
/// vector then depend on the texts beside it, by less than 1e-5 of a vector of length 1 in float32, and 1e-2 where the model runs in bfloat16.
/// [#embed(String)] and [#embedEach] compute each text alone: the same text then has the same bits, whoever asks.
///
/// A text that is longer than the model's rows is cut at its end.
public final class Embedder implements AutoCloseable {
    private static final Opened.Task<TextEmbedding> TASK = new Opened.Task<>() {
        @Override
        public void check(ModelFolder folder) {} // any encoder makes vectors

        @Override
        public boolean reads() {
            return false;
        }

        @Override
        public OptionalInt maxLength(ModelFolder folder) {
            return EmbeddingLayout.read(folder.folder()).maxLength();
        }

        @Override
        public TextEmbedding network(ModelFolder folder, Model model) {
            EmbeddingLayout layout = EmbeddingLayout.read(folder.folder());
            return new TextEmbedding(model.backbone(), layout.from(), layout.normalized());
        }
    };

    private final Opened<TextEmbedding> opened;
    private final TextRows rows;

    private Embedder(Opened<TextEmbedding> opened) {
        this.opened = opened;
        this.rows = new TextRows(opened, inputs -> opened.network().vectors(inputs, Mode.INFERENCE), "cultivar-embedder");
    }

    /// Opens the run folder of an embedding (its best checkpoint, else its last), a checkpoint, or a folder of sentence-transformers'; of any
    /// other encoder a vector is the mean over the tokens of a text.
    ///
    /// @throws dev.cultivar.format.CheckpointException if it is damaged, incomplete, or made of parts that are not built
    public static Embedder open(Path run) {
        return open(run.toString());
    }

    /// The same, by what a user wrote.
    public static Embedder open(String run) {
        return open(run, Backbones.Custom.NONE);
    }

    /// The same, for a backbone that an extension builds.
    public static Embedder open(String run, Backbones.Custom custom) {
        return new Embedder(Opened.open(run, custom, TASK));
    }

    /// Numbers of a vector.
    public int width() {
        return opened.network().backbone().width();
    }

    /// The longest row in tokens; a text's own tokens are two fewer.
    public int maxLength() {
        return opened.maxLength();
    }

    /// Whether vectors have length 1, so that their dot product is their cosine.
    public boolean normalized() {
        return opened.network().normalized();
    }

    /// The vector of one text, to the bit whatever was asked before.
    public float[] embed(String text) {
        return embedEach(List.of(text)).getFirst();
    }

    /// The vectors in the order of the texts, computed together.
    public List<float[]> embed(List<String> texts) {
        return rows.answer(alone(texts), TextRows.Computed.TOGETHER);
    }

    /// The vectors in the order of the texts, each as [#embed(String)] gives it: slower.
    public List<float[]> embedEach(List<String> texts) {
        return rows.answer(alone(texts), TextRows.Computed.ALONE);
    }

    private static List<TextPair> alone(List<String> texts) {
        return texts.stream().map(text -> new TextPair(text, "")).toList();
    }

    /// Frees the model's memory once no thread is asking any more; a second call does nothing.
    @Override
    public void close() {
        rows.close();
    }
}
