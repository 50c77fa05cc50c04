package dev.cultivar.pictures;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.Draw;
import dev.cultivar.batch.PictureFacts;
import dev.cultivar.recipe.PicturesRecipe.Augmentation;
import java.util.SplittableRandom;

/// Mixes each picture of a batch with another, whole (mixup; Zhang et al., 2018) or by a patch of it (CutMix; Yun et al., 2019): the batch then has
/// `mixed_labels` (B), the other's label, and `mixed_share` (B), what its own label counts.
///
/// Where both are asked for, half of the batches are mixed in one way and half in the other.
record Mixing(Augmentation how, PictureFacts facts, long seed) {
    private static final long PURPOSE = Draw.name("mixing");

    /// @param values are changed in place
    void into(Batch.Builder batch, int[] rows, int height, long epoch, float[] values, PictureBatches of) {
        var random = new SplittableRandom(Draw.bits(seed, PURPOSE, epoch, rows[0], rows.length));
        boolean whole = how.cutmix() == 0 || how.mixup() > 0 && random.nextBoolean();
        int turn = rows.length > 1 ? 1 + random.nextInt(rows.length - 1) : 0; // each picture's partner is so many places on
        float[] before = values.clone();
        int[] labels = new int[height];
        float[] shares = new float[height];
        java.util.Arrays.fill(labels, dev.cultivar.data.LabelledBatches.IGNORED);
        java.util.Arrays.fill(shares, 1);
        for (int i = 0; i < rows.length; i++) {
            int other = (i + turn) % rows.length;
            double alpha = whole ? how.mixup() : how.cutmix();
            double share = beta(alpha, random);
            shares[i] = (float) (whole ? blend(before, values, i, other, share) : patch(before, values, i, other, share, random));
            labels[i] = of.labels().get(rows[other]).target()[0];
        }
        batch.ints("mixed_labels", labels, height).floats("mixed_share", shares, height);
    }

    private double blend(float[] before, float[] values, int row, int other, double share) {
        int size = facts.shape().values();
        for (int i = 0; i < size; i++) {
            values[row * size + i] = (float) (share * before[row * size + i] + (1 - share) * before[other * size + i]);
        }
        return share;
    }

    /// @return what is left of the picture, as a share of its area
    private double patch(float[] before, float[] values, int row, int other, double share, SplittableRandom random) {
        int size = facts.shape().values();
        int tall = (int) Math.round(facts.height() * Math.sqrt(1 - share));
        int wide = (int) Math.round(facts.width() * Math.sqrt(1 - share));
        int top = random.nextInt(facts.height() - tall + 1);
        int left = random.nextInt(facts.width() - wide + 1);
        for (int c = 0; c < facts.channels(); c++) {
            for (int y = top; y < top + tall; y++) {
                int at = (c * facts.height() + y) * facts.width() + left;
                System.arraycopy(before, other * size + at, values, row * size + at, wide);
            }
        }
        return 1 - (double) tall * wide / (facts.height() * facts.width());
    }

    /// Beta(alpha, alpha), as a ratio of two gammas.
    private static double beta(double alpha, SplittableRandom random) {
        double first = gamma(alpha, random);
        double second = gamma(alpha, random);
        return first + second > 0 ? first / (first + second) : 0.5;
    }

    /// Gamma(alpha, 1) (Marsaglia and Tsang, 2000); below 1 by Gamma(alpha + 1) times a power of a uniform.
    private static double gamma(double alpha, SplittableRandom random) {
        if (alpha < 1) {
            return gamma(alpha + 1, random) * Math.pow(1 - random.nextDouble(), 1 / alpha);
        }
        double d = alpha - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double x = random.nextGaussian();
            double v = Math.pow(1 + c * x, 3);
            if (v > 0 && Math.log(1 - random.nextDouble()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
                return d * v;
            }
        }
    }
}
