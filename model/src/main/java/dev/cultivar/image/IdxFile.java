package dev.cultivar.image;

import dev.cultivar.batch.DataException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/// Reads IDX files, the format of MNIST (LeCun, Cortes and Burges, 1998): a magic number, sizes, then unsigned bytes; gzip or not.
///
/// Sizes are checked against the length of the file before anything is allocated by them. A gzip file is packed at most
/// 1032-fold, and no more of it is unpacked than the header announces and one byte.
public final class IdxFile {
    private static final int IMAGES = 0x00000803;
    private static final int LABELS = 0x00000801;
    private static final long MOST_BYTES = Integer.MAX_VALUE - 8; // what one array holds
    private static final long MOST_PACKED = 1032;
    private static final String AGAIN = "copy or fetch the file again";

    private IdxFile() {}

    /// Grey pictures of one size, one after another.
    public record Images(int rows, int height, int width, byte[] pixels) {
        public Images {
            if (rows < 1 || height < 1 || width < 1 || pixels.length != (long) rows * height * width) {
                throw new IllegalArgumentException("pictures of " + rows + " x " + height + " x " + width + " cannot lie in " + pixels.length + " bytes");
            }
        }

        /// One of them, copied.
        public Picture picture(int row) {
            int size = height * width;
            return new Picture(height, width, 1, Arrays.copyOfRange(pixels, row * size, (row + 1) * size));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Images(int r, int h, int w, byte[] p) && r == rows && h == height && w == width && Arrays.equals(p, pixels);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * (31 * rows + height) + width) + Arrays.hashCode(pixels);
        }

        @Override
        public String toString() {
            return "Images[" + rows + " x " + height + " x " + width + "]";
        }
    }

    /// The pictures of a file with magic number 0x00000803.
    public static Images images(Path file) {
        Content content = content(file, IMAGES, "pictures", 3);
        return new Images(content.sizes[0], content.sizes[1], content.sizes[2], content.bytes);
    }

    /// The labels, 0 to 255, of a file with magic number 0x00000801.
    public static int[] labels(Path file) {
        byte[] bytes = content(file, LABELS, "labels", 1).bytes;
        int[] labels = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            labels[i] = bytes[i] & 0xFF;
        }
        return labels;
    }

    private record Content(int[] sizes, byte[] bytes) {}

    private static Content content(Path file, int magic, String of, int dimensions) {
        try (var raw = new BufferedInputStream(Files.newInputStream(file))) {
            raw.mark(2);
            boolean packed = raw.read() == 0x1F && raw.read() == 0x8B;
            raw.reset();
            try (InputStream stream = packed ? new GZIPInputStream(raw, 1 << 16) : raw) {
                return content(new Source(file, stream, packed, Files.size(file)), magic, of, dimensions);
            }
        } catch (NoSuchFileException e) {
            throw refused(file, "not there", "an IDX file of " + of, "correct the path or bring the file", e);
        } catch (IOException e) {
            throw refused(file, "unreadable (" + e.getMessage() + ")", "an IDX file of " + of + ", gzip or not", AGAIN, e);
        }
    }

    private record Source(Path file, InputStream stream, boolean packed, long length) {}

    private static Content content(Source source, int magic, String of, int dimensions) throws IOException {
        int headerBytes = 4 + 4 * dimensions;
        byte[] start = source.stream.readNBytes(4);
        if (start.length < 4) {
            throw refused(source.file, "an IDX file that ends within its header", "the magic number " + hex(magic), AGAIN);
        }
        checkMagic(source.file, ByteBuffer.wrap(start).getInt(), magic, of);
        byte[] header = source.stream.readNBytes(4 * dimensions);
        if (header.length < 4 * dimensions) {
            throw refused(source.file, "an IDX file that ends within its header", "a header of " + headerBytes + " bytes", AGAIN);
        }
        int[] sizes = new int[dimensions];
        long total = 1;
        for (int i = 0; i < dimensions; i++) {
            long size = Integer.toUnsignedLong(ByteBuffer.wrap(header).getInt(4 * i));
            total = Math.min(total * size, MOST_BYTES + 1); // a product of two numbers below 2^32 fits
            sizes[i] = (int) size;
            if (size == 0 || size > MOST_BYTES || total > MOST_BYTES) {
                throw refused(source.file, "an IDX file of " + announced(header) + " " + of, "1 to " + MOST_BYTES + " bytes of them", AGAIN);
            }
        }
        return new Content(sizes, body(source, headerBytes, (int) total, announced(header)));
    }

    private static byte[] body(Source source, int headerBytes, int total, String announced) throws IOException {
        long needed = (long) headerBytes + total;
        boolean wrong = source.packed ? needed / MOST_PACKED > source.length : needed != source.length;
        if (wrong) {
            throw refused(source.file, "an IDX file of " + source.length + (source.packed ? " packed bytes" : " bytes"),
                    (source.packed ? "about " + needed / MOST_PACKED + " or more" : needed) + " for the " + announced + " that its header announces", AGAIN);
        }
        byte[] bytes = new byte[total];
        int read = source.stream.readNBytes(bytes, 0, total);
        boolean more = read == total && source.stream.read() >= 0;
        if (read < total || more) {
            throw refused(source.file, more ? "an IDX file with more bytes than its header announces" : "an IDX file that ends after " + (headerBytes + read) + " bytes",
                    needed + " for the " + announced + " that its header announces", AGAIN);
        }
        return bytes;
    }

    private static void checkMagic(Path file, int found, int magic, String of) {
        if (found == magic) {
            return;
        }
        String expected = hex(magic) + " (unsigned bytes: " + of + ")";
        if (found == IMAGES || found == LABELS) {
            throw refused(file, "an IDX file of " + (found == IMAGES ? "pictures" : "labels"), expected, "swap the two files");
        }
        int type = found >>> 8;
        if (found >>> 16 == 0 && (type == 0x08 || type == 0x09 || type >= 0x0B && type <= 0x0E)) {
            throw refused(file, "an IDX file of magic number " + hex(found) + ": " + element(type) + " in " + (found & 0xFF) + " dimensions", expected,
                    "convert it");
        }
        throw refused(file, "no IDX file (it starts with " + hex(found) + ")", expected, "correct the path or " + AGAIN);
    }

    private static String element(int type) {
        return switch (type) {
            case 0x08 -> "unsigned bytes";
            case 0x09 -> "signed bytes";
            case 0x0B -> "16-bit integers";
            case 0x0C -> "32-bit integers";
            case 0x0D -> "32-bit floats";
            default -> "64-bit floats";
        };
    }

    private static String announced(byte[] header) {
        var text = new StringBuilder();
        for (ByteBuffer sizes = ByteBuffer.wrap(header); sizes.hasRemaining(); ) {
            text.append(text.isEmpty() ? "" : " x ").append(Integer.toUnsignedString(sizes.getInt()));
        }
        return text.toString();
    }

    private static String hex(int magic) {
        return "0x%08x".formatted(magic);
    }

    private static DataException refused(Path file, String is, String expected, String act) {
        return new DataException(refusal(file, is, expected, act));
    }

    private static DataException refused(Path file, String is, String expected, String act, Throwable cause) {
        return new DataException(refusal(file, is, expected, act), cause);
    }

    private static String refusal(Path file, String is, String expected, String act) {
        return file + ": is " + is + ", expected " + expected + "; " + act;
    }
}
