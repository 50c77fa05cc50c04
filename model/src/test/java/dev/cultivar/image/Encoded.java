package dev.cultivar.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// Tiny files of every format: what ImageIO writes, and what it cannot write as bytes that Pillow 13 wrote.
final class Encoded {
    /// Rows of red, green, blue and white, each row starting one colour later; 3 x 4.
    static final Picture COLOURS = rgb(new int[][] {
        {0xFF0000, 0x00FF00, 0x0000FF, 0xFFFFFF}, {0x00FF00, 0x0000FF, 0xFFFFFF, 0xFF0000}, {0x0000FF, 0xFFFFFF, 0xFF0000, 0x00FF00}
    });

    /// [#COLOURS], lossless.
    static final String WEBP = "UklGRjAAAABXRUJQVlA4TCQAAAAvA4AAAB8gEEjeHzqN+RcQFPwf3fxHZA9AIJAIJ7fEjBH9jwM=";
    /// The same with alpha 128 at the first pixel.
    static final String WEBP_ALPHA = "UklGRjgAAABXRUJQVlA4TCwAAAAvA4AAECcgEEjOH3qN+RcQFPo/moCg6LrlIj/MhkCQbRvMFJYbXGAR/Y/FEw==";
    /// The same with EXIF orientation 6.
    static final String WEBP_EXIF = "UklGRmQAAABXRUJQVlA4WAoAAAAIAAAAAwAAAgAAVlA4TCQAAAAvA4AAAB8gEEjeHzqN+RcQFPwf3fxHZA9AIJAIJ7fEjBH9jwNFWElGGgAAAE1NACoAAAAIAAEBEgADAAAAAQAG"
            + "AAAAAAAA";
    /// 16 x 16 of (200, 100, 50), lossy; Pillow reads (201, 100, 50).
    static final String WEBP_LOSSY = "UklGRj4AAABXRUJQVlA4IDIAAADQAQCdASoQABAAAMASJaACdLoB+AADsAD+2ib/7vN+09e09f1M//jKnyA/4yp/xcwAAA==";
    /// 24 x 20, lossless, with what Pillow uses at its best: predictors, colours told by others, cached colours.
    static final String WEBP_DRAWN = "UklGRjgCAABXRUJQVlA4TCwCAAAvF8AEAAEyaRvSd/41z0JE/4MSC7a3iBiQ/odMQKytPW0j+aVoZtyna3QvHsETlLtMmJlBWgFuJNmqnb1vPjNzCGQ974NYcl8SCk2W4mCwFMJnZv5VbmPbVpV77/"
            + "7+cbf090X2czQjpwcqoAvKcXcNhW3bNkx3nUcenybA3QUIAfyIWor/u1GIvt9aCMlF8Tc75eQpuId14HMPnKNFvcsZiG71vlUgJJq6M0bwvTpBEPPE3E4hNoMsfWropbMIPAHrmIHXMpQR5dQKsTy+"
            + "5F6NXaRjWro4ZOEJWTvM4sC9nQKLAIb/oeD8JyfGLjMHIg9nn5tHYP8w7R485sGcIVWczmoaNnd3n5F3uc+ieXYALtjr21R6xnlLLuOOdQXYFgBgCl7sNoV5e84K3fPDS4n49eM2R/zKhkm86G+uxJ"
            + "HGXF34nh2Zp6mCjBlrggRwqW8EAMYgzXkUVd3iL08jIFkO4d05hACwKo9iZ2LoDBIawRCgEnF6uyoecoF0qMrJxD1WXEOrPFgAxxhIU7dkkK4C/YRKHXRLb2YJhz4k1PoZfpvSzxyY16JppZ9ESM62"
            + "yxZpdlBPAfbPjqTZem8GWbqydLy/zJ8fElPrAuyyHE9OFWBKltsxanRSqorNX5OjtjHy29oRIAegA0ya5AGERDP+n/9tAGBTjFtAu7ApxrQLMEanObSyuGYExXZrBEVgXY6Qlsp889CpPhSFJdAE6M"
            + "CqGkKJJh2Gq2JgGkIC";
    /// 20 x 32 of few colours, lossless: a palette, several pixels a code.
    static final String WEBP_PALETTE = "UklGRmQAAABXRUJQVlA4TFcAAAAvE8AHAAbGbdtIampm7//2X1NmHe/1VwizjUz2OqBjLhlBto3nZGp2mYv0fwKOevX6RQ944Dm86txjoq6F0l2xsp6Gj0TjDhAaCDBoDAUaosJzwAOeHwUA";
    /// 1 x 1, lossy, told from what lies beyond the picture's edges; Pillow reads (114, 148, 91).
    static final String WEBP_EDGES = "UklGRigAAABXRUJQVlA4IBwAAABwAQCdASoBAAEACQCsJZgCdAIigACaIw1tBmQA";
    /// 32 x 24, lossy.
    static final String WEBP_DRAWN_LOSSY = "UklGRs4AAABXRUJQVlA4IMIAAABQBQCdASogABgAPu1kqk2ppaQiMAgBMB2JbACdMuz8ec/sxs5boDR+66+Yt6ssRo3XwqAA/nDkiPjthYA1FRtjBNnM+EboyvuleHPcNEU4YEoO4DfhxDSFJHEdFp"
            + "B5mIZaQ0r16bnGxe/F4csPTe9O6dmBzD1nqg77zgIAcZaLZhRLjAgNBEgB5GlEcWsxWhg/EnDV2KN4qZK0MFLOf+F0FGQfxn0nDPNcEKWQkmbJeHI0DJi/OdqkP/+X1iXLEAAAAA==";
    /// 32 x 24, lossy, with packed alpha.
    static final String WEBP_DRAWN_ALPHA = "UklGRuoAAABXRUJQVlA4WAoAAAAQAAAAHwAAFwAAQUxQSDsAAAABD/Ct/4iIwCi2rTYXSFkiASlfWqwhK/2uUiRE9H8CAHrAauK0cDujFW1oPCy/xENDK7czp4XVRA9eAgBWUDggiAAAABAEAJ0BKi"
            + "AAGAA/OYi6VC8pJaMwCAHgJwlsALDsB7unhkWfmu17qpkAAP4Qd1uGrNO6rV0ZS5u/j4E8yngg+JgDQplA5eamL2vn0dHbwHIxrnW8CeEZMCIq/NhjkVIDjfl7p973yJ+IYGEbN/odh5B9c5sP5JI5"
            + "Au+tN4kxdiwh4f+X1g0dAAA=";
    /// 8 x 8 of no cyan, all magenta, all yellow, no black: red.
    static final String CMYK = "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB/8AAFAgACAAIBEMRAE0RAFkRAEsRAP"
            + "/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNE"
            + "RUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAA"
            + "PwD+/iv8/wDr/P8A6/v4r//Z";

