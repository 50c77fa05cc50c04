package dev.cultivar.pictures;

import dev.cultivar.batch.DataException;
import dev.cultivar.data.Splits;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.PicturesRecipe.Held;
import dev.cultivar.recipe.PicturesRecipe.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The pictures of a recipe, parted into what is learned from, chosen by and reported on.
///
/// @param train      to learn from, with their labels
/// @param rest       of the training pictures beyond `data.rows`: their labels are not looked at
/// @param validation to choose by
/// @param test       to report on
/// @param added      to learn from beside `train`, a part for each source of `data.added`
/// @param stores     that hold them, to be closed
public record PictureParts(
        PicturePart train,
        PicturePart rest,
        Optional<PicturePart> validation,
        Optional<PicturePart> test,
        List<PicturePart> added,
        List<PictureStore> stores)
        implements AutoCloseable {

    /// Says whether a source's pictures may be learned from beside those of the training part.
    public interface Admission {
        /// Any may.
        Admission ANY = (source, labels, train) -> {};

        /// @param source what messages call it
        /// @param labels that its pictures have, an empty one among them where some have none
        /// @throws DataException that says why they may not; none of them has been read or drawn then
        void require(String source, SortedSet<String> labels, PicturePart train);
    }

    /// All that is learned from: the training part, and after it what is added.
    public PicturePart learned() {
        return PicturePart.joined(train, added);
    }

    /// SHA-256 of the weights of each model that drew some of the pictures, by what messages call its pictures.
    public SequencedMap<String, String> makers() {
        SequencedMap<String, String> makers = new LinkedHashMap<>();
        stores.forEach(store -> store.maker().ifPresent(sha256 -> makers.put(store.name(), sha256)));
        return makers;
    }

    /// The same of a recipe whose pictures no model draws.
    ///
    /// @throws DataException if one does
    public static PictureParts open(DataRecipe.Images images, long seed, boolean labels, Path folder) {
        return open(images, seed, labels, folder, model -> {
            throw new DataException("pictures that " + model + " draws cannot be opened here");
        }, Admission.ANY);
    }

    /// Reads or draws what is not there yet.
    ///
    /// @param seed   of the recipe; moves which pictures a fraction holds
    /// @param labels whether pictures have a class each, so that each class is dealt out evenly
    /// @param folder where pictures are kept in the form that the recipe wants
    /// @param makers opens models that draw
    /// @param admits what is added
    public static PictureParts open(
            DataRecipe.Images images, long seed, boolean labels, Path folder, PictureMaker.Opener makers, Admission admits) {
        List<PictureStore> stores = new ArrayList<>();
        try {
            var sources = new PictureSources(images.shape(), folder, makers);
            var opened = new Opening(images, seed, labels ? Splits.Strata.LABELS : Splits.Strata.NONE, sources, admits, stores);
            return opened.parts();
        } catch (RuntimeException problem) {
            stores.forEach(PictureStore::close);
            throw problem;
        }
    }

    private record Opening(
            DataRecipe.Images images, long seed, Splits.Strata strata, PictureSources sources, Admission admits, List<PictureStore> stores) {

        PictureParts parts() {
            PictureParts own = own();
            List<PicturePart> added = images.added().stream().map(source -> PicturePart.all(added(source, own.train()))).toList();
            return new PictureParts(own.train(), own.rest(), own.validation(), own.test(), added, stores);
        }

        private PictureStore added(Source source, PicturePart train) {
            return kept(sources.open(source, rows -> {
                SortedSet<String> labels = IntStream.range(0, rows.size()).mapToObj(rows::label).collect(Collectors.toCollection(TreeSet::new));
                admits.require("data.added: " + rows.name(), labels, train);
            }));
        }

        private PictureParts own() {
            PicturePart all = wanted(open(images.train()));
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
                return new PictureParts(train, new PicturePart(train.store(), new int[0]), validated, tested, List.of(), stores);
            }
            if (images.rows() > train.size()) {
                throw new DataException(train.name() + ": data.rows asks for " + images.rows() + " training pictures, and there are "
                        + train.size() + " once others are held out");
            }
            // Drawn as a share to hold out would be, and then learned from: each class has its part.
            Splits.Places some = Splits.of(train, 0, (double) images.rows() / train.size(), seed, strata);
            return new PictureParts(train.at(some.test()), train.at(some.train()), validated, tested, List.of(), stores);
        }

        /// Those of `data.classes`.
        private PicturePart wanted(PictureStore store) {
            PicturePart all = PicturePart.all(store);
            if (images.classes().isEmpty()) {
                return all;
            }
            SortedSet<String> labels = IntStream.range(0, store.size()).mapToObj(store::label).collect(Collectors.toCollection(TreeSet::new));
            List<String> missing = images.classes().stream().filter(label -> !labels.contains(label)).toList();
            if (!missing.isEmpty()) {
                throw new DataException(store.name() + ": has no picture of " + String.join(", ", missing)
                        + ", which data.classes names; its labels are " + labels.stream().limit(20).collect(Collectors.joining(", "))
                        + (labels.size() > 20 ? ", ..." : ""));
            }
            return all.at(IntStream.range(0, store.size()).filter(row -> images.classes().contains(store.label(row)))
                    .collect(BitSet::new, BitSet::set, BitSet::or));
        }

        private PictureStore open(Source source) {
            return kept(sources.open(source));
        }

        private PictureStore kept(PictureStore store) {
            stores.add(store);
            return store;
        }

        private Optional<PicturePart> apart(Held held) {
            return switch (held) {
                case Held.Apart(Source source) -> Optional.of(wanted(open(source)));
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
