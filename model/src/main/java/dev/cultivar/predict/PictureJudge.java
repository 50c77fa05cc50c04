package dev.cultivar.predict;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.PictureShape;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.ModelPlace;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.nn.RowClassifier;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.Arrays;
import java.util.List;

/// A trained classifier of pictures that other models' pictures are judged by: what it makes of them below its last layer, and the class that it reads.
///
/// Pictures have its own form already, so that no resizing comes between them and the verdict. They are computed in blocks of 64, by the thread
/// that asks and as many as its operators have; one thread at a time.
public final class PictureJudge implements AutoCloseable {
    private static final int BLOCK = 64;

    private final RowTask task;
    private final Model model;
    private final PictureForm form;

    private PictureJudge(RowTask task, Model model, PictureForm form) {
        this.task = task;
        this.model = model;
        this.form = form;
    }

    /// Opens a run folder (its best checkpoint, else its last), a checkpoint, or the folder of a Hugging Face image classifier.
    ///
    /// @param custom backbones that an extension builds
    /// @throws CheckpointException if it is damaged, incomplete, or no classifier of pictures
    public static PictureJudge open(String run, Backbones.Custom custom) {
        try (var folder = ModelFolder.open(ModelPlace.find(run))) {
            if (!PictureForm.isOf(folder)) {
                throw new CheckpointException(folder.folder() + ": reads no pictures, so it can judge none; give a classifier of pictures");
            }
            Opened.requireOneHead(run, folder);
            RowTask.CLASSES.check(folder);
            PictureForm form = PictureForm.of(folder);
            Opened.Loaded<RowTask> loaded = Opened.load(folder, custom, RowTask.CLASSES);
            return new PictureJudge(loaded.network(), loaded.model(), form);
        }
    }

    /// What is seen in pictures.
    ///
    /// @param features (N, F) row after row
    /// @param classes  the likeliest of each, its place in [#labels()]
    public record Seen(float[] features, int[] classes) {}

    /// The form of the pictures that it reads.
    public PictureShape shape() {
        return form.facts().shape();
    }

    public List<String> labels() {
        return task.labels();
    }

    /// F: how many features a picture has.
    public int width() {
        return model.backbone().width();
    }

    /// Looks at pictures of its own form.
    ///
    /// @param pictures (N, C, H, W) in [0, 1]
    public Seen look(float[] pictures) {
        int values = shape().values();
        int count = pictures.length / values;
        float[] features = new float[Math.multiplyExact(count, width())];
        int[] classes = new int[count];
        for (int from = 0; from < count; from += BLOCK) {
            int rows = Math.min(BLOCK, count - from);
            float[] block = form.facts().normalized(Arrays.copyOfRange(pictures, from * values, (from + rows) * values));
            try (var scope = Scope.open(); var without = new NoGradient()) {
                RowClassifier.Read read = task.network().read(Inputs.of(batch(block, rows)), Mode.INFERENCE);
                System.arraycopy(Tensors.floats(read.features()), 0, features, from * width(), rows * width());
                float[] chances = task.network().meaning().numbers(read.logits()); // (B, K)
                for (int row = 0; row < rows; row++) {
                    classes[from + row] = top(chances, row * labels().size());
                }
            }
        }
        return new Seen(features, classes);
    }

    private Batch batch(float[] block, int rows) {
        PictureShape shape = shape();
        return Batch.of(new long[rows]).floats("pixel_values", block, rows, shape.channels(), shape.height(), shape.width()).build();
    }

    private int top(float[] chances, int from) {
        int top = 0;
        for (int label = 1; label < labels().size(); label++) {
            top = chances[from + label] > chances[from + top] ? label : top;
        }
        return top;
    }

    /// Frees the model's memory.
    @Override
    public void close() {
        model.close();
    }
}
