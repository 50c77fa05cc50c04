package dev.cultivar.pictures;

import dev.cultivar.image.Picture;
import dev.cultivar.recipe.PicturesRecipe.Shape;
import java.util.Arrays;

/// Pictures in one form, by number from 0, with their labels: those of one source, or of several.
public interface StoredPictures {

    /// What messages call them: a folder, a file.
    String name();

    int size();

    /// The form that all have.
    Shape shape();

    /// Empty where the picture has none.
    String label(int row);

    /// Where a picture is, for messages.
    String place(int row);

    /// Equal for equal pictures.
    long key(int row);

    /// SHA-256 of the pictures' keys and labels.
    String fingerprint();

    /// Copies a picture's values, height x width x channels.
    void read(int row, byte[] into);

    /// A picture, in the form that all have.
    default Picture picture(int row) {
        byte[] pixels = new byte[values(shape())];
        read(row, pixels);
        return new Picture(shape().height(), shape().width(), shape().channels(), pixels);
    }

    /// Mean and deviation of each channel's values, from 0 to 1, over some rows; a channel that does not vary has deviation 1.
    default double[][] moments(int[] of) {
        int channels = shape().channels();
        long[] sums = new long[channels];
        long[] squares = new long[channels];
        byte[] pixels = new byte[values(shape())];
        for (int row : of) {
            read(row, pixels);
            for (int i = 0; i < pixels.length; i++) {
                long value = pixels[i] & 0xFF;
                sums[i % channels] += value;
                squares[i % channels] += value * value;
            }
        }
        double count = (double) of.length * shape().height() * shape().width();
        double[] means = Arrays.stream(sums).mapToDouble(sum -> sum / count / 255).toArray();
        double[] deviations = new double[channels];
        for (int c = 0; c < channels; c++) {
            double variance = squares[c] / count / 255 / 255 - means[c] * means[c];
            deviations[c] = variance > 1e-12 ? Math.sqrt(variance) : 1;
        }
        return new double[][] {means, deviations};
    }

    /// How many values a picture of a form has.
    static int values(Shape shape) {
        return Math.multiplyExact(Math.multiplyExact(shape.height(), shape.width()), shape.channels());
    }
}
