package dev.cultivar.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.DataException;
import dev.cultivar.image.IdxFile.Images;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// IDX files are read as they are written, packed or not; one that is not what its header says is refused.
class IdxFileTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void picturesAndLabels(boolean gzip) throws IOException {
        Images images = IdxFile.images(file(images(2, 3, 4, 24), gzip));
        byte[] pixels = new byte[24];
        for (int i = 0; i < 24; i++) {
            pixels[i] = (byte) (10 * i);
        }
        assertThat(images).isEqualTo(new Images(2, 3, 4, pixels));
        assertThat(images.picture(1)).isEqualTo(new Picture(3, 4, 1, Arrays.copyOfRange(pixels, 12, 24)));
        assertThat(IdxFile.labels(file(labels(0, 9, 255), gzip))).containsExactly(0, 9, 255);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anyPrefixIsRefused(boolean gzip) throws IOException {
        byte[] whole = gzip ? packed(images(2, 3, 4, 24)) : images(2, 3, 4, 24);
        for (int length = 0; length < whole.length; length++) {
            refused(IdxFile::images, file(Arrays.copyOf(whole, length), false), "expected ");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bytesThatNothingAnnouncesAreRefused(boolean gzip) throws IOException {
        refused(IdxFile::images, file(images(2, 3, 4, 25), gzip), "expected 40 for the 2 x 3 x 4 that its header announces");
        refused(IdxFile::images, file(images(2, 3, 4, 23), gzip), "expected 40 for the 2 x 3 x 4 that its header announces");
    }

    @Test
    void onlyWhatIsAskedForIsRead() throws IOException {
        refused(IdxFile::images, file(labels(1, 2), false), "is an IDX file of labels, expected 0x00000803 (unsigned bytes: pictures); swap the two files");
        refused(IdxFile::labels, file(images(1, 1, 1, 1), true), "is an IDX file of pictures, expected 0x00000801 (unsigned bytes: labels); swap");
        byte[] floats = ByteBuffer.wrap(images(1, 1, 1, 1)).putInt(0, 0x0D03).array();
        refused(IdxFile::images, file(floats, false), "magic number 0x00000d03: 32-bit floats in 3 dimensions");
        byte[] colour = ByteBuffer.wrap(images(1, 1, 1, 1)).putInt(0, 0x0804).array();
        refused(IdxFile::images, file(colour, false), "magic number 0x00000804: unsigned bytes in 4 dimensions");
        refused(IdxFile::images, file(Encoded.encoded(Encoded.COLOURS, "png"), false), "is no IDX file (it starts with 0x89504e47)");
        refused(IdxFile::images, folder.resolve("none"), "is not there");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingIsAllocatedByAHeaderAlone(boolean gzip) throws IOException {
        refused(IdxFile::images, file(images(2_000_000, 28, 28, 24), gzip), "2000000 x 28 x 28");
        refused(IdxFile::images, file(images(60_000, 1_000, 1_000, 24), gzip), "expected 1 to 2147483639 bytes");
        refused(IdxFile::images, file(images(-1, -1, -1, 24), gzip), "4294967295 x 4294967295 x 4294967295");
        refused(IdxFile::images, file(images(0, 28, 28, 0), gzip), "0 x 28 x 28");
    }

    @Test
    void aBombIsNotUnpacked() throws IOException {
        byte[] bomb = packed(images(2, 3, 4, 50_000_000));
        refused(IdxFile::images, file(bomb, false), "more bytes than its header announces");
    }

    private interface Reading {
        Object read(Path file);
    }

    private static void refused(Reading reading, Path file, String message) {
        assertThatThrownBy(() -> reading.read(file)).isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ": is ").hasMessageContaining(message);
    }

    private Path file(byte[] bytes, boolean gzip) throws IOException {
        return Files.write(folder.resolve("some-idx-ubyte"), gzip ? packed(bytes) : bytes);
    }

    static byte[] images(int rows, int height, int width, int bytes) {
        ByteBuffer file = ByteBuffer.allocate(16 + bytes).putInt(0x803).putInt(rows).putInt(height).putInt(width);
        for (int i = 0; i < bytes && bytes < 1_000; i++) {
            file.put((byte) (10 * i));
        }
        return file.array();
    }

    private static byte[] labels(int... labels) {
        ByteBuffer file = ByteBuffer.allocate(8 + labels.length).putInt(0x801).putInt(labels.length);
        for (int label : labels) {
            file.put((byte) label);
        }
        return file.array();
    }

    static byte[] packed(byte[] bytes) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        }
        return packed.toByteArray();
    }
}
