package dev.cultivar.image;

import static dev.cultivar.image.Encoded.COLOURS;
import static dev.cultivar.image.Encoded.base64;
import static dev.cultivar.image.Encoded.encoded;
import static dev.cultivar.image.Encoded.grey;
import static dev.cultivar.image.Encoded.image;
import static dev.cultivar.image.Encoded.rgb;
import static dev.cultivar.image.Encoded.smooth;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.DataException;
import java.awt.Point;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every format, depth and kind of colour comes out as the pixels that went in; what is damaged or too large is refused.
class PictureReaderTest {
    private static final Picture GREY = grey(new int[][] {{0, 1, 100}, {128, 254, 255}});

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp", "gif"})
    void losslessFormatsKeepColours(String format) {
        assertThat(read(encoded(COLOURS, format))).isEqualTo(COLOURS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp", "gif"})
    void losslessFormatsKeepGrey(String format) {
        assertThat(read(encoded(GREY, format))).isEqualTo(GREY);
    }

    /// ImageIO writes GIFs interlaced.
    @Test
    void gifsOfAnyHeightHaveTheirRowsInOrder() {
        for (int height = 1; height < 20; height++) {
            int[][] values = new int[height][2];
            for (int y = 0; y < height; y++) {
                values[y] = new int[] {10 * y, 10 * y + 5};
            }
            byte[] gif = encoded(grey(values), "gif");
            assertThat(GifRows.interlaced(new EncodedPicture(gif, "here"))).isTrue();
            assertThat(read(gif)).as("%d rows", height).isEqualTo(grey(values));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void jpegComesClose(int channels) {
        assertClose(read(encoded(smooth(channels), "jpg")), smooth(channels), channels == 1 ? 3 : 10);
    }

    @Test
    void webp() {
        assertThat(read(base64(Encoded.WEBP))).isEqualTo(COLOURS);
        byte[] pixels = new byte[16 * 16 * 3];
        for (int i = 0; i < pixels.length; i += 3) {
            ByteBuffer.wrap(pixels, i, 3).put((byte) 201).put((byte) 100).put((byte) 50);
        }
        assertClose(read(base64(Encoded.WEBP_LOSSY)), new Picture(16, 16, 3, pixels), 2);
    }

    /// Decoders that take zeros for what lies beyond the edges make such pictures green or black.
    @Test
    void aLossyWebpIsToldFromWhatLiesBeyondItsEdges() {
        assertClose(read(base64(Encoded.WEBP_EDGES)), rgb(new int[][] {{0x72945B}}), 2);
    }

    @Test
    void inksBecomeColours() {
        int[] row = new int[8];
        Arrays.fill(row, 0xFF0000);
        assertClose(read(base64(Encoded.CMYK)), rgb(new int[][] {row, row, row, row, row, row, row, row}), 3);
    }

    @Test
    void theNameOfAFileSaysNothing() throws IOException {
        Path file = Files.write(folder.resolve("picture.jpg"), encoded(COLOURS, "png"));
        assertThat(PictureReader.read(file)).isEqualTo(COLOURS);
    }

    @Test
    void whatIsTransparentShowsBlack() {
        var image = image(rgb(new int[][] {{0xFF8040, 0xFF8040, 0xFF8040}}), BufferedImage.TYPE_4BYTE_ABGR);
        int[] alphas = {255, 128, 0};
        for (int x = 0; x < 3; x++) {
            image.getRaster().setSample(x, 0, 3, alphas[x]);
        }
        // 255 * 128 / 255 = 128, 128 * 128 / 255 = 64.25, 64 * 128 / 255 = 32.1
        assertThat(read(encoded(image, "png"))).isEqualTo(rgb(new int[][] {{0xFF8040, 0x804020, 0}}));
        assertThat(read(base64(Encoded.WEBP_ALPHA)).at(0, 0, 0)).isEqualTo(128);
        assertThat(read(base64(Encoded.WEBP_ALPHA)).at(0, 1, 1)).isEqualTo(255);
    }

    @Test
    void greyWithAlpha() {
        var raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 2, 1, 2, new Point());
        raster.setPixels(0, 0, 2, 1, new int[] {200, 255, 200, 102});
        var model = new ComponentColorModel(ColorSpace.getInstance(ColorSpace.CS_GRAY), true, false, BufferedImage.TRANSLUCENT, DataBuffer.TYPE_BYTE);
        assertThat(read(encoded(new BufferedImage(model, raster, false, null), "png"))).isEqualTo(grey(new int[][] {{200, 80}}));
    }

    @Test
    void sixteenBits() {
        var image = new BufferedImage(5, 1, BufferedImage.TYPE_USHORT_GRAY);
        // 128 / 257 rounds to 0 and 129 / 257 to 1.
        image.getRaster().setPixels(0, 0, 5, 1, new int[] {0, 128, 129, 257 * 77, 65535});
        assertThat(read(encoded(image, "png"))).isEqualTo(grey(new int[][] {{0, 0, 1, 77, 255}}));

        var raster = Raster.createInterleavedRaster(DataBuffer.TYPE_USHORT, 1, 1, 4, new Point());
        raster.setPixels(0, 0, 1, 1, new int[] {65535, 257 * 100, 0, 257 * 51});
        var model = new ComponentColorModel(ColorSpace.getInstance(ColorSpace.CS_sRGB), true, false, BufferedImage.TRANSLUCENT, DataBuffer.TYPE_USHORT);
        assertThat(read(encoded(new BufferedImage(model, raster, false, null), "png"))).isEqualTo(rgb(new int[][] {{0x331400}}));
    }

    @Test
    void oneBitAndPalettes() {
        var bits = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_BINARY);
        bits.getRaster().setPixels(0, 0, 3, 1, new int[] {1, 0, 1});
        assertThat(read(encoded(bits, "png"))).isEqualTo(grey(new int[][] {{255, 0, 255}}));
        assertThat(read(encoded(bits, "bmp"))).isEqualTo(grey(new int[][] {{255, 0, 255}}));

        byte[] red = {10, (byte) 200, 0, 0};
        byte[] green = {20, 0, (byte) 200, 0};
        byte[] blue = {30, 0, 0, (byte) 200};
        var palette = new IndexColorModel(2, 4, red, green, blue, 3); // the last is transparent
        var indexed = new BufferedImage(4, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
        indexed.getRaster().setPixels(0, 0, 4, 1, new int[] {0, 1, 2, 3});
        assertThat(read(encoded(indexed, "png"))).isEqualTo(rgb(new int[][] {{0x0A141E, 0xC80000, 0x00C800, 0}}));
        assertThat(read(encoded(indexed, "gif"))).isEqualTo(rgb(new int[][] {{0x0A141E, 0xC80000, 0x00C800, 0}}));
    }

    /// What the four corners show, clockwise from the top left, where the stored ones are 1, 2, 3, 4.
    @ParameterizedTest
    @CsvSource({
        "1, 1 2 3 4", "2, 2 1 4 3", "3, 3 4 1 2", "4, 4 3 2 1", "5, 1 4 3 2", "6, 4 1 2 3", "7, 3 2 1 4", "8, 2 3 4 1", "0, 1 2 3 4", "9, 1 2 3 4"
    })
    void everyOrientationIsTurnedUpright(int orientation, String corners) {
        Picture stored = quarters();
        Picture seen = read(Encoded.held(encoded(stored, "jpg"), orientation));
        boolean turned = orientation >= 5 && orientation <= 8;
        assertThat(seen.height()).isEqualTo(turned ? stored.width() : stored.height());
        assertThat(seen.width()).isEqualTo(turned ? stored.height() : stored.width());
        int bottom = seen.height() - 1;
        int right = seen.width() - 1;
        int[] values = {seen.at(0, 0, 0), seen.at(0, right, 0), seen.at(bottom, right, 0), seen.at(bottom, 0, 0)};
        String shown = String.join(" ", Arrays.stream(values).mapToObj(value -> String.valueOf(Math.round(value / 60f))).toList());
        assertThat(shown).isEqualTo(corners);
    }

    @Test
    void orientationOfPngAndWebp() {
        Picture turned = rgb(new int[][] {{0x0000FF, 0x00FF00, 0xFF0000}, {0xFFFFFF, 0x0000FF, 0x00FF00}, {0xFF0000, 0xFFFFFF, 0x0000FF}, {0x00FF00, 0xFF0000, 0xFFFFFF}});
        assertThat(read(base64(Encoded.WEBP_EXIF))).isEqualTo(turned);
        assertThat(read(Encoded.withChunk(encoded(COLOURS, "png"), "eXIf", Encoded.exif(6)))).isEqualTo(turned);
        assertThat(read(Encoded.withChunk(encoded(COLOURS, "png"), "eXIf", new byte[] {1, 2, 3}))).isEqualTo(COLOURS);
    }

    @Test
    void anyPrefixIsRefused() {
        Encoded.everyFormat().forEach((name, whole) -> {
            // A GIF's end mark may be missing: its first frame is whole.
            int enough = name.equals("GIF") ? whole.length - 1 : whole.length;
            for (int length = 0; length < enough; length++) {
                byte[] prefix = Arrays.copyOf(whole, length);
                assertThatThrownBy(() -> read(prefix)).as("%d of %d bytes of %s", length, whole.length, name).isInstanceOf(DataException.class);
            }
            assertThat(read(whole)).as(name).isNotNull();
        });
    }

    @Test
    void bytesBehindTheEndAreIgnored() {
        for (String format : new String[] {"png", "jpg", "gif", "bmp"}) {
            byte[] whole = encoded(GREY, format);
            assertThat(read(Arrays.copyOf(whole, whole.length + 9))).as(format).isEqualTo(read(whole));
        }
    }

    @Test
    void aJpegWhoseScanStopsEarlyIsRefusedThoughItHasAnEnd() {
        byte[] whole = encoded(noise(), "jpg");
        byte[] cut = Arrays.copyOf(whole, whole.length - 300);
        cut[cut.length - 2] = (byte) 0xFF;
        cut[cut.length - 1] = (byte) 0xD9;
        assertThatThrownBy(() -> read(cut)).isInstanceOf(DataException.class).hasMessageStartingWith("here: is a damaged JPEG");
    }

    @Test
    void headersThatAnnounceTooMuchAreRefused() {
        byte[] png = encoded(GREY, "png");
        assertThatThrownBy(() -> read(Encoded.announcing(png, 100_000, 100_000))).isInstanceOf(DataException.class)
                .hasMessage("here: is a PNG of 100000 x 100000 pixels, expected 1 to 268435456 of them; scale it down or leave it out");
        assertThatThrownBy(() -> read(Encoded.announcing(png, 16_000, 16_000))).isInstanceOf(DataException.class)
                .hasMessageContaining("announces 16000 x 16000 pixels in " + png.length + " bytes");
        assertThatThrownBy(() -> read(Encoded.announcing(png, 0, 5))).isInstanceOf(DataException.class);

        byte[] jpeg = encoded(GREY, "jpg");
        int frame = indexOf(jpeg, new byte[] {(byte) 0xFF, (byte) 0xC0});
        ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) 65_500).putShort(frame + 7, (short) 65_500);
        assertThatThrownBy(() -> read(jpeg)).isInstanceOf(DataException.class).hasMessageContaining("65500 x 65500");

        byte[] gif = encoded(GREY, "gif");
        int frameOfGif = indexOf(gif, new byte[] {0x2C, 0, 0, 0, 0, 3, 0, 2, 0});
        ByteBuffer.wrap(gif).order(ByteOrder.LITTLE_ENDIAN).putShort(frameOfGif + 5, (short) 65_535).putShort(frameOfGif + 7, (short) 65_535);
        assertThatThrownBy(() -> read(gif)).isInstanceOf(DataException.class).hasMessageContaining("65535 x 65535");

        byte[] bmp = encoded(GREY, "bmp");
        ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN).putInt(18, 100_000).putInt(22, 100_000);
        assertThatThrownBy(() -> read(bmp)).isInstanceOf(DataException.class).hasMessageContaining("cut short");
    }

