package dev.cultivar.generate;

import dev.cultivar.batch.DataException;
import dev.cultivar.batch.Draw;
import dev.cultivar.batch.PictureShape;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.ModelPlace;
import dev.cultivar.nn.LatentPictures;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.nn.PictureSource;
import dev.cultivar.nn.StoredWeights;
import dev.cultivar.nn.Weights;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A trained GAN or VAE, opened from its folder to make pictures.
///
/// A picture is a function of the seed, its number and, where it can be asked for one, its class: whichever are made with it, and however
/// many, it is the same to the bit. Any number of threads may share one; they are answered one after the other. It computes in float32.
public final class PictureGenerator implements AutoCloseable {
    /// Pictures are computed so many at once, always: where one stands among them is part of its number.
    private static final int BLOCK = 32;
    private static final long NOISE = Draw.name("pictures that are made");

    private final PictureSource source;
    private final List<String> labels;
    private final OneByOne asked;

    private PictureGenerator(Weights weights, PictureSource source, List<String> labels) {
        this.source = source;
        this.labels = labels;
        this.asked = new OneByOne("picture-generator", weights::close);
    }

    /// Opens a run folder (its best checkpoint, else its last), or a checkpoint, of a model that was trained with an objective of kind `vae` or
    /// `gan_generator`.
    ///
    /// @throws CheckpointException if it is damaged, incomplete, or makes no pictures
    public static PictureGenerator open(Path run) {
        return open(run.toString());
    }

    /// The same, by what a user wrote.
    public static PictureGenerator open(String run) {
        try (var folder = ModelFolder.open(ModelPlace.find(run))) {
            LatentPictures.Settings settings = LatentPictures.Settings.of(folder.config());
            List<String> labels = settings.classes() == 0 ? List.of() : folder.labels();
            if (labels.size() != settings.classes()) {
                throw new CheckpointException(folder.config().place() + ": the model makes pictures of " + settings.classes()
                        + " classes, and id2label names " + labels.size() + "; correct it, or copy the file again");
            }
            StoredWeights stored = folder.stored(name -> false);
            var weights = new Weights(0, stored);
            try {
                var source = new LatentPictures(weights, settings);
                stored.finish(weights, name -> false, name -> !settings.kind().owns(name)); // what reads pictures is not needed
                stored.requireFinite(weights);
                weights.parameters().forEach(name -> weights.requireGradient(name, false));
                return new PictureGenerator(weights, source, labels);
            } catch (RuntimeException problem) {
                weights.close();
                throw problem;
            }
        }
    }

    /// How large its pictures are.
    public PictureShape shape() {
        return source.shape();
    }

    /// The classes that it can be asked for; empty where it cannot be asked for one.
    public List<String> labels() {
        return labels;
    }

    /// Pictures without a class, from a number on: `count` times channels, rows and columns, each value in [0, 1].
    ///
    /// @param first number of the first picture, at least 0
    /// @throws DataException if the model makes pictures of classes, and needs to know which
    public float[] pictures(long seed, long first, int count) {
        if (!labels.isEmpty()) {
            throw new DataException("the model makes pictures of a class, and none is named; name one of " + labels);
        }
        return made(seed, first, new int[count]);
    }

    /// Pictures of classes: as many as there are labels.
    ///
    /// @param first number of the first picture, at least 0
    /// @param of    the class of each, one of [#labels()]
    /// @throws DataException if the model knows none of a name, or no classes at all
    public float[] pictures(long seed, long first, List<String> of) {
        if (labels.isEmpty()) {
            throw new DataException("the model makes pictures without a class, and is asked for some of " + of.stream().distinct().toList()
                    + "; leave the label out, or train with conditional: true");
        }
        return made(seed, first, of.stream().mapToInt(this::label).toArray());
    }

    private int label(String name) {
        int label = labels.indexOf(name);
        if (label < 0) {
            throw new DataException("the model knows no class '" + name + "'; it makes pictures of " + labels);
        }
        return label;
    }

    private float[] made(long seed, long first, int[] classes) {
        if (first < 0) {
            throw new IllegalArgumentException("pictures are counted from 0, got " + first);
        }
        return asked.each(List.of(classes), each -> blocks(seed, first, each)).getFirst();
    }

    private float[] blocks(long seed, long first, int[] classes) {
        int each = shape().values();
        float[] pictures = new float[Math.multiplyExact(classes.length, each)];
        for (int from = 0, to; from < classes.length; from = to) {
            int place = (int) ((first + from) % BLOCK);
            to = Math.min(classes.length, from + BLOCK - place);
            float[] block = block(seed, first + from, place, Arrays.copyOfRange(classes, from, to));
            System.arraycopy(block, place * each, pictures, from * each, (to - from) * each);
        }
        return pictures;
    }

    /// A whole block, of which those before and after are made of nothing.
    ///
    /// @param number of the first picture that is asked for
    /// @param place  of it in the block
    private float[] block(long seed, long number, int place, int[] classes) {
        int latent = source.latent();
        float[] noise = new float[BLOCK * latent];
        int[] labelled = new int[BLOCK];
        for (int i = 0; i < classes.length; i++) {
            labelled[place + i] = classes[i];
            for (int z = 0; z < latent; z++) {
                noise[(place + i) * latent + z] = (float) Draw.normal(seed, NOISE, number + i, z);
            }
        }
        try (var scope = Scope.open(); var without = new NoGradient()) {
            return Tensors.floats(source.pictures(
                    Tensors.ofFloats(noise, BLOCK, latent),
                    labels.isEmpty() ? Optional.empty() : Optional.of(Tensors.ofInts(labelled, BLOCK)),
                    Mode.INFERENCE));
        }
    }

    @Override
    public void close() {
        asked.close();
    }
}
