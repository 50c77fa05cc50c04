package dev.cultivar.predict;

import dev.cultivar.image.Picture;
import dev.cultivar.nn.Backbones;
import java.nio.file.Path;
import java.util.List;

/// A trained model that says a number for a picture, opened from its folder to be asked by any number of threads. Values are in the unit of the
/// training pictures' labels.
public final class PictureRegressor implements AutoCloseable {
    private final OpenedPictures<RowTask> opened;

    private PictureRegressor(OpenedPictures<RowTask> opened) {
        this.opened = opened;
    }

    /// Opens a run folder (its best checkpoint, else its last), a checkpoint, or a Hugging Face folder with one label.
    ///
    /// @throws dev.cultivar.format.CheckpointException if it is damaged, incomplete, or no regression of pictures
    public static PictureRegressor open(Path run) {
        return open(run.toString(), Backbones.Custom.NONE);
    }

    /// The same, by what a user wrote, and for a backbone that an extension builds.
    public static PictureRegressor open(String run, Backbones.Custom custom) {
        return new PictureRegressor(OpenedPictures.open(run, custom, RowTask.VALUES));
    }

    public double predict(Picture picture) {
        return predict(List.of(picture)).getFirst();
    }

    /// The values in the order of the pictures.
    public List<Double> predict(List<Picture> pictures) {
        RowTask task = opened.network();
        return opened.each(pictures, task.network()::probabilities).stream().map(said -> (double) task.standard().value(said[0])).toList();
    }

    /// Frees the model's memory once no thread is asking any more; a second call does nothing.
    @Override
    public void close() {
        opened.close();
    }
}