    /// What such a bitmap wraps is a file of another format, with a header of its own.
    @Test
    void aBitmapThatWrapsAnotherFormatIsRefused() {
        ByteBuffer bmp = ByteBuffer.wrap(encoded(COLOURS, "bmp")).order(ByteOrder.LITTLE_ENDIAN);
        for (int compression : new int[] {4, 5}) {
            bmp.putInt(30, compression);
            assertThatThrownBy(() -> read(bmp.array())).isInstanceOf(DataException.class).hasMessageContaining("compression " + compression);
        }
    }

    @Test
    void aWebpThatAnnouncesMoreThanItHoldsEnds() {
        ByteBuffer webp = ByteBuffer.wrap(base64(Encoded.WEBP)).order(ByteOrder.LITTLE_ENDIAN);
        webp.putInt(21, 2_999 | 2_999 << 14 | webp.getInt(21) & 0xF << 28);
        assertThatThrownBy(() -> read(webp.array())).isInstanceOf(DataException.class).hasMessageContaining("lossless bits end in row 1 of 3000");
        webp.putInt(21, 16_382 | 16_382 << 14 | webp.getInt(21) & 0xF << 28);
        assertThatThrownBy(() -> read(webp.array())).isInstanceOf(DataException.class).hasMessageContaining("16383 x 16383");
    }

