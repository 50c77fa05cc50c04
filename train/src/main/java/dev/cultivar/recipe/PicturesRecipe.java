package dev.cultivar.recipe;

import java.nio.file.Path;
import java.util.List;

/// Where pictures come from, and how they become a model's numbers.
public final class PicturesRecipe {
    private PicturesRecipe() {}

    /// Where pictures come from.
    public sealed interface Source {
        /// A folder that holds a folder of pictures for each class, called as the class is; or pictures alone, which then have no labels.
        record Folder(Path path) implements Source {}

        /// A table that names a picture's file in each row.
        ///
        /// @param path  of the table, as for rows of text
        /// @param where a SQL condition on the columns, empty for all rows
        /// @param file  the column with the pictures' files, relative to the table's folder
        /// @param label the column with their labels, empty where there are none
        record Table(Path path, String where, String file, String label) implements Source {}

        /// IDX, the form of MNIST's files; gzip is unpacked.
        ///
        /// @param pictures a file of bytes in three dimensions
        /// @param labels   a file of bytes in one; an empty path where pictures have no labels
        record Idx(Path pictures, Path labels) implements Source {}

        /// A table with a column for each pixel, from 0 to 255, row after row: all columns but the label's.
        ///
        /// @param path     of the table
        /// @param where    a SQL condition on the columns, empty for all rows
        /// @param label    the column with the labels, empty where there are none
        /// @param height   of the pictures
        /// @param width    of the pictures
        /// @param channels 1 or 3; of three, a pixel's stand side by side
        record Pixels(Path path, String where, String label, int height, int width, int channels) implements Source {}

        /// Characters that are drawn with random distortion: as many as one likes, and no file.
        ///
        /// @param alphabet which
        /// @param rows     how many
        /// @param seed     of the draws: other seeds are other pictures
        record Glyphs(Alphabet alphabet, int rows, long seed) implements Source {}

        /// Pictures that a trained model draws: the generator of a GAN, or the decoder of a VAE. Of one that draws classes they are of each in turn.
        ///
        /// @param model a run folder, a checkpoint, or a name that is resolved to one
        /// @param rows  how many
        /// @param seed  of the draws: other seeds are other pictures
        record Generator(String model, int rows, long seed) implements Source {}
    }

    /// What is drawn.
    public enum Alphabet { DIGITS, LETTERS, CHARACTERS }

    /// Pictures held out from training.
    public sealed interface Held {
        /// Pictures of their own.
        record Apart(Source source) implements Held {}

        /// A share of the training pictures, stratified by label; equal pictures go together.
        ///
        /// @param fraction in (0, 1)
        record Fraction(double fraction) implements Held {}

        /// None.
        record None() implements Held {}
    }

    /// The form that all pictures are brought into.
    ///
    /// @param height   in pixels
    /// @param width    in pixels
    /// @param channels 1 for grey, 3 for colour
    /// @param fit      what becomes of pictures of another shape
    public record Shape(int height, int width, int channels, Fit fit) {}

    /// What becomes of a picture of another shape.
    public enum Fit {
        /// Its shorter side is fitted, and the middle cut out.
        CROP,
        /// Both sides are fitted.
        STRETCH,
        /// Its longer side is fitted, and the rest is black.
        PAD
    }

    /// What is taken from each channel's values, from 0 to 1, and what they are then divided by.
    public sealed interface Normalization {
        /// The training pictures' own mean and deviation.
        record OfData() implements Normalization {}

        /// As it was when the backbone was trained; the data's own where that is new.
        record OfBackbone() implements Normalization {}

        /// Nothing.
        record None() implements Normalization {}

        /// These, one a channel.
        record Given(List<Double> means, List<Double> deviations) implements Normalization {
            public Given {
                means = List.copyOf(means);
                deviations = List.copyOf(deviations);
            }
        }
    }

    /// How training pictures are changed, anew in each epoch; each draw is a function of seed, epoch and row.
    ///
    /// @param shift      the most that a picture is moved, as a share of its sides
    /// @param rotate     the most that it is turned, in degrees
    /// @param scale      the most that it grows or shrinks, as a share
    /// @param shear      the most that its sides lean, in degrees
    /// @param flip       chance that left and right change places
    /// @param brightness the most that is added to its values, from 0 to 1, or taken away
    /// @param contrast   the most that its values are drawn apart or together, as a share
    /// @param erase      chance that a rectangle of it is filled with noise (Zhong et al., 2020)
    /// @param mixup      alpha of the mixture of two pictures and their labels (Zhang et al., 2018); 0 for none
    /// @param cutmix     alpha of the share of a picture that a patch of another covers (Yun et al., 2019); 0 for none
    /// @param views      0 for new draws in each epoch; or so many fixed views of each picture, so that frozen layers may be computed once
    public record Augmentation(
            double shift,
            double rotate,
            double scale,
            double shear,
            double flip,
            double brightness,
            double contrast,
            double erase,
            double mixup,
            double cutmix,
            int views) {
        public static final Augmentation NONE = new Augmentation(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

        /// Pictures that are moved, turned and made larger or smaller, and nothing else.
        ///
        /// @param shift  the most that one is moved, as a share of its sides
        /// @param rotate the most that it is turned, in degrees
        /// @param scale  the most that it grows or shrinks, as a share
        public static Augmentation affine(double shift, double rotate, double scale) {
            return new Augmentation(shift, rotate, scale, 0, 0, 0, 0, 0, 0, 0, 0);
        }

        /// The same, and left and right change places with that chance.
        public Augmentation flipped(double chance) {
            return new Augmentation(shift, rotate, scale, shear, chance, brightness, contrast, erase, mixup, cutmix, views);
        }

        /// Whether nothing is changed.
        public boolean isNone() {
            return equals(NONE);
        }
    }
}
