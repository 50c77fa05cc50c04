package dev.cultivar.predict;

import dev.cultivar.image.Picture;
import dev.cultivar.nn.Backbone;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.PatchEncoder;
import java.nio.file.Path;
import java.util.List;

/// Shows what the layers of a transformer over pictures attend to, from the folder of any such model; as [AttentionMaps] does of texts.
///
/// Any number of threads may share one.
public final class PictureAttentionMaps implements AutoCloseable {
    private static final Opened.Task<Network> TASK = new Opened.Task<>() {
        @Override
        public void check(ModelFolder folder) {} // whether it cuts pictures into patches is for the backbone to say

        @Override
        public boolean reads() {
            return false;
        }

        @Override
        public Network network(ModelFolder folder, Model model) {
            Backbone backbone = model.backbone();
            return new Network(backbone, backbone.patchEncoder().orElseThrow(() -> AttentionRecorder.none(backbone)));
        }
    };

    private final OpenedPictures<Network> opened;

    private PictureAttentionMaps(OpenedPictures<Network> opened) {
        this.opened = opened;
    }

    private record Network(Backbone backbone, PatchEncoder patches) {}

    /// Opens a run folder (its best checkpoint, else its last), a checkpoint, or a Hugging Face folder.
    ///
    /// @throws dev.cultivar.format.CheckpointException if it is damaged, incomplete, or reads no pictures
    /// @throws IllegalArgumentException                if it is no transformer
    public static PictureAttentionMaps open(Path run) {
        return open(run.toString(), Backbones.Custom.NONE);
    }

    /// The same, by what a user wrote, and for a backbone that an extension builds.
    public static PictureAttentionMaps open(String run, Backbones.Custom custom) {
        return new PictureAttentionMaps(OpenedPictures.open(run, custom, TASK));
    }

    public PictureAttention of(Picture picture) {
        Network network = opened.network();
        PatchEncoder patches = network.patches();
        AttentionMap map = opened.each(List.of(picture), inputs -> AttentionRecorder.record(network.backbone(), inputs)).getFirst();
        return new PictureAttention(
                opened.form().formed(picture), patches.image().height() / patches.patch(), patches.image().width() / patches.patch(), map);
    }

    /// Frees the model's memory once no thread is asking any more; a second call does nothing.
    @Override
    public void close() {
        opened.close();
    }
}
