package dev.cultivar.image;

import static dev.cultivar.image.Encoded.base64;
import static dev.cultivar.image.Encoded.encoded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.DataException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A file whose pixels end early inside an intact frame is refused, or the same picture where no pixel needed what is missing: never one with
/// rows that the decoder made up.
class PictureTruncationTest {

    @Test
    void gifs() {
        byte[] whole = encoded(noise(64), "gif");
        int codes = GifRows.flags(new EncodedPicture(whole, "")) + 1;
        byte[] content = unblocked(whole, codes + 1);
        assertThat(read(gif(whole, codes, content))).isEqualTo(read(whole));
        // A last code, which ends the codes, may be missing.
        everyCut(whole, content.length, 2, length -> gif(whole, codes, Arrays.copyOf(content, length)));
        assertThatThrownBy(() -> read(gif(whole, codes, Arrays.copyOf(content, content.length / 2)))).isInstanceOf(DataException.class)
                .hasMessageMatching("here: is a GIF of 64 x 64 pixels whose codes end after \\d+ of them, expected a code for each pixel; .*");
    }

    @Test
    void aGifWhoseCodeMeansNothingYetIsRefused() {
        byte[] whole = encoded(noise(2), "gif");
        int codes = GifRows.flags(new EncodedPicture(whole, "")) + 1;
        assertThatThrownBy(() -> read(gif(whole, codes, new byte[] {(byte) 0xFF, (byte) 0xFF, 0, 0}))).isInstanceOf(DataException.class).hasMessageContaining("before its meaning");
    }

    @ParameterizedTest
    @ValueSource(strings = {Encoded.WEBP, Encoded.WEBP_ALPHA, Encoded.WEBP_EXIF, Encoded.WEBP_DRAWN, Encoded.WEBP_PALETTE})
    void losslessWebps(String file) {
        byte[] whole = base64(file);
        everyCut(whole, chunk(whole, "VP8L").length, 0, length -> webp(whole, "VP8L", Arrays.copyOf(chunk(whole, "VP8L"), length)));
    }

    @ParameterizedTest
    @ValueSource(strings = {Encoded.WEBP_LOSSY, Encoded.WEBP_DRAWN_LOSSY, Encoded.WEBP_DRAWN_ALPHA})
    void lossyWebps(String file) {
        byte[] whole = base64(file);
        // An encoder ends its partitions with bits that no pixel needs.
        everyCut(whole, chunk(whole, "VP8 ").length, 4, length -> webp(whole, "VP8 ", Arrays.copyOf(chunk(whole, "VP8 "), length)));
    }

    @Test
    void alphaOfWebps() {
        byte[] whole = base64(Encoded.WEBP_DRAWN_ALPHA);
        byte[] alpha = chunk(whole, "ALPH");
        everyCut(whole, alpha.length, 0, length -> webp(whole, "ALPH", Arrays.copyOf(alpha, length)));
        assertThat(read(whole).at(20, 16, 0)).isLessThan(120); // the ellipse that is seen through
        alpha[0] &= ~3;
        assertThatThrownBy(() -> read(webp(whole, "ALPH", alpha))).isInstanceOf(DataException.class).hasMessageContaining("alpha is not packed");
    }

