package dev.cultivar.run;

import dev.cultivar.batch.PictureShape;
import dev.cultivar.evaluate.CopyScores;
import dev.cultivar.evaluate.FrechetDistance;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.image.Picture;
import dev.cultivar.pictures.PicturePart;
import dev.cultivar.predict.PictureJudge;
import dev.cultivar.recipe.RecipeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// The search behind a [CopyAudit]: each training picture is read once, and compared with all samples at once.
final class CopySearch {
    private static final int MOST_SAMPLES = 500;
    private static final int MOST_TRAINING = 60_000;
    private static final int MOST_VALUES = 1 << 25; // of all samples
    private static final int BLOCK_ROWS = 2048;
    private static final int BLOCK_VALUES = 1 << 23;
    private static final int PAIRS = 24;

    private final DrawnSamples samples;
    private final PicturePart training;
    private final Optional<PicturePart> heldOut;
    private final List<Seeking> spaces = new ArrayList<>();
    private final int[] searched;
    private final int[] others;

    CopySearch(DrawnSamples samples, PicturePart training, Optional<PicturePart> heldOut, Optional<PictureJudge> judge) {
        this.samples = samples;
        this.training = training;
        this.heldOut = heldOut;
        requireSameForm(training.picture(0));
        searched = spread(training.size(), MOST_TRAINING);
        others = spread(heldOut.map(PicturePart::size).orElse(training.size()), most(samples.shape()));
        float[] real = values(heldOut.orElse(training), others);
        spaces.add(new Seeking(CopyAudit.PIXELS, UnaryOperator.identity(), samples.shape().values(), samples.shape().values(), real));
        judge.ifPresent(of -> spaces.add(new Seeking(CopyAudit.FEATURES, pictures -> of.look(pictures).features(), of.width(), 1, real)));
    }

    /// How many samples are compared: fewer where pictures are large.
    static int most(PictureShape shape) {
        return Math.clamp(MOST_VALUES / shape.values(), 20, MOST_SAMPLES);
    }

    private void requireSameForm(Picture picture) {
        var form = new PictureShape(picture.channels(), picture.height(), picture.width());
        if (!form.equals(samples.shape())) {
            throw new RecipeException("the model draws pictures of " + samples.shape() + ", and those that it is to be compared with are of " + form
                    + " (channels, height, width); give the pictures in the form that it learned from");
        }
    }

    /// Some of so many, evenly.
    private static int[] spread(int of, int most) {
        int count = Math.min(of, most);
        return IntStream.range(0, count).map(i -> (int) ((long) i * of / count)).toArray();
    }

    private float[] values(PicturePart part, int[] rows) {
        int each = samples.shape().values();
        float[] values = new float[Math.multiplyExact(rows.length, each)];
        for (int i = 0; i < rows.length; i++) {
            Picture picture = part.picture(rows[i]);
            Picture.values(picture.pixels(), picture.channels(), values, i * each);
        }
        return values;
    }

    /// @param against what the held-out pictures are called
    CopyAudit audit(String checkpoint, String against) {
        int rows = Math.clamp(BLOCK_VALUES / samples.shape().values(), 1, BLOCK_ROWS);
        for (int from = 0; from < searched.length; from += rows) {
            int[] numbers = Arrays.copyOfRange(searched, from, Math.min(searched.length, from + rows));
            float[] block = values(training, numbers);
            spaces.forEach(space -> space.add(block, numbers));
        }
        return new CopyAudit(
                checkpoint, samples.count(), searched.length, training.size(), heldOut.isPresent() ? against : "train", others.length,
                spaces.stream().map(Seeking::space).toList(), spaces.getLast().floor());
    }

    /// The pairs of one space of its audit, see [CopySheet].
    Picture sheet(CopyAudit.Space space, boolean pairs) {
        return CopySheet.of(space, samples::picture, training::picture, pairs);
    }

