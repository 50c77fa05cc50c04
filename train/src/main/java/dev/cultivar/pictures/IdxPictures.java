package dev.cultivar.pictures;

import dev.cultivar.batch.DataException;
import dev.cultivar.data.Fingerprint;
import dev.cultivar.image.IdxFile;
import dev.cultivar.image.Picture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Grey pictures of an IDX file, as MNIST's are, with the numbers of another as labels.
///
/// @param file   of the pictures
/// @param labels none where there is no file of labels
record IdxPictures(Path file, IdxFile.Images images, int[] labels) implements PictureRows {

    static PictureRows open(Path pictures, Path labels) {
        require(pictures);
        IdxFile.Images images = IdxFile.images(pictures);
        if (images.rows() == 0) {
            throw new DataException(pictures + ": holds no picture; expected at least one");
        }
        if (labels.toString().isEmpty()) {
            return new IdxPictures(pictures, images, new int[0]);
        }
        require(labels);
        int[] numbers = IdxFile.labels(labels);
        if (numbers.length != images.rows()) {
            throw new DataException(labels + ": has " + numbers.length + " labels, but " + pictures + " has " + images.rows()
                    + " pictures; they do not belong together");
        }
        return new IdxPictures(pictures, images, numbers);
    }

    private static void require(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new DataException(file + (Files.exists(file) ? " is no file" : " does not exist") + "; expected an IDX file. A relative path is taken "
                    + "from the working directory, " + Path.of("").toAbsolutePath());
        }
    }

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public int size() {
        return images.rows();
    }

    @Override
    public String label(int row) {
        return labels.length == 0 ? "" : String.valueOf(labels[row]);
    }

    @Override
    public String place(int row) {
        return file + ": picture " + (row + 1);
    }

    @Override
    public Picture picture(int row) {
        int values = images.height() * images.width();
        return new Picture(images.height(), images.width(), 1, Arrays.copyOfRange(images.pixels(), row * values, (row + 1) * values));
    }

    @Override
    public void identify(Fingerprint fingerprint) {
        fingerprint.add(images.height()).add(images.width()).add(images.pixels());
    }
}
