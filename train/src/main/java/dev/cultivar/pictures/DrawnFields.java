package dev.cultivar.pictures;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.DataException;
import dev.cultivar.batch.Draw;
import dev.cultivar.batch.PictureFacts;
import dev.cultivar.recipe.PictureNeeds;
import dev.cultivar.recipe.PictureObjectiveRecipe.Corruption;
import dev.cultivar.recipe.PicturesRecipe.Augmentation;
import java.util.Optional;
import java.util.SplittableRandom;

/// What objectives read of a picture beside the picture and its label: the picture from 0 to 1, noise, which patches are hidden, another view,
/// pictures without labels. Each draw is a function of seed, epoch and row.
///
/// @param needs   which of these
/// @param views   how a second view is changed, and a little one of a picture without a label
/// @param patches of a picture; 0 where it is not cut into any
/// @param rest    pictures without labels; empty where batches are measured on, which need none
public record DrawnFields(PictureNeeds needs, Augmentation views, int patches, Optional<PicturePart> rest) implements PictureBatches.Extra {
    private static final long NOISE = Draw.name("noise of a picture");
    private static final long MIX = Draw.name("mix of two pictures");
    private static final long CORRUPTION = Draw.name("corruption");
    private static final long MASK = Draw.name("hidden patches");
    private static final long REST = Draw.name("pictures without labels");