    @Test
    void aWebpOfOneColourIsWholeThoughItsPixelsTakeNoBits() {
        // 16,000 pixels of one colour: no transform, no cache, no groups, five codes of one symbol.
        var bits = new ByteArrayOutputStream();
        bits.write(0x2F);
        bits.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(159 | 99 << 14).array());
        // 0 0 0, then for green 100, red 200, blue 7 and alpha 255: 1, 0 (one symbol), 1 (of 8 bits), the symbol; for distances 1 0 0 0.
        String code = "000" + symbol(100) + symbol(200) + symbol(7) + symbol(255) + "1000";
        for (int at = 0; at < code.length(); at += 8) {
            String eight = code.substring(at, Math.min(code.length(), at + 8));
            bits.write(Integer.parseInt(new StringBuilder(eight).reverse().toString(), 2));
        }
        byte[] whole = webp(base64(Encoded.WEBP), "VP8L", bits.toByteArray());
        Picture picture = read(whole);
        assertThat(picture).hasToString("Picture[100 x 160 x 3]");
        assertThat(new int[] {picture.at(99, 159, 0), picture.at(99, 159, 1), picture.at(99, 159, 2)}).containsExactly(200, 100, 7);
        everyCut(whole, bits.size(), 0, length -> webp(whole, "VP8L", Arrays.copyOf(bits.toByteArray(), length)));
    }

    private static String symbol(int symbol) {
        StringBuilder bits = new StringBuilder("101");
        for (int i = 0; i < 8; i++) {
            bits.append(symbol >> i & 1);
        }
        return bits.toString();
    }

    @Test
    void aWebpWhoseContainerTellsAnotherSizeOrNoPixelsIsRefused() {
        byte[] whole = base64(Encoded.WEBP_EXIF);
        byte[] header = chunk(whole, "VP8X");
        header[4] = 50;
        assertThatThrownBy(() -> read(webp(whole, "VP8X", header))).isInstanceOf(DataException.class)
                .hasMessageContaining("announces 51 x 3 pixels for a frame of 4 x 3");
        byte[] none = new String(whole, StandardCharsets.ISO_8859_1).replace("VP8L", "JUNK").getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> read(none)).isInstanceOf(DataException.class).hasMessageContaining("is a WEBP without pixels");
    }

    @Test
    void pngs() throws IOException {
        byte[] whole = encoded(noise(40), "png");
        byte[] packed = Arrays.copyOfRange(whole, 41, whole.length - 16); // one IDAT behind IHDR
        assertThat(new String(whole, 37, 4, StandardCharsets.US_ASCII)).isEqualTo("IDAT");
        // The checksum of zlib stands for no pixel, and the mark before it for few bits.
        everyCut(whole, packed.length, 8, length -> {
            byte[] body = ByteBuffer.allocate(4 + length).put("IDAT".getBytes(StandardCharsets.US_ASCII)).put(packed, 0, length).array();
            var sum = new CRC32();
            sum.update(body);
            return ByteBuffer.allocate(33 + 12 + length + 12).put(whole, 0, 33).putInt(length).put(body).putInt((int) sum.getValue()).put(whole, whole.length - 12, 12).array();
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void jpegsCutAnywhere(boolean progressive) {
        byte[] whole = written(noise(48), "jpeg", progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED, "");
        int scan = new String(whole, StandardCharsets.ISO_8859_1).indexOf("\u00FF\u00DA");
        everyCut(whole, whole.length - 2 - scan, 2, length -> {
            int end = scan + length - (whole[scan + length - 1] == (byte) 0xFF ? 1 : 0);
            return ByteBuffer.allocate(end + 2).put(whole, 0, end).putShort((short) 0xFFD9).array();
        });
    }

    @Test
    void aProgressiveJpegWithoutItsLastScansIsRefused() {
        byte[] whole = written(noise(48), "jpeg", ImageWriteParam.MODE_DEFAULT, "");
        String letters = new String(whole, StandardCharsets.ISO_8859_1);
        int scans = 0;
        for (int at = letters.indexOf("\u00FF\u00DA"); letters.indexOf("\u00FF\u00DA", at + 2) > 0; scans++) {
            at = letters.indexOf("\u00FF\u00DA", at + 2);
            byte[] cut = ByteBuffer.allocate(at + 2).put(whole, 0, at).putShort((short) 0xFFD9).array();
            assertThatThrownBy(() -> read(cut)).isInstanceOf(DataException.class).hasMessageContaining("is a JPEG whose scans end before");
        }
        assertThat(scans).isGreaterThan(2);
    }

    /// libjpeg warns once: what it says first must not hide what comes later.
    @Test
    void strayBytesHideNoDamage() {
        byte[] whole = written(noise(48), "jpeg", ImageWriteParam.MODE_DEFAULT, "");
        String letters = new String(whole, StandardCharsets.ISO_8859_1);
        int frame = letters.indexOf("\u00FF\u00C2");
        int firstScan = letters.indexOf("\u00FF\u00DA");
        int next = firstScan + 2;
        while (whole[next] != (byte) 0xFF || whole[next + 1] == 0) {
            next++;
        }
        assertThat(read(with(whole, frame, "\0\0\0"))).isEqualTo(read(whole));
        byte[] cut = Arrays.copyOf(whole, whole.length - 200);
        cut[cut.length - 2] = (byte) 0xFF;
        cut[cut.length - 1] = (byte) 0xD9;
        for (byte[] damaged : new byte[][] {with(cut, frame, "\0\0\0"), with(cut, next, "\1\2\3")}) {
            assertThatThrownBy(() -> read(damaged)).isInstanceOf(DataException.class).hasMessageStartingWith("here: is a damaged JPEG");
        }
    }

    @Test
    void kindsOfJpegWhoseEndNobodyChecksAreRefused() {
        byte[] jpeg = encoded(noise(8), "jpg");
        jpeg[new String(jpeg, StandardCharsets.ISO_8859_1).indexOf("\u00FF\u00C0") + 1] = (byte) 0xC3;
        assertThatThrownBy(() -> read(jpeg)).isInstanceOf(DataException.class).hasMessageContaining("a JPEG of kind SOF3, expected a baseline");
    }

    @Test
    void packedBitmaps() {
        byte[] whole = written(noise(30), "bmp", ImageWriteParam.MODE_EXPLICIT, "BI_RLE8");
        int start = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(10);
        // The last marks, of a row's end and the picture's, may be missing.
        everyCut(whole, whole.length - start, 4, length -> {
            byte[] cut = Arrays.copyOf(whole, start + length);
            ByteBuffer.wrap(cut).order(ByteOrder.LITTLE_ENDIAN).putInt(2, cut.length).putInt(34, length);
            return cut;
        });
        byte[] ended = whole.clone();
        ended[start] = 0;
        ended[start + 1] = 1;
        assertThatThrownBy(() -> read(ended)).isInstanceOf(DataException.class).hasMessageContaining("is a BMP whose runs end at pixel 0 of row 0");
    }

    /// Cuts the inner bytes at each length below the whole one, or at 300 lengths that a seed draws, and reads what comes of it.
    ///
    /// @param spare how many bytes may be missing at most without a pixel changing
    private static void everyCut(byte[] whole, int inner, int spare, IntFunction<byte[]> cut) {
        Picture picture = read(whole);
        var random = new Random(inner);
        int[] lengths = inner <= 300 ? IntStream.range(0, inner).toArray()
                : IntStream.range(0, 300).map(i -> i < 30 ? inner - 1 - i : random.nextInt(inner)).toArray();
        int equal = 0;
        for (int length : lengths) {
            byte[] bytes = cut.apply(length);
            try {
                assertThat(read(bytes)).as("%d of %d bytes", length, inner).isEqualTo(picture);
                assertThat(inner - length).as("%d of %d bytes are said to be enough", length, inner).isLessThanOrEqualTo(spare);
                equal++;
            } catch (DataException refusal) {
                assertThat(refusal.getMessage()).startsWith("here: is ").contains(", expected ");
            }
        }
        assertThat(equal).isLessThanOrEqualTo(spare);
    }

    private static Picture read(byte[] bytes) {
        return PictureReader.read(bytes, "here");
    }

    /// Grey noise of 16 shades, darkest 15, so that black is nobody's.
    private static Picture noise(int size) {
        byte[] pixels = new byte[size * size];
        var random = new Random(size);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (15 + 16 * random.nextInt(15));
        }
        return new Picture(size, size, 1, pixels);
    }

    private static byte[] with(byte[] bytes, int at, String more) {
        return ByteBuffer.allocate(bytes.length + more.length()).put(bytes, 0, at).put(more.getBytes(StandardCharsets.ISO_8859_1)).put(bytes, at, bytes.length - at).array();
    }

    /// As ImageIO writes it with a setting.
    private static byte[] written(Picture picture, String format, int mode, String compression) {
        var image = Encoded.image(picture, BufferedImage.TYPE_BYTE_GRAY);
        if (format.equals("bmp")) {
            image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_BYTE_INDEXED);
            image.getRaster().setDataElements(0, 0, picture.width(), picture.height(), picture.pixels());
        }
        var bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        try (var stream = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            if (mode == ImageWriteParam.MODE_EXPLICIT) {
                param.setCompressionMode(mode);
                param.setCompressionType(compression);
            } else {
                param.setProgressiveMode(mode);
            }
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), param);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static byte[] unblocked(byte[] gif, int at) {
        var content = new ByteArrayOutputStream();
        for (int block = at; gif[block] != 0; block += 1 + (gif[block] & 0xFF)) {
            content.write(gif, block + 1, gif[block] & 0xFF);
        }
        return content.toByteArray();
    }

    /// A GIF's beginning with other codes, in blocks, and its end.
    private static byte[] gif(byte[] whole, int codes, byte[] content) {
        var out = new ByteArrayOutputStream();
        out.write(whole, 0, codes + 1);
        for (int at = 0; at < content.length; at += 255) {
            int length = Math.min(255, content.length - at);
            out.write(length);
            out.write(content, at, length);
        }
        out.write(0);
        out.write(0x3B);
        return out.toByteArray();
    }

    private static int place(byte[] webp, String name) {
        int at = 12;
        while (!new String(webp, at, 4, StandardCharsets.US_ASCII).equals(name)) {
            int length = ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN).getInt(at + 4);
            at += 8 + length + (length & 1);
        }
        return at;
    }

    private static byte[] chunk(byte[] webp, String name) {
        int at = place(webp, name) + 8;
        return Arrays.copyOfRange(webp, at, at + ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN).getInt(at - 4));
    }

    /// A WebP with another content of a chunk, all lengths fitting.
    private static byte[] webp(byte[] whole, String name, byte[] content) {
        int at = place(whole, name);
        int behind = at + 8 + chunk(whole, name).length;
        behind += behind & 1;
        int length = at + 8 + content.length + (content.length & 1) + whole.length - behind;
        ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        out.put(whole, 0, at + 4).putInt(content.length).put(content).position(at + 8 + content.length + (content.length & 1));
        return out.put(whole, behind, whole.length - behind).putInt(4, length - 8).array();
    }
}
