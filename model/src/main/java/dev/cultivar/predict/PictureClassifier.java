package dev.cultivar.predict;

import dev.cultivar.image.Picture;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.RowClassifier;
import java.nio.file.Path;
import java.util.List;

/// A trained classifier of pictures, opened from its folder to be asked.
///
/// Any number of threads may share one. A picture of another size or number of channels is brought into the form that the model was trained
/// on. Where the folder has a [Decision], it is followed, as by [Classifier].
public final class PictureClassifier implements AutoCloseable {
    private final OpenedPictures<RowTask> opened;
    private final Decision decision;

    private PictureClassifier(OpenedPictures<RowTask> opened, Decision decision) {
        this.opened = opened;
        this.decision = decision;
    }

    /// Opens a run folder (its best checkpoint, else its last), a checkpoint, or the folder of a Hugging Face image classifier.
    ///
    /// @throws dev.cultivar.format.CheckpointException if it is damaged, incomplete, or no classifier of pictures
    public static PictureClassifier open(Path run) {
        return open(run.toString(), Backbones.Custom.NONE);
    }

    /// The same, by what a user wrote, and for a backbone that an extension builds.
    public static PictureClassifier open(String run, Backbones.Custom custom) {
        OpenedPictures<RowTask> opened = OpenedPictures.open(run, custom, RowTask.CLASSES);
        try {
            return new PictureClassifier(opened, Decision.of(run, opened.network().labels()));
        } catch (RuntimeException problem) {
            opened.close();
            throw problem;
        }
    }

    /// The labels' names, in the order in which the model was trained on them.
    public List<String> labels() {
        return opened.network().labels();
    }

    public Prediction predict(Picture picture) {
        return predict(List.of(picture)).getFirst();
    }

    /// The predictions in the order of the pictures.
    public List<Prediction> predict(List<Picture> pictures) {
        RowTask task = opened.network();
        return opened.each(pictures, task.network()::said).stream()
                .map((RowClassifier.Said said) -> decision.decide(
                        task.network().meaning(), task.labels(), new RowTask.Said(said.numbers(), said.energies()[0], 0)))
                .toList();
    }

    /// A picture as the model sees it: in its size and channels. What [#saliency] says lies over this picture.
    public Picture seen(Picture picture) {
        return opened.form().formed(picture);
    }

    /// Where in a picture lies what speaks for the class that is predicted.
    public Saliency saliency(Picture picture) {
        return saliency(picture, predict(picture).label());
    }

    /// Where in a picture lies what speaks for a class, whether it is predicted or not: by Grad-CAM where the network keeps maps of places, and by the
    /// gradient of each pixel where it keeps none (`mlp`, `vit`).
    ///
    /// @throws IllegalArgumentException if the model knows no such class
    public Saliency saliency(Picture picture, String label) {
        return saliency(picture, List.of(label)).getFirst();
    }

    /// The same for several classes, in their order.
    public List<Saliency> saliency(Picture picture, List<String> labels) {
        labels.stream().filter(label -> !labels().contains(label)).findFirst().ifPresent(unknown -> {
            throw new IllegalArgumentException("no class " + unknown + "; the model knows " + labels());
        });
        RowTask task = opened.network();
        return opened.each(List.of(picture), inputs -> labels.stream()
                        .map(label -> Saliency.of(label, task.network(), inputs, task.labels().indexOf(label), opened.form().facts()))
                        .toList())
                .getFirst();
    }

    /// Frees the model's memory once no thread is asking any more; a second call does nothing.
    @Override
    public void close() {
        opened.close();
    }
}
