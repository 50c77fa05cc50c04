package dev.cultivar.pictures;

import dev.cultivar.image.Picture;
import java.util.List;

/// A trained model that draws pictures, open for as long as some are drawn.
public interface PictureMaker extends AutoCloseable {

    /// SHA-256 of its weights.
    String sha256();

    /// The classes that it draws; none where it draws without one.
    List<String> labels();

    /// Draws some pictures, each a function of seed, number and class.
    ///
    /// @param first  number of the first
    /// @param labels of each, empty texts where it draws without a class
    List<Picture> pictures(long seed, long first, List<String> labels);

    /// Lets go of the model.
    @Override
    void close();

    /// Opens models by what a recipe calls them.
    interface Opener {
        PictureMaker open(String model);
    }
}