    private Encoded() {}

    static byte[] base64(String text) {
        return Base64.getDecoder().decode(text);
    }

    static Picture grey(int[][] values) {
        byte[] pixels = new byte[values.length * values[0].length];
        int at = 0;
        for (int[] row : values) {
            for (int value : row) {
                pixels[at++] = (byte) value;
            }
        }
        return new Picture(values.length, values[0].length, 1, pixels);
    }

    static Picture rgb(int[][] colours) {
        ByteBuffer pixels = ByteBuffer.allocate(3 * colours.length * colours[0].length);
        for (int[] row : colours) {
            for (int colour : row) {
                pixels.put((byte) (colour >> 16)).put((byte) (colour >> 8)).put((byte) colour);
            }
        }
        return new Picture(colours.length, colours[0].length, 3, pixels.array());
    }

    static BufferedImage image(Picture picture, int type) {
        var image = new BufferedImage(picture.width(), picture.height(), type);
        for (int y = 0; y < picture.height(); y++) {
            for (int x = 0; x < picture.width(); x++) {
                for (int channel = 0; channel < picture.channels(); channel++) {
                    image.getRaster().setSample(x, y, channel, picture.at(y, x, channel));
                }
            }
        }
        return image;
    }

    static byte[] encoded(BufferedImage image, String format) {
        var bytes = new ByteArrayOutputStream();
        try (var stream = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(image, format, stream)) {
                throw new IllegalArgumentException("ImageIO does not write " + format + " of " + image);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static byte[] encoded(Picture picture, String format) {
        if (format.equals("gif")) {
            return encoded(indexed(picture), format); // ImageIO would choose a palette of its own, which only comes close
        }
        return encoded(image(picture, picture.channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB), format);
    }

    /// With a palette of exactly the picture's colours.
    private static BufferedImage indexed(Picture picture) {
        byte[] pixels = picture.withChannels(3).pixels();
        List<Integer> palette = new ArrayList<>();
        int[] indices = new int[pixels.length / 3];
        for (int i = 0; i < indices.length; i++) {
            int colour = (pixels[3 * i] & 0xFF) << 16 | (pixels[3 * i + 1] & 0xFF) << 8 | pixels[3 * i + 2] & 0xFF;
            if (!palette.contains(colour)) {
                palette.add(colour);
            }
            indices[i] = palette.indexOf(colour);
        }
        int[] colours = palette.stream().mapToInt(Integer::intValue).toArray();
        var model = new IndexColorModel(8, colours.length, colours, 0, false, -1, DataBuffer.TYPE_BYTE);
        var image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_BYTE_INDEXED, model);
        image.getRaster().setPixels(0, 0, picture.width(), picture.height(), indices);
        return image;
    }

    /// 16 x 24, smooth, as lossy formats like it.
    static Picture smooth(int channels) {
        byte[] pixels = new byte[16 * 24 * channels];
        for (int y = 0, at = 0; y < 16; y++) {
            for (int x = 0; x < 24; x++) {
                for (int channel = 0; channel < channels; channel++) {
                    pixels[at++] = (byte) (40 + 8 * y + 3 * x - 20 * channel);
                }
            }
        }
        return new Picture(16, 24, channels, pixels);
    }

    /// A JPEG with an EXIF block in front that says how the camera was held.
    static byte[] held(byte[] jpeg, int orientation) {
        return ByteBuffer.allocate(jpeg.length + 36)
                .put(jpeg, 0, 2)
                .putShort((short) 0xFFE1).putShort((short) 34).put("Exif\0\0".getBytes(StandardCharsets.US_ASCII))
                .put(exif(orientation))
                .put(jpeg, 2, jpeg.length - 2)
                .array();
    }

    /// A TIFF header with one directory of one entry: tag 0x0112, type SHORT, one value.
    static byte[] exif(int orientation) {
        return ByteBuffer.allocate(26)
                .putShort((short) 0x4D4D).putShort((short) 42).putInt(8)
                .putShort((short) 1)
                .putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation).putShort((short) 0)
                .putInt(0)
                .array();
    }

