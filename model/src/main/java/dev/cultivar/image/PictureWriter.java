package dev.cultivar.image;

import dev.cultivar.format.DurableFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/// Writes pictures as PNG (ISO/IEC 15948), grey or RGB with 8 bits a channel, and lays many out as one.
public final class PictureWriter {
    private static final byte BETWEEN = (byte) 128;

    private PictureWriter() {}

    /// Writes a file, whole or not at all.
    public static void png(Path file, Picture picture) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(png(picture));
            DurableFiles.write(file, channel -> {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": the picture could not be written: " + e.getMessage(), e);
        }
    }

    /// The bytes of a PNG file.
    public static byte[] png(Picture picture) {
        var file = new ByteArrayOutputStream();
        file.writeBytes(PictureFormat.PNG_START);
        byte colour = (byte) (picture.channels() == 1 ? 0 : 2);
        chunk(file, "IHDR", ByteBuffer.allocate(13).putInt(picture.width()).putInt(picture.height()).put((byte) 8).put(colour).array());
        chunk(file, "IDAT", deflated(picture));
        chunk(file, "IEND", new byte[0]);
        return file.toByteArray();
    }

    /// Pictures of one size, row after row, with `gap` pixels of middle grey between them; in colour where one of them is.
    public static Picture grid(List<Picture> pictures, int columns, int gap) {
        if (pictures.isEmpty() || columns < 1 || gap < 0) {
            throw new IllegalArgumentException("a grid needs a picture, a column and a gap of 0 or more, got " + pictures.size()
                    + " pictures, " + columns + " columns and a gap of " + gap);
        }
        Picture one = pictures.getFirst();
        int channels = pictures.stream().mapToInt(Picture::channels).max().orElseThrow();
        int across = Math.min(columns, pictures.size());
        int down = Math.ceilDiv(pictures.size(), columns);
        int width = Math.addExact(Math.multiplyExact(across, one.width() + gap), -gap);
        int height = Math.addExact(Math.multiplyExact(down, one.height() + gap), -gap);
        byte[] pixels = new byte[Math.multiplyExact(Math.multiplyExact(height, width), channels)];
        Arrays.fill(pixels, BETWEEN);
        for (int i = 0; i < pictures.size(); i++) {
            Picture picture = pictures.get(i);
            if (picture.height() != one.height() || picture.width() != one.width()) {
                throw new IllegalArgumentException("a grid's pictures have one size, got " + one + " first and " + picture + " at " + i
                        + "; bring them to one with Picture.fitted");
            }
            byte[] own = picture.withChannels(channels).pixels();
            int row = one.width() * channels;
            for (int y = 0; y < one.height(); y++) {
                int at = ((i / columns * (one.height() + gap) + y) * width + i % columns * (one.width() + gap)) * channels;
                System.arraycopy(own, y * row, pixels, at, row);
            }
        }
        return new Picture(height, width, channels, pixels);
    }

    private static byte[] deflated(Picture picture) {
        var bytes = new ByteArrayOutputStream();
        int row = picture.width() * picture.channels();
        var deflater = new Deflater();
        try (var stream = new DeflaterOutputStream(bytes, deflater, 8192)) {
            for (int y = 0; y < picture.height(); y++) {
                stream.write(0); // filter "none"
                stream.write(picture.pixels(), y * row, row);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // an array takes all
        } finally {
            deflater.end();
        }
        return bytes.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream file, String name, byte[] content) {
        byte[] type = name.getBytes(StandardCharsets.US_ASCII);
        var sum = new CRC32();
        sum.update(type);
        sum.update(content);
        file.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
        file.writeBytes(type);
        file.writeBytes(content);
        file.writeBytes(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
    }
}
