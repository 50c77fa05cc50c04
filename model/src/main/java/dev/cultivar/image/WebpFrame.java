package dev.cultivar.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The first frame of a WebP file (RFC 9649, section 2): its own pixels, those of its alpha, and the file's colour profile.
///
/// The decoder reads on where a frame's bytes have ended, into whatever comes next, and where nothing does it takes zeros. So the bytes are followed here
/// to the last pixel, and the decoder gets a file that holds this frame and nothing else.
final class WebpFrame {
    private static final int HEADER_LOSSLESS = 5;
    private static final int CHUNK = 8;
    private static final int AHEAD = 16; // bytes that the decoder holds beyond what it uses
    private static final int ALPHA = 0x10;
    private static final int PROFILE = 0x20;
    private static final int ANIMATED = 0x02;

    private final EncodedPicture file;
    private boolean extended;
    private int flags;
    private int width;
    private int height;
    private Part profile = Part.NONE;
    private Part alpha = Part.NONE;
    private Part pixels = Part.NONE;

    /// Where a chunk's content begins and ends.
    private record Part(long from, long to) {
        private static final Part NONE = new Part(0, 0);

        private boolean there() {
            return to > 0;
        }
    }

    private WebpFrame(EncodedPicture file) {
        this.file = file;
    }

    /// Finds the frame; the file's chunks are known to be whole.
    static WebpFrame of(EncodedPicture file) {
        var frame = new WebpFrame(file);
        frame.walk(12, 8 + file.u32LittleEndian(4));
        if (!frame.pixels.there()) {
            throw file.refused("a WEBP without pixels", "a VP8 or VP8L chunk", "copy or make the file again");
        }
        frame.measure();
        return frame;
    }

    private void walk(long from, long end) {
        for (long at = from; at + CHUNK <= end && !pixels.there(); ) {
            long length = file.u32LittleEndian(at + 4);
            var content = new Part(at + CHUNK, at + CHUNK + length);
            if (content.to > end) {
                throw file.refused("a WEBP whose chunk at byte " + at + " ends at byte " + content.to, "an end before byte " + end, "copy or make the file again");
            }
            if (file.has(at, "VP8X") && length >= 10) {
                extended = true;
                flags = file.u8(content.from);
                size(content.from + 4);
            } else if (file.has(at, "ICCP")) {
                profile = content;
            } else if (file.has(at, "ALPH")) {
                alpha = content;
            } else if (file.has(at, "VP8 ") || file.has(at, "VP8L")) {
                pixels = content;
            } else if (file.has(at, "ANMF") && (flags & ANIMATED) != 0 && length >= 16) {
                size(content.from + 6);
                walk(content.from + 16, content.to);
                return; // the first frame, pixels or not
            }
            at = content.to + (length & 1);
        }
    }

    private void size(long at) {
        width = 1 + (file.u16LittleEndian(at) | file.u8(at + 2) << 16);
        height = 1 + (file.u16LittleEndian(at + 3) | file.u8(at + 5) << 16);
    }

    /// Compares the size that the container tells with that of the pixels.
    private void measure() {
        int wide;
        int high;
        if (lossless()) {
            if (pixels.to - pixels.from < HEADER_LOSSLESS || file.u8(pixels.from) != 0x2F) {
                throw file.refused("a WEBP whose lossless frame is none", "a VP8L header", "copy or make the file again");
            }
            long sizes = file.u32LittleEndian(pixels.from + 1);
            wide = 1 + (int) (sizes & 0x3FFF);
            high = 1 + (int) (sizes >> 14 & 0x3FFF);
        } else {
            var lossy = lossy();
            wide = lossy.width();
            high = lossy.height();
        }
        if (extended && (width != wide || height != high)) {
            throw file.refused("a WEBP that announces " + width + " x " + height + " pixels for a frame of " + wide + " x " + high, "the same size twice",
                    "copy or make the file again");
        }
        width = wide;
        height = high;
    }

    private boolean lossless() {
        return file.has(pixels.from - CHUNK, "VP8L");
    }

    private LossyWebp lossy() {
        return new LossyWebp(file, pixels.from, pixels.to);
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /// Refuses a frame whose lossless bits, or those of its alpha, stop before the last pixel.
    void requireAll() {
        if (lossless()) {
            LosslessWebp.requireAll(file, pixels.from + HEADER_LOSSLESS, pixels.to, width, height);
        } else if (alpha.there()) {
            if (alpha.from == alpha.to || (file.u8(alpha.from) & 3) != 1) { // the decoder would take all pixels for opaque
                throw file.refused("a WEBP whose alpha is not packed", "packed alpha or none", "save it as PNG");
            }
            LosslessWebp.requireAll(file, alpha.from + 1, alpha.to, width, height);
        }
    }

    /// A file with this frame alone, in which a decoder that reads beyond the end of an arithmetic code is noticed.
    FiniteStream alone() {
        var out = new ByteArrayOutputStream();
        boolean transparent = alpha.there() && !lossless();
        if (extended) {
            int kept = (profile.there() ? PROFILE : 0) | (lossless() ? flags & ALPHA : transparent ? ALPHA : 0);
            byte[] header = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(kept).putInt(width - 1 | height - 1 << 24).putShort((short) (height - 1 >> 8)).array();
            chunk(out, "VP8X", header);
            if (profile.there()) {
                chunk(out, "ICCP", file.part(profile.from, profile.to));
            }
            if (transparent) {
                chunk(out, "ALPH", file.part(alpha.from, alpha.to));
            }
        }
        int start = 12 + out.size() + CHUNK;
        List<Integer> gaps = List.of();
        if (lossless()) {
            chunk(out, "VP8L", file.part(pixels.from, pixels.to));
        } else {
            var apart = lossy().apart();
            chunk(out, "VP8 ", apart.bytes());
            gaps = apart.gaps().stream().map(gap -> start + gap).toList();
        }
        byte[] bytes = ByteBuffer.allocate(12 + out.size() + AHEAD).order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(4 + out.size()).put("WEBP".getBytes(StandardCharsets.US_ASCII)).put(out.toByteArray()).array();
        return new FiniteStream(bytes, gaps);
    }

    private static void chunk(ByteArrayOutputStream out, String name, byte[] content) {
        out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(content.length).array());
        out.writeBytes(content);
        if ((content.length & 1) == 1) {
            out.write(0);
        }
    }
}
