package dev.cultivar.image;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/// Pixels out of what a decoder gives: every depth to 8 bits, palettes to their colours, alpha over black.
///
/// Samples are taken as they are stored: `BufferedImage.getRGB` would bend grey through a colour profile.
final class Samples {
    private Samples() {}

    static Picture of(BufferedImage image) {
        return image.getColorModel() instanceof IndexColorModel palette ? indexed(image.getRaster(), palette) : direct(image.getRaster(), image.getColorModel());
    }

    private static Picture indexed(Raster raster, IndexColorModel palette) {
        int[] colours = new int[palette.getMapSize()];
        palette.getRGBs(colours);
        boolean grey = true;
        for (int i = 0; i < colours.length; i++) {
            int colour = colours[i];
            int alpha = colour >>> 24;
            int red = over((colour >> 16 & 0xFF) * alpha, 255 * 255);
            int green = over((colour >> 8 & 0xFF) * alpha, 255 * 255);
            int blue = over((colour & 0xFF) * alpha, 255 * 255);
            grey &= red == green && green == blue;
            colours[i] = red << 16 | green << 8 | blue;
        }
        int width = raster.getWidth();
        int height = raster.getHeight();
        int channels = grey ? 1 : 3;
        byte[] pixels = new byte[Math.multiplyExact(height * width, channels)];
        int[] row = new int[width];
        for (int y = 0, at = 0; y < height; y++) {
            raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
            for (int index : row) {
                int colour = index < colours.length ? colours[index] : 0;
                for (int shift = channels == 1 ? 0 : 16; shift >= 0; shift -= 8) {
                    pixels[at++] = (byte) (colour >> shift);
                }
            }
        }
        return new Picture(height, width, channels, pixels);
    }

    private static Picture direct(Raster raster, ColorModel model) {
        int channels = model.getNumColorComponents();
        int bands = raster.getNumBands();
        boolean alpha = model.hasAlpha() && bands == channels + 1;
        if (channels != 1 && channels != 3 || bands != channels && !alpha) {
            throw new IllegalArgumentException("a picture of " + bands + " channels that are neither grey nor RGB");
        }
        int width = raster.getWidth();
        int height = raster.getHeight();
        byte[] pixels = new byte[Math.multiplyExact(height * width, channels)];
        long[] most = new long[bands];
        for (int band = 0; band < bands; band++) {
            most[band] = (1L << model.getComponentSize(band)) - 1;
        }
        boolean times = alpha && !model.isAlphaPremultiplied();
        boolean plain = !times && most[0] == 255 && most[channels - 1] == 255 && most[channels / 2] == 255;
        int[] row = new int[width * bands];
        for (int y = 0, at = 0; y < height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int x = 0; x < width; x++) {
                for (int channel = 0; channel < channels; channel++, at++) {
                    int value = row[x * bands + channel];
                    pixels[at] = (byte) (plain ? value
                            : times ? over((long) value * row[x * bands + channels], most[channel] * most[channels])
                            : over(value, most[channel]));
                }
            }
        }
        return new Picture(height, width, channels, pixels);
    }

    /// A share of 255, rounded: 16 bits become `v / 257`, and a colour over black is the colour times its alpha.
    private static int over(long part, long whole) {
        return (int) ((2 * 255 * part + whole) / (2 * whole));
    }
}
