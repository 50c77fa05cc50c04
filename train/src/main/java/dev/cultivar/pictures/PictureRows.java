package dev.cultivar.pictures;

import dev.cultivar.data.Fingerprint;
import dev.cultivar.image.Picture;
import java.util.Optional;

/// Pictures with their labels, by number from 0, as a source has them: of any size, read or drawn when they are asked for.
interface PictureRows {

    /// What messages call the source: a folder, a file.
    String name();

    int size();

    /// Empty where the picture has none.
    String label(int row);

    /// Where a picture is, for messages.
    String place(int row);

    /// Reads or draws a picture; several threads may ask at once.
    ///
    /// @throws dev.cultivar.batch.DataException that says where and why it cannot be read
    Picture picture(int row);

    /// SHA-256 of the weights of the model that draws the pictures; empty where none does.
    default Optional<String> maker() {
        return Optional.empty();
    }

    /// Adds what tells whether the pictures are still those that were read before, without reading them: names, sizes, times.
    void identify(Fingerprint fingerprint);
}