    /// One space, and what was found in it so far.
    private final class Seeking {
        private final String name;
        private final UnaryOperator<float[]> vectors;
        private final int width;
        private final double per;
        private final NearestPictures nearest;
        private final NearestPictures ofSome;
        private final NearestPictures ofHeldOut;
        private final BitSet some = new BitSet(); // of the searched pictures
        private int passed;
        private final List<float[]> someFeatures = new ArrayList<>();
        private final float[] otherFeatures;

        /// @param vectors what pictures are in this space
        /// @param width   of a vector
        /// @param per     see [NearestPictures#distances]
        /// @param real    the other pictures
        Seeking(String name, UnaryOperator<float[]> vectors, int width, double per, float[] real) {
            this.name = name;
            this.vectors = vectors;
            this.width = width;
            this.per = per;
            float[] drawn = vectors.apply(samples.values());
            float[] other = vectors.apply(real);
            float[] both = Arrays.copyOf(drawn, drawn.length + other.length);
            System.arraycopy(other, 0, both, drawn.length, other.length);
            int[] own = new int[samples.count() + others.length];
            Arrays.fill(own, -1);
            if (heldOut.isEmpty()) {
                System.arraycopy(others, 0, own, samples.count(), others.length);
            }
            nearest = new NearestPictures(both, width, own);
            ofSome = new NearestPictures(drawn, width);
            ofHeldOut = new NearestPictures(drawn, width);
            otherFeatures = other;
            int equally = heldOut.isEmpty() ? 0 : Math.min(others.length, searched.length);
            if (equally > 0) {
                Arrays.stream(spread(searched.length, equally)).forEach(some::set);
                int[] places = spread(others.length, equally);
                ofHeldOut.add(picked(other, places), places);
            }
        }

        void add(float[] block, int[] numbers) {
            float[] seen = vectors.apply(block);
            nearest.add(seen, numbers);
            int[] places = IntStream.range(0, numbers.length).filter(i -> some.get(passed + i)).toArray();
            passed += numbers.length;
            if (places.length > 0) {
                float[] picked = picked(seen, places);
                if (name.equals(CopyAudit.FEATURES)) {
                    someFeatures.add(picked);
                }
                ofSome.add(picked, Arrays.stream(places).map(place -> numbers[place]).toArray());
            }
        }

        private List<CopyScores.Between> between() {
            double[] toSome = ofSome.distances(per);
            double[] toHeldOut = ofHeldOut.distances(per);
            return IntStream.range(0, samples.count())
                    .mapToObj(i -> new CopyScores.Between(toSome[i], ofSome.row(i), toHeldOut[i], ofHeldOut.row(i)))
                    .toList();
        }

        private float[] picked(float[] from, int[] places) {
            float[] picked = new float[places.length * width];
            for (int i = 0; i < places.length; i++) {
                System.arraycopy(from, places[i] * width, picked, i * width, width);
            }
            return picked;
        }

        /// How near pictures of the data come to each other.
        Optional<Metric> floor() {
            int most = someFeatures.stream().mapToInt(block -> block.length).sum();
            if (most < 2 * width) {
                return Optional.empty();
            }
            float[] features = new float[most];
            int at = 0;
            for (float[] block : someFeatures) {
                System.arraycopy(block, 0, features, at, block.length);
                at += block.length;
            }
            return Optional.of(FrechetDistance.of(features, picked(otherFeatures, spread(others.length, most / width)), width));
        }

        CopyAudit.Space space() {
            double[] distances = nearest.distances(per);
            double[] drawn = Arrays.copyOf(distances, samples.count());
            double[] other = Arrays.copyOfRange(distances, samples.count(), distances.length);
            CopyScores scores = CopyScores.of(drawn, other, heldOut.isEmpty() ? List.of() : between());
            List<CopyAudit.Pair> pairs = IntStream.range(0, drawn.length)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer sample) -> drawn[sample]).thenComparing(sample -> sample))
                    .limit(PAIRS)
                    .map(sample -> new CopyAudit.Pair(
                            sample, samples.label(sample), nearest.row(sample), training.where(nearest.row(sample)), drawn[sample]))
                    .toList();
            return new CopyAudit.Space(name, scores, pairs);
        }
    }
}
