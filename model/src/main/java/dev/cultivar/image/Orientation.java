package dev.cultivar.image;

import com.drew.lang.ByteArrayReader;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;

/// How a camera was held, as EXIF 2.3 (section 4.6.4, tag 0x0112) numbers it, and the picture turned upright.
enum Orientation {
    UPRIGHT, MIRRORED, UPSIDE_DOWN, UPSIDE_DOWN_MIRRORED, TRANSPOSED, TURNED_LEFT, TRANSVERSED, TURNED_RIGHT;

    /// What an EXIF block says. A block that says nothing, or nothing that can be read, leaves the picture as it is.
    static Orientation of(byte[] exif) {
        var metadata = new Metadata();
        try {
            new ExifReader().extract(new ByteArrayReader(exif), metadata);
        } catch (RuntimeException unreadable) {
            return UPRIGHT;
        }
        for (ExifIFD0Directory directory : metadata.getDirectoriesOfType(ExifIFD0Directory.class)) {
            Integer number = directory.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
            if (number != null && number >= 1 && number <= values().length) {
                return values()[number - 1];
            }
        }
        return UPRIGHT;
    }

    /// The picture as it was seen.
    Picture upright(Picture stored) {
        if (this == UPRIGHT) {
            return stored;
        }
        boolean swapped = ordinal() >= TRANSPOSED.ordinal();
        int channels = stored.channels();
        int height = swapped ? stored.width() : stored.height();
        int width = swapped ? stored.height() : stored.width();
        byte[] pixels = new byte[stored.pixels().length];
        for (int y = 0, at = 0; y < height; y++) {
            for (int x = 0; x < width; x++, at += channels) {
                System.arraycopy(stored.pixels(), source(y, x, stored.height(), stored.width()) * channels, pixels, at, channels);
            }
        }
        return new Picture(height, width, channels, pixels);
    }

    /// The stored pixel that is seen at row `y` and column `x`.
    private int source(int y, int x, int height, int width) {
        int bottom = height - 1;
        int right = width - 1;
        return switch (this) {
            case UPRIGHT -> y * width + x;
            case MIRRORED -> y * width + right - x;
            case UPSIDE_DOWN -> (bottom - y) * width + right - x;
            case UPSIDE_DOWN_MIRRORED -> (bottom - y) * width + x;
            case TRANSPOSED -> x * width + y;
            case TURNED_LEFT -> (bottom - x) * width + y;
            case TRANSVERSED -> (bottom - x) * width + right - y;
            case TURNED_RIGHT -> x * width + right - y;
        };
    }
}
