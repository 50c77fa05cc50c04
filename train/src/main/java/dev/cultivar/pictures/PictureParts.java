package dev.cultivar.pictures;

import dev.cultivar.batch.DataException;
import dev.cultivar.data.Splits;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.PicturesRecipe.Held;
import dev.cultivar.recipe.PicturesRecipe.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The pictures of a recipe, parted into what is learned from, chosen by and reported on.
///
/// @param train      to learn from, with their labels
/// @param rest       of the training pictures beyond `data.rows`: their labels are not looked at
/// @param validation to choose by
/// @param test       to report on
/// @param stores     that hold them, to be closed
public record PictureParts(
        PicturePart train, PicturePart rest, Optional<PicturePart> validation, Optional<PicturePart> test, List<PictureStore> stores)
        implements AutoCloseable {

    /// Reads what is not there yet.
    ///
    /// @param seed   of the recipe; moves which pictures a fraction holds
    /// @param labels whether pictures have a class each, so that each class is dealt out evenly
    /// @param folder where pictures are kept in the form that the recipe wants
    public static PictureParts open(DataRecipe.Images images, long seed, boolean labels, Path folder) {
        List<PictureStore> stores = new ArrayList<>();
        try {
            var opened = new Opening(images, seed, labels ? Splits.Strata.LABELS : Splits.Strata.NONE, folder, stores);
            return opened.parts();
        } catch (RuntimeException problem) {
            stores.forEach(PictureStore::close);
            throw problem;
        }
    }

    private record Opening(DataRecipe.Images images, long seed, Splits.Strata strata, Path folder, List<PictureStore> stores) {

        PictureParts parts() {
            PicturePart all = PicturePart.all(open(images.train()));
            double validation = fraction(images.validation());
            double test = fraction(images.test());
            PicturePart train = all;
            Optional<PicturePart> validated = apart(images.validation());
            Optional<PicturePart> tested = apart(images.test());
            if (validation + test > 0) {
                Splits.Places places = Splits.of(all, validation, test, seed, strata);
                train = all.at(places.train());
                validated = validation > 0 ? Optional.of(all.at(places.validation())) : validated;
                tested = test > 0 ? Optional.of(all.at(places.test())) : tested;
            }
            if (images.rows() == 0 || images.rows() == train.size()) {
                return new PictureParts(train, new PicturePart(train.store(), new int[0]), validated, tested, stores);
            }
            if (images.rows() > train.size()) {
                throw new DataException(train.name() + ": data.rows asks for " + images.rows() + " training pictures, and there are "
                        + train.size() + " once others are held out");
            }
            // Drawn as a share to hold out would be, and then learned from: each class has its part.
            Splits.Places some = Splits.of(train, 0, (double) images.rows() / train.size(), seed, strata);
            return new PictureParts(train.at(some.test()), train.at(some.train()), validated, tested, stores);
        }

        private PictureStore open(Source source) {
            PictureStore store = PictureStore.open(PictureSources.open(source, images.shape()), images.shape(), folder);
            stores.add(store);
            return store;
        }

        private Optional<PicturePart> apart(Held held) {
            return switch (held) {
                case Held.Apart(Source source) -> Optional.of(PicturePart.all(open(source)));
                case Held.Fraction _, Held.None _ -> Optional.empty();
            };
        }

        private static double fraction(Held held) {
            return held instanceof Held.Fraction(double fraction) ? fraction : 0;
        }
    }

    @Override
    public void close() {
        stores.forEach(PictureStore::close);
    }
}
