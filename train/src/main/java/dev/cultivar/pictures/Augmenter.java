package dev.cultivar.pictures;

import dev.cultivar.batch.Draw;
import dev.cultivar.image.Picture;
import dev.cultivar.recipe.PicturesRecipe.Augmentation;
import java.util.SplittableRandom;

/// Changes a picture at random: moves, turns, scales, shears and flips it, makes it brighter or darker, erases a part. What is drawn is a
/// function of the seed and the place alone.
///
/// @param how    as the recipe says
/// @param height H
/// @param width  W
/// @param channels C
record Augmenter(Augmentation how, int height, int width, int channels) {
    private static final long PURPOSE = Draw.name("augmentation");

    /// Whether a picture comes out as it went in.
    boolean isStill() {
        return !moves() && how.brightness() == 0 && how.contrast() == 0 && how.erase() == 0;
    }

    private boolean moves() {
        return how.shift() > 0 || how.rotate() > 0 || how.scale() > 0 || how.shear() > 0 || how.flip() > 0;
    }

    /// @param pixels height x width x channels, from 0 to 255
    /// @param into   C x H x W values from 0 to 1
    /// @param at     where in `into` the picture starts
    /// @param place  of the draws: epoch or view, row, and whatever else tells two apart
    void apply(byte[] pixels, float[] into, int at, long seed, long... place) {
        var random = new SplittableRandom(Draw.bits(seed ^ PURPOSE, place));
        if (moves()) {
            moved(pixels, into, at, random);
        } else {
            Picture.values(pixels, channels, into, at);
        }
        shade(into, at, random);
        if (how.erase() > 0 && random.nextDouble() < how.erase()) {
            erase(into, at, random);
        }
    }

    /// Where each pixel of the new picture lies in the old one is an affine function, and its value is interpolated between four; what lies
    /// outside is black.
    private void moved(byte[] pixels, float[] into, int at, SplittableRandom random) {
        double angle = Math.toRadians(how.rotate()) * between(random);
        double lean = Math.tan(Math.toRadians(how.shear()) * between(random));
        double grow = 1 / (1 + how.scale() * between(random));
        double shiftX = how.shift() * width * between(random);
        double shiftY = how.shift() * height * between(random);
        double flip = how.flip() > 0 && random.nextDouble() < how.flip() ? -1 : 1;
        double cos = Math.cos(angle) * grow;
        double sin = Math.sin(angle) * grow;
        double middleX = (width - 1) / 2.0;
        double middleY = (height - 1) / 2.0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double dx = x - middleX - shiftX;
                double dy = y - middleY - shiftY;
                double fromX = flip * (cos * dx + (sin + lean * cos) * dy) + middleX;
                double fromY = -sin * dx + (cos - lean * sin) * dy + middleY;
                interpolate(pixels, fromX, fromY, into, at + y * width + x);
            }
        }
    }

    private static double between(SplittableRandom random) {
        return 2 * random.nextDouble() - 1;
    }

    private void interpolate(byte[] pixels, double x, double y, float[] into, int at) {
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        double right = x - left;
        double below = y - top;
        for (int c = 0; c < channels; c++) {
            double value = (1 - below) * ((1 - right) * value(pixels, left, top, c) + right * value(pixels, left + 1, top, c))
                    + below * ((1 - right) * value(pixels, left, top + 1, c) + right * value(pixels, left + 1, top + 1, c));
            into[at + c * height * width] = (float) (value / 255);
        }
    }

    private int value(byte[] pixels, int x, int y, int channel) {
        return x < 0 || y < 0 || x >= width || y >= height ? 0 : pixels[(y * width + x) * channels + channel] & 0xFF;
    }

    private void shade(float[] into, int at, SplittableRandom random) {
        if (how.brightness() == 0 && how.contrast() == 0) {
            return;
        }
        float add = (float) (how.brightness() * between(random));
        float times = (float) (1 + how.contrast() * between(random));
        int values = channels * height * width;
        double mean = 0;
        for (int i = at; i < at + values; i++) {
            mean += into[i];
        }
        float middle = (float) (mean / values);
        for (int i = at; i < at + values; i++) {
            into[i] = Math.clamp((into[i] - middle) * times + middle + add, 0f, 1f);
        }
    }

    /// A rectangle of 2 % to 33 % of the picture, its sides at most 3.3 to 1, filled with noise (Zhong et al., 2020, algorithm 1).
    private void erase(float[] into, int at, SplittableRandom random) {
        double share = random.nextDouble(0.02, 0.33);
        double ratio = Math.exp(random.nextDouble(-Math.log(3.3), Math.log(3.3)));
        int tall = Math.clamp(Math.round(Math.sqrt(share * height * width * ratio)), 1, height);
        int wide = Math.clamp(Math.round(Math.sqrt(share * height * width / ratio)), 1, width);
        int top = random.nextInt(height - tall + 1);
        int left = random.nextInt(width - wide + 1);
        for (int c = 0; c < channels; c++) {
            for (int y = top; y < top + tall; y++) {
                for (int x = left; x < left + wide; x++) {
                    into[at + (c * height + y) * width + x] = (float) random.nextDouble();
                }
            }
        }
    }
}
