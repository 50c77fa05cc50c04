package dev.cultivar.predict;

import dev.cultivar.image.Picture;
import dev.cultivar.nn.Backbone;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.Pooling;
import dev.cultivar.nn.TextEmbedding;
import dev.cultivar.torch.Tensors;
import java.nio.file.Path;
import java.util.List;

/// Pictures to vectors of length 1, so that pictures that a backbone finds alike lie close; opened from the folder of any model that looks at
/// pictures, to be asked by any number of threads.
public final class PictureEmbedder implements AutoCloseable {
    private static final Opened.Task<Backbone> TASK = new Opened.Task<>() {
        @Override
        public void check(ModelFolder folder) {} // any backbone of pictures makes vectors

        @Override
        public boolean reads() {
            return false;
        }

        @Override
        public Backbone network(ModelFolder folder, Model model) {
            return model.backbone();
        }
    };

    private final OpenedPictures<Backbone> opened;

    private PictureEmbedder(OpenedPictures<Backbone> opened) {
        this.opened = opened;
    }

    /// Opens a run folder (its best checkpoint, else its last), a checkpoint, or a Hugging Face folder.
    ///
    /// @throws dev.cultivar.format.CheckpointException if it is damaged, incomplete, or reads no pictures
    public static PictureEmbedder open(Path run) {
        return open(run.toString(), Backbones.Custom.NONE);
    }

    /// The same, by what a user wrote, and for a backbone that an extension builds.
    public static PictureEmbedder open(String run, Backbones.Custom custom) {
        return new PictureEmbedder(OpenedPictures.open(run, custom, TASK));
    }

    /// How many numbers a vector has.
    public int width() {
        return opened.network().width();
    }

    public float[] embed(Picture picture) {
        return embed(List.of(picture)).getFirst();
    }

    /// The vectors in the order of the pictures.
    public List<float[]> embed(List<Picture> pictures) {
        Backbone backbone = opened.network();
        return opened.each(pictures, inputs -> {
            var hidden = backbone.forward(inputs, Mode.INFERENCE);
            var vector = Pooling.CLS.apply(backbone, hidden, inputs, Mode.INFERENCE); // (1, F)
            return Tensors.floats(TextEmbedding.unit(vector));
        });
    }

    /// Frees the model's memory once no thread is asking any more; a second call does nothing.
    @Override
    public void close() {
        opened.close();
    }
}
