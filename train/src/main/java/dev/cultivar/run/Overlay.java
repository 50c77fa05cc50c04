package dev.cultivar.run;

import dev.cultivar.image.Fit;
import dev.cultivar.image.Picture;
import dev.cultivar.image.PictureWriter;
import dev.cultivar.predict.Saliency;
import dev.cultivar.report.Block;

/// Small pictures for a report: one as a model sees it, and what speaks for a class laid over it.
final class Overlay {
    /// Sides of a picture in a report, in pixels.
    private static final int SIDE = 224;
    /// How much of a picture's light stays below a map, so that the map is seen on white, too.
    private static final double GROUND = 0.75;
    /// How much of a map's colour covers the picture where the map is highest.
    private static final double COVER = 0.85;

    /// The colours of a report's right and wrong answers.
    enum Colour {
        RIGHT(0x2f9be8),
        WRONG(0xf07018);

        private final int rgb;

        Colour(int rgb) {
            this.rgb = rgb;
        }

        private int channel(int c) {
            return rgb >> 16 - 8 * c & 0xFF;
        }
    }

    private Overlay() {}

    /// What is said below pictures with maps: how these were found.
    static String note(Saliency.Method method) {
        return switch (method) {
            case GRAD_CAM -> "What speaks for a class: Grad-CAM over the network's last maps (Selvaraju et al., 2017), as coarse as these are; each map is scaled to "
                    + "its own highest value, and one without colour has nothing that does.";
            case INPUT_GRADIENT -> "What speaks for a class: how much its score changes with each pixel (Simonyan et al., 2014); each map is scaled to its own "
                    + "highest value.";
        };
    }

    /// @param seen as the model sees it
    static Block.View picture(Picture seen) {
        boolean small = Math.max(seen.height(), seen.width()) < SIDE;
        return new Block.View(PictureWriter.png(small ? seen : scaled(seen)), "as the model sees it", small);
    }

    /// A map over the picture in grey, in one colour: the stronger the colour, the more speaks for the class.
    static Block.View map(Picture seen, Saliency map, Colour colour) {
        Picture grey = scaled(seen.withChannels(1));
        float[] heat = map.over(grey.height(), grey.width());
        byte[] pixels = new byte[3 * heat.length];
        for (int i = 0; i < heat.length; i++) {
            double cover = COVER * heat[i];
            double ground = GROUND * (grey.pixels()[i] & 0xFF);
            for (int c = 0; c < 3; c++) {
                pixels[3 * i + c] = (byte) Math.round((1 - cover) * ground + cover * colour.channel(c));
            }
        }
        return new Block.View(PictureWriter.png(new Picture(grey.height(), grey.width(), 3, pixels)), "speaks for " + map.label(), false);
    }

    /// A small picture by whole factors, so that its pixels stay squares; a large one no larger than a report shows it.
    private static Picture scaled(Picture picture) {
        int longer = Math.max(picture.height(), picture.width());
        if (longer >= SIDE) {
            return picture.fitted(
                    Math.max(1, picture.height() * SIDE / longer), Math.max(1, picture.width() * SIDE / longer), Fit.STRETCH);
        }
        int factor = SIDE / longer;
        int width = factor * picture.width();
        int channels = picture.channels();
        byte[] pixels = new byte[factor * picture.height() * width * channels];
        for (int i = 0; i < pixels.length; i++) {
            int x = i / channels % width / factor;
            int y = i / channels / width / factor;
            pixels[i] = picture.pixels()[(y * picture.width() + x) * channels + i % channels];
        }
        return new Picture(factor * picture.height(), width, channels, pixels);
    }
}
