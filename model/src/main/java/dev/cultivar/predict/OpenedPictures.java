package dev.cultivar.predict;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.ModelPlace;
import dev.cultivar.image.Picture;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/// A model that looks at pictures, opened from its folder to be asked; any number of threads may ask. Each picture is computed by itself, so
/// what is said of it depends on nothing else, to the bit.
///
/// @param <N> what the task makes of the model
final class OpenedPictures<N> implements AutoCloseable {
    private final N network;
    private final Model model;
    private final PictureForm form;
    private final ModelThreads threads = new ModelThreads("cultivar-pictures");
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    private OpenedPictures(N network, Model model, PictureForm form) {
        this.network = network;
        this.model = model;
        this.form = form;
    }

    /// Opens a run folder (its best checkpoint, else its last), a checkpoint, or a Hugging Face folder.
    static <N> OpenedPictures<N> open(String run, Backbones.Custom custom, Opened.Task<N> task) {
        try (var folder = ModelFolder.open(ModelPlace.find(run))) {
            if (!PictureForm.isOf(folder)) {
                throw new CheckpointException(folder.folder() + ": reads no pictures; it is "
                        + folder.config().values().getOrDefault("architectures", "of no stated architecture"));
            }
            task.check(folder);
            PictureForm form = PictureForm.of(folder); // before there is memory to give back
            Opened.Loaded<N> loaded = Opened.load(folder, custom, task);
            return new OpenedPictures<>(loaded.network(), loaded.model(), form);
        }
    }

    N network() {
        return network;
    }

    /// How a picture becomes what the model reads.
    PictureForm form() {
        return form;
    }

    /// What is said of each picture, in their order; waits until it is there.
    <A> List<A> each(List<Picture> pictures, Function<Inputs, A> ask) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("this model is closed; whoever opened it may close it only after its last use");
            }
            return threads.each(pictures, picture -> ask.apply(Inputs.of(form.batch(picture))));
        } finally {
            lock.readLock().unlock();
        }
    }

    /// Frees the model's memory once no thread is asking any more; a second call does nothing.
    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                threads.close();
                model.close();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
