package dev.cultivar.image;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// Which coefficients of a JPEG its scans have told, and to which bit (ITU-T T.81, annex G).
///
/// A decoder takes what no scan tells for zero and says nothing: a file that lost its last scans is a blurred or colourless picture.
final class JpegScans {
    private static final int COEFFICIENTS = 64;
    private static final int NEVER = 255;

    private final EncodedPicture file;
    /// For each component, by its identifier, the lowest bit that was told of each coefficient.
    private final Map<Integer, int[]> lowest = new LinkedHashMap<>();
    private boolean progressive;
    private boolean scanned;

    JpegScans(EncodedPicture file) {
        this.file = file;
    }

    /// Takes note of a segment.
    ///
    /// @param at where its length lies
    void segment(int marker, long at) {
        boolean frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (frame) {
            if (marker > 0xC2) { // lossless, arithmetic or hierarchical, of which no decoder here tells when they end early
                throw file.refused("a JPEG of kind SOF" + (marker - 0xC0), "a baseline, extended or progressive one (SOF0 to SOF2)", "save it as PNG");
            }
            progressive = marker == 0xC2;
            for (int i = 0; i < file.u8(at + 7); i++) {
                int[] bits = new int[COEFFICIENTS];
                Arrays.fill(bits, NEVER);
                lowest.put(file.u8(at + 8 + 3L * i), bits);
            }
        } else if (marker == 0xDA) {
            scan(at);
        }
    }

    private void scan(long at) {
        scanned = true;
        int components = file.u8(at + 2);
        long spectrum = at + 3 + 2L * components;
        int first = progressive ? file.u8(spectrum) : 0;
        int last = progressive ? file.u8(spectrum + 1) : COEFFICIENTS - 1;
        int bit = progressive ? file.u8(spectrum + 2) & 0xF : 0;
        for (int i = 0; i < components; i++) {
            int[] bits = lowest.getOrDefault(file.u8(at + 3 + 2L * i), new int[COEFFICIENTS]);
            for (int k = first; k <= Math.min(last, COEFFICIENTS - 1); k++) {
                bits[k] = Math.min(bits[k], bit);
            }
        }
    }

    /// Refuses a file whose scans leave something out.
    void requireAll() {
        if (!scanned) {
            throw file.refused("a JPEG without pixels", "a scan before its end", "copy or make the file again");
        }
        int nth = 0;
        for (int[] bits : lowest.values()) {
            nth++;
            for (int k = 0; k < COEFFICIENTS; k++) {
                if (bits[k] > 0) {
                    throw file.refused("a JPEG whose scans end before " + (bits[k] == NEVER ? "coefficient " : "the last bits of coefficient ") + k
                            + " of component " + nth, "scans that tell every coefficient to its last bit", "copy or make the file again");
                }
            }
        }
    }

    /// The file without bytes between the segments before its first scan, which some cameras leave and no pixel needs: libjpeg warns of them, and
    /// warns once only. The file's segments are known to be whole.
    static EncodedPicture withoutStrays(EncodedPicture file) {
        var out = new ByteArrayOutputStream(file.length());
        long at = 2;
        out.writeBytes(file.part(0, at));
        while (true) {
            long marker = at;
            while (file.u8(marker) != 0xFF || file.u8(marker + 1) == 0 || file.u8(marker + 1) == 0xFF) {
                marker++;
            }
            int kind = file.u8(marker + 1);
            if (kind == 0xDA) {
                out.writeBytes(file.part(marker, file.length()));
                return out.size() == file.length() ? file : new EncodedPicture(out.toByteArray(), file.place());
            }
            boolean bare = kind == 0x01 || kind >= 0xD0 && kind <= 0xD8;
            at = marker + 2 + (bare ? 0 : Math.max(2, file.u16(marker + 2)));
            out.writeBytes(file.part(marker, at));
        }
    }
}