    /// A PNG with a chunk put behind its first one.
    static byte[] withChunk(byte[] png, String type, byte[] content) {
        byte[] body = ByteBuffer.allocate(4 + content.length).put(type.getBytes(StandardCharsets.US_ASCII)).put(content).array();
        var sum = new CRC32();
        sum.update(body);
        return ByteBuffer.allocate(png.length + content.length + 12)
                .put(png, 0, 33).putInt(content.length).put(body).putInt((int) sum.getValue()).put(png, 33, png.length - 33)
                .array();
    }

    /// A PNG whose header announces another size, with a checksum that fits.
    static byte[] announcing(byte[] png, int width, int height) {
        ByteBuffer changed = ByteBuffer.wrap(png.clone()).putInt(16, width).putInt(20, height);
        var sum = new CRC32();
        sum.update(changed.array(), 12, 17);
        return changed.putInt(29, (int) sum.getValue()).array();
    }

    static Map<String, byte[]> everyFormat() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("PNG", encoded(smooth(3), "png"));
        files.put("grey PNG", encoded(smooth(1), "png"));
        files.put("JPEG", encoded(smooth(3), "jpg"));
        files.put("EXIF JPEG", held(encoded(smooth(1), "jpg"), 6));
        files.put("CMYK JPEG", base64(CMYK));
        files.put("GIF", encoded(COLOURS, "gif"));
        files.put("BMP", encoded(smooth(3), "bmp"));
        files.put("WebP", base64(WEBP));
        files.put("EXIF WebP", base64(WEBP_EXIF));
        files.put("lossy WebP", base64(WEBP_LOSSY));
        return files;
    }
}