    @Test
    void otherFilesAreRefusedWithWhatIsRead() throws IOException {
        assertThatThrownBy(() -> read(encoded(COLOURS, "tif"))).isInstanceOf(DataException.class)
                .hasMessage("here: is a TIFF, expected PNG, JPEG, GIF, BMP or WebP; convert it to one of these");
        assertThatThrownBy(() -> read("BM is how this text begins, and it goes on".getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(DataException.class).hasMessageContaining("no picture of a known format (it starts with 0x424d20697320686f");
        assertThatThrownBy(() -> read(new byte[0])).isInstanceOf(DataException.class).hasMessageContaining("is empty");
        assertThatThrownBy(() -> PictureReader.read(folder.resolve("none.png"))).isInstanceOf(DataException.class).hasMessageContaining("none.png: is not there");
        assertThatThrownBy(() -> PictureReader.read(Files.createDirectory(folder.resolve("folder.png")))).isInstanceOf(DataException.class);
    }

    @Test
    void aDamagedPngIsToldByItsChecksum() {
        byte[] png = encoded(COLOURS, "png");
        png[png.length - 20] ^= 1;
        assertThatThrownBy(() -> read(png)).isInstanceOf(DataException.class).hasMessageContaining("does not fit its checksum");
    }

    private static Picture read(byte[] bytes) {
        return PictureReader.read(bytes, "here");
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(new String(part, StandardCharsets.ISO_8859_1));
    }

    private static void assertClose(Picture read, Picture written, int most) {
        assertThat(read).hasToString(written.toString());
        for (int i = 0; i < read.pixels().length; i++) {
            assertThat(read.pixels()[i] & 0xFF).as("byte %d", i).isBetween((written.pixels()[i] & 0xFF) - most, (written.pixels()[i] & 0xFF) + most);
        }
    }

    /// 16 x 32, quarters of 60, 120, 180 and 240, clockwise from the top left.
    private static Picture quarters() {
        int[][] values = new int[16][32];
        for (int y = 0; y < 16; y++) {
            for (int x = 0; x < 32; x++) {
                values[y][x] = y < 8 ? x < 16 ? 60 : 120 : x < 16 ? 240 : 180;
            }
        }
        return grey(values);
    }

    private static Picture noise() {
        byte[] pixels = new byte[64 * 64];
        new Random(3).nextBytes(pixels);
        return new Picture(64, 64, 1, pixels);
    }
}