    /// What FixMatch changes much: all that [Augmenter] can do but flips and mixtures, far (after RandAugment; Cubuk et al., 2020).
    private static final Augmentation STRONG = new Augmentation(0.15, 30, 0.3, 20, 0, 0.3, 0.5, 1, 0, 0, 0);
    /// What it changes a little where the recipe names nothing.
    private static final Augmentation WEAK = new Augmentation(0.1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    @Override
    public void into(Batch.Builder batch, int[] rows, int height, long epoch, float[] values, PictureBatches of) {
        PictureFacts facts = of.facts();
        long[] shape = {height, facts.channels(), facts.height(), facts.width()};
        batch.floats("pixels", values, shape);
        if (needs.noise() > 0) {
            batch.floats("noise", normal(NOISE, rows, height, needs.noise(), epoch, of), height, needs.noise());
        }
        if (needs.mix()) {
            float[] mix = new float[height];
            for (int i = 0; i < height; i++) {
                mix[i] = (float) Draw.unit(of.seed(), MIX, epoch, row(rows, i));
            }
            batch.floats("mix", mix, height, 1);
        }
        switch (needs.corruption()) {
            case Corruption.None _ -> {}
            case Corruption.Gaussian _ ->
                batch.floats("corruption", normal(CORRUPTION, rows, height, facts.shape().values(), epoch, of), shape);
            case Corruption.Mask(double share) -> batch.floats("corruption", ones(share, rows, height, facts.shape().values(), epoch, of), shape);
        }
        if (needs.masked() > 0) {
            batch.ints("masked", masked(rows, height, epoch, of), height, patches);
        }
        if (needs.secondView()) {
            float[] second = of.values(rows, height, epoch, 1, augmenter(views, facts));
            batch.floats("second_view", facts.normalized(second), shape);
        }
        if (needs.unlabelled() > 0 && rest.isPresent()) {
            unlabelled(batch, rows, epoch, of, rest.get());
        }
        if (needs.rest() && rest.filter(part -> part.size() > 0).isPresent()) {
            other(batch, rows, epoch, of, rest.get());
        }
    }

    private static int row(int[] rows, int i) {
        return rows[i < rows.length ? i : 0];
    }

    private static Augmenter augmenter(Augmentation how, PictureFacts facts) {
        return new Augmenter(how, facts.height(), facts.width(), facts.channels());
    }

    private static float[] normal(long purpose, int[] rows, int height, int each, long epoch, PictureBatches of) {
        float[] numbers = new float[height * each];
        for (int i = 0; i < height; i++) {
            var random = new SplittableRandom(Draw.bits(of.seed(), purpose, epoch, row(rows, i)));
            for (int k = 0; k < each; k++) {
                numbers[i * each + k] = (float) random.nextGaussian();
            }
        }
        return numbers;
    }

    /// Ones at a share of the places, zeros elsewhere.
    private static float[] ones(double share, int[] rows, int height, int each, long epoch, PictureBatches of) {
        float[] numbers = new float[height * each];
        for (int i = 0; i < height; i++) {
            var random = new SplittableRandom(Draw.bits(of.seed(), CORRUPTION, epoch, row(rows, i)));
            for (int k = 0; k < each; k++) {
                numbers[i * each + k] = random.nextDouble() < share ? 1 : 0;
            }
        }
        return numbers;
    }

    /// The same number of hidden patches in each row: those that a keyed order puts first.
    private int[] masked(int[] rows, int height, long epoch, PictureBatches of) {
        int hidden = Math.clamp(Math.round(needs.masked() * patches), 1, patches - 1);
        int[] flags = new int[height * patches];
        for (int i = 0; i < height; i++) {
            long key = Draw.bits(of.seed(), MASK, epoch, row(rows, i));
            for (int patch = 0; patch < hidden; patch++) {
                flags[i * patches + (int) Draw.permute(patch, patches, key)] = 1;
            }
        }
        return flags;
    }

    /// So many pictures without labels for each with one, changed a little and changed much.
    private void unlabelled(Batch.Builder batch, int[] rows, long epoch, PictureBatches of, PicturePart without) {
        PictureFacts facts = of.facts();
        int many = needs.unlabelled();
        int count = rows.length * many;
        Augmenter little = augmenter(views.isNone() ? WEAK : plain(views), facts);
        Augmenter much = augmenter(STRONG, facts);
        byte[] pixels = new byte[facts.shape().values()];
        float[] weak = new float[count * pixels.length];
        float[] strong = new float[count * pixels.length];
        for (int i = 0; i < count; i++) {
            int row = read(without, (long) rows[i / many] * many + i % many, epoch, of.seed(), pixels);
            little.apply(pixels, weak, i * pixels.length, of.seed(), epoch, REST, row, 0);
            much.apply(pixels, strong, i * pixels.length, of.seed(), epoch, REST, row, 1);
        }
        long[] shape = {count, facts.channels(), facts.height(), facts.width()};
        batch.floats("weak", facts.normalized(weak), shape);
        batch.floats("strong", facts.normalized(strong), shape);
    }

    /// Reads the picture without a label that comes at a place in an epoch's order; returns its number.
    private static int read(PicturePart without, long place, long epoch, long seed, byte[] pixels) {
        int row = (int) Draw.permute(place % without.size(), without.size(), Draw.bits(seed, REST, epoch));
        without.read(row, pixels);
        return row;
    }

    /// One picture without a label for each with one, from 0 to 1.
    private void other(Batch.Builder batch, int[] rows, long epoch, PictureBatches of, PicturePart without) {
        PictureFacts facts = of.facts();
        Augmenter changing = augmenter(plain(views), facts);
        byte[] pixels = new byte[facts.shape().values()];
        float[] values = new float[rows.length * pixels.length];
        for (int i = 0; i < rows.length; i++) {
            int row = read(without, rows[i], epoch, of.seed(), pixels);
            changing.apply(pixels, values, i * pixels.length, of.seed(), epoch, REST, row, 0);
        }
        batch.floats("unlabelled", values, rows.length, facts.channels(), facts.height(), facts.width());
    }

    /// Without what mixes a picture with others, or keeps its views.
    private static Augmentation plain(Augmentation how) {
        return new Augmentation(
                how.shift(), how.rotate(), how.scale(), how.shear(), how.flip(), how.brightness(), how.contrast(), how.erase(), 0, 0, 0);
    }

    /// Refuses needs that the data cannot meet.
    public DrawnFields {
        if (needs.unlabelled() > 0 && rest.isPresent() && rest.get().size() == 0) {
            throw new DataException(rest.get().name() + ": objective fixmatch learns from pictures without labels as well, and there are none; say with "
                    + "data.rows how many of the training pictures keep their labels");
        }
        if (needs.masked() > 0 && patches < 2) {
            throw new DataException("objective masked_patches needs a backbone that cuts pictures into at least 2 patches, got " + patches);
        }
    }
}
