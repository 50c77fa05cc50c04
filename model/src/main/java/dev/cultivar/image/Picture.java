package dev.cultivar.image;

import java.util.Arrays;

/// Pixels of a picture: 8 bits a channel, row after row, channels interleaved (grey 1, RGB 3).
///
/// The array is not copied, neither in nor out: nobody changes it once a picture is made of it.
public record Picture(int height, int width, int channels, byte[] pixels) {

    /// Values from 0 to 1, channel after channel, as networks have them: (C, H, W) -> (H, W, C); what lies outside is brought to the nearer end.
    ///
    /// @param from where in the values the picture starts
    public static Picture of(float[] values, int from, int channels, int height, int width) {
        int side = height * width;
        byte[] pixels = new byte[channels * side];
        for (int pixel = 0; pixel < side; pixel++) {
            for (int c = 0; c < channels; c++) {
                pixels[pixel * channels + c] = (byte) Math.round(255 * Math.clamp(values[from + c * side + pixel], 0f, 1f));
            }
        }
        return new Picture(height, width, channels, pixels);
    }

    /// The other way round: bytes to values from 0 to 1, channel after channel: (H, W, C) -> (C, H, W)
    ///
    /// @param at where in `into` the picture starts
    public static void values(byte[] pixels, int channels, float[] into, int at) {
        int side = pixels.length / channels;
        for (int pixel = 0; pixel < side; pixel++) {
            for (int c = 0; c < channels; c++) {
                into[at + c * side + pixel] = (pixels[pixel * channels + c] & 0xFF) / 255f;
            }
        }
    }
    public Picture {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("a picture has at least one pixel, got height " + height + " and width " + width);
        }
        if (channels != 1 && channels != 3) {
            throw new IllegalArgumentException("a picture has 1 channel (grey) or 3 (RGB), got " + channels);
        }
        if (pixels.length != (long) height * width * channels) {
            throw new IllegalArgumentException("a picture of " + height + " x " + width + " x " + channels + " has "
                    + (long) height * width * channels + " bytes, got " + pixels.length);
        }
    }

    /// The value at a place, 0 to 255.
    public int at(int row, int column, int channel) {
        return pixels[(row * width + column) * channels + channel] & 0xFF;
    }

    /// The same picture in grey (1) or RGB (3). Grey is luma as ITU-R BT.601 defines it: 0.299 R + 0.587 G + 0.114 B, rounded.
    public Picture withChannels(int channels) {
        if (channels == this.channels) {
            return this;
        }
        int count = height * width;
        byte[] changed = new byte[Math.multiplyExact(count, channels)];
        for (int i = 0; i < count && channels == 1; i++) {
            int at = 3 * i;
            changed[i] = (byte) ((299 * (pixels[at] & 0xFF) + 587 * (pixels[at + 1] & 0xFF) + 114 * (pixels[at + 2] & 0xFF) + 500) / 1000);
        }
        for (int i = 0; i < count && channels == 3; i++) {
            Arrays.fill(changed, 3 * i, 3 * i + 3, pixels[i]);
        }
        return new Picture(height, width, channels, changed);
    }

    /// The picture at a size. A side that shrinks is averaged over the area that a new pixel covers; one that grows is
    /// interpolated linearly between the centres of pixels. The arithmetic is exact, so every machine gives the same bytes.
    public Picture fitted(int height, int width, Fit fit) {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("a picture is fitted to at least one pixel, got height " + height + " and width " + width);
        }
        if (height == this.height && width == this.width) {
            return this;
        }
        // Which side decides the scale: h / H against w / W, without division.
        boolean tall = (long) this.height * width >= (long) this.width * height;
        boolean byWidth = fit == Fit.CROP ? tall : !tall;
        long scaledHeight = fit == Fit.STRETCH || !byWidth ? height : scaled(this.height, width, this.width);
        long scaledWidth = fit == Fit.STRETCH || byWidth ? width : scaled(this.width, height, this.height);
        return Resampling.of(this, new Resampling.Axis(this.height, scaledHeight, height), new Resampling.Axis(this.width, scaledWidth, width));
    }

    private static long scaled(long side, long to, long from) {
        return Math.max(1, (2 * side * to + from) / (2 * from));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Picture(int h, int w, int c, byte[] p)
                && h == height && w == width && c == channels && Arrays.equals(p, pixels);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * (31 * height + width) + channels) + Arrays.hashCode(pixels);
    }

    @Override
    public String toString() {
        return "Picture[" + height + " x " + width + " x " + channels + "]";
    }
}
