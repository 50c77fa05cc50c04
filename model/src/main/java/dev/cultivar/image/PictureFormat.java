package dev.cultivar.image;

import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// The formats that are read, each told by its first bytes, and what makes a file of each whole.
///
/// Decoders of pictures forgive: where bytes are missing they give grey or black. So the parts of a file are walked before
/// it is decoded, which also finds the EXIF block that says how the camera was held.
enum PictureFormat {
    /// ISO/IEC 15948: chunks, each with a sum that is checked where the chunk matters.
    PNG("png", 1032 * 8) {
        @Override
        byte @Nullable [] exif(EncodedPicture file) {
            byte @Nullable [] exif = null;
            boolean hasPixels = false;
            for (long at = PNG_START.length; ; ) {
                long length = file.u32(at);
                long end = at + 12 + length;
                file.u8(end - 1);
                boolean critical = (file.u8(at + 4) & 0x20) == 0;
                var sum = new CRC32();
                sum.update(file.bytes(), (int) at + 4, (int) length + 4);
                boolean sound = sum.getValue() == file.u32(end - 4);
                if (critical && !sound) {
                    throw file.refused("a PNG whose chunk at byte " + at + " does not fit its checksum", "undamaged bytes", AGAIN);
                }
                hasPixels |= file.has(at + 4, "IDAT");
                if (file.has(at + 4, "eXIf") && sound && length > 0) {
                    exif = file.part(at + 8, end - 4);
                }
                if (file.has(at + 4, "IEND")) {
                    break;
                }
                at = end;
            }
            if (!hasPixels) {
                throw file.refused("a PNG without pixels", "an IDAT chunk", AGAIN);
            }
            return exif;
        }
    },
    /// ITU-T T.81: marked segments, then entropy-coded bytes in which a 0xFF is followed by 0; it ends with the marker EOI.
    /// What some cameras put behind that is ignored. A block of 64 pixels takes one bit at least.
    JPEG("jpeg", 512) {
        @Override
        byte @Nullable [] exif(EncodedPicture file) {
            byte @Nullable [] exif = null;
            var scans = new JpegScans(file);
            for (long at = 2; ; ) {
                if (file.u8(at) != 0xFF || file.u8(at + 1) == 0 || file.u8(at + 1) == 0xFF) {
                    at++; // an entropy-coded byte, or a fill byte
                    continue;
                }
                int marker = file.u8(at + 1);
                at += 2;
                if (marker == 0xD9) {
                    break;
                }
                if (marker == 0x01 || marker >= 0xD0 && marker <= 0xD8) {
                    continue; // no content
                }
                int length = file.u16(at);
                if (marker == 0xE1 && exif == null && length > 8 && file.has(at + 2, "Exif\0\0")) {
                    exif = file.part(at + 8, at + length);
                }
                scans.segment(marker, at);
                at += Math.max(2, length);
            }
            scans.requireAll();
            return exif;
        }
    },
    /// GIF89a: the first frame is read, so only that must be whole. A code of 9 bits at least stands for 4096 pixels at most.
    GIF("gif", 4096) {
        @Override
        byte @Nullable [] exif(EncodedPicture file) {
            int flags = GifRows.flags(file);
            long codes = flags + 1L + GifRows.palette(file.u8(flags));
            GifRows.afterBlocks(file, codes + 1);
            GifCodes.requireAll(file, codes, file.u16LittleEndian(flags - 4L), file.u16LittleEndian(flags - 2L));
            return null;
        }
    },
    /// Windows bitmaps. Only run lengths (compressions 1 and 2) may hold more pixels than bits.
    BMP("bmp", Integer.MAX_VALUE) {
        @Override
        byte @Nullable [] exif(EncodedPicture file) {
            long header = file.u32LittleEndian(14);
            boolean old = header == 12;
            long width = old ? file.u16LittleEndian(18) : Math.abs((int) file.u32LittleEndian(18));
            long height = old ? file.u16LittleEndian(20) : Math.abs((int) file.u32LittleEndian(22));
            long bits = file.u8(old ? 24 : 28);
            long compression = old ? 0 : file.u32LittleEndian(30);
            if (compression > 3 && compression != 6) { // 4 and 5 wrap a JPEG or a PNG, which nobody would have looked into
                throw file.refused("a BMP of compression " + compression, "0 to 3 or 6", "save it as PNG or JPEG");
            }
            boolean packed = compression == 1 || compression == 2;
            long start = file.u32LittleEndian(10);
            long needed = start + (packed ? 1 : (width * bits + 31) / 32 * 4 * Math.clamp(height, 0, 1L << 31));
            file.u8(Math.max(0, needed - 1));
            if (packed) {
                long size = file.u32LittleEndian(34);
                BmpRuns.requireAll(file, start, size == 0 ? file.length() : start + size, bits, width, height);
            }
            return null;
        }
    },
    /// RIFF with VP8, VP8L or VP8X chunks; a file says how long it is. One colour all over takes no bit a pixel, so the bound is one of good sense:
    /// fifty bytes of one colour may be 13 million pixels and not 268.
    WEBP("webp", 1 << 18) {
        @Override
        byte @Nullable [] exif(EncodedPicture file) {
            long end = 8 + file.u32LittleEndian(4);
            file.u8(end - 1);
            byte @Nullable [] exif = null;
            for (long at = 12; at + 8 <= end; ) {
                long length = file.u32LittleEndian(at + 4);
                file.u8(at + 7 + length);
                if (file.has(at, "EXIF") && length > 0) {
                    // Some writers put JPEG's prefix before the block.
                    int prefix = file.has(at + 8, "Exif\0\0") && length > 6 ? 6 : 0;
                    exif = file.part(at + 8 + prefix, at + 8 + length);
                }
                at += 8 + length + (length & 1);
            }
            return exif;
        }
    };

    static final byte[] PNG_START = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final byte[] JPEG_START = {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF};
    private static final String AGAIN = "copy or make the file again";

    /// The name by which ImageIO knows it.
    final String decoder;
    /// How many pixels a byte can stand for at most, so that a header that promises more is told before anything is allocated.
    final int pixelsPerByte;

    PictureFormat(String decoder, int pixelsPerByte) {
        this.decoder = decoder;
        this.pixelsPerByte = pixelsPerByte;
    }

    static Optional<PictureFormat> of(EncodedPicture file) {
        if (file.startsWith(PNG_START)) {
            return Optional.of(PNG);
        } else if (file.startsWith(JPEG_START)) {
            return Optional.of(JPEG);
        } else if (file.has(0, "GIF87a") || file.has(0, "GIF89a")) {
            return Optional.of(GIF);
        } else if (file.has(0, "RIFF") && file.has(8, "WEBP")) {
            return Optional.of(WEBP);
        }
        // Two letters are weak evidence; the size of the header that follows makes it sure.
        boolean bitmap = file.has(0, "BM") && file.length() > 26 && file.u32LittleEndian(14) >= 12 && file.u32LittleEndian(14) <= 124;
        return bitmap ? Optional.of(BMP) : Optional.empty();
    }

    /// Walks the file, refuses one that is not whole, and gives the EXIF block (a TIFF header and what follows), if any.
    abstract byte @Nullable [] exif(EncodedPicture file);
}
