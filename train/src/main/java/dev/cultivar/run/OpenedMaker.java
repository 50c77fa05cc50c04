package dev.cultivar.run;

import dev.cultivar.batch.PictureShape;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.generate.PictureGenerator;
import dev.cultivar.image.Picture;
import dev.cultivar.pictures.PictureMaker;
import dev.cultivar.zoo.Models;
import dev.cultivar.zoo.Origin;
import java.util.List;
import java.util.stream.IntStream;

/// A trained GAN or VAE that draws pictures for a recipe.
record OpenedMaker(PictureGenerator generator, String sha256) implements PictureMaker {

    /// @param model a run folder, a checkpoint, or a name that is resolved to one
    static PictureMaker open(String model) {
        try {
            String sha256 = Origin.of(model).sha256();
            return new OpenedMaker(PictureGenerator.open(Models.find(model)), sha256);
        } catch (CheckpointException unusable) {
            throw new CheckpointException("data: generator " + model + " cannot draw pictures: " + unusable.getMessage(), unusable);
        }
    }

    @Override
    public List<String> labels() {
        return generator.labels();
    }

    @Override
    public List<Picture> pictures(long seed, long first, List<String> of) {
        PictureShape shape = generator.shape();
        float[] values = generator.labels().isEmpty() ? generator.pictures(seed, first, of.size()) : generator.pictures(seed, first, of);
        return IntStream.range(0, of.size())
                .mapToObj(i -> Picture.of(values, i * shape.values(), shape.channels(), shape.height(), shape.width()))
                .toList();
    }

    @Override
    public void close() {
        generator.close();
    }
}
