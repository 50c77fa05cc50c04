package dev.cultivar.image;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/// The partitions of lossy WebP (VP8's key frames, RFC 6386, section 9), put apart so that a decoder that reads beyond the end of one is caught.
///
/// An encoder of arithmetic codes ends each partition with bits that no pixel needs (section 7.3: as many as a decoder reads ahead), so a decoder that
/// comes to the end of one has lost something. libwebp refuses such files too.
final class LossyWebp {
    static final int GAP = 4;
    private static final int HEADER = 10;
    private static final int LONGEST_FIRST = (1 << 19) - 1;
    private static final int LONGEST = (1 << 24) - 1;

    private final EncodedPicture file;
    private final long from;
    private final long to;
    private final List<long[]> partitions = new ArrayList<>(); // from, to

    /// @param from where the frame's bytes begin, and `to` where they end
    LossyWebp(EncodedPicture file, long from, long to) {
        this.file = file;
        this.from = from;
        this.to = to;
        if (to - from < HEADER || (file.u8(from) & 1) != 0 || !file.has(from + 3, new byte[] {(byte) 0x9D, 1, 0x2A})) {
            throw file.refused("a WEBP whose lossy frame is none", "a VP8 key frame", "copy or make the file again");
        }
        long first = from + HEADER + (file.u8(from) >> 5 | file.u8(from + 1) << 3 | file.u8(from + 2) << 11);
        require(first, "modes");
        int count = 1 << new ArithmeticBits(file, from + HEADER, first).partitions();
        partitions.add(new long[] {from + HEADER, first});
        long at = first + 3L * (count - 1);
        require(at, "sizes");
        for (int i = 0; i < count; i++) {
            long size = first + 3L * i;
            long end = i == count - 1 ? to : at + (file.u16LittleEndian(size) | file.u8(size + 2) << 16);
            require(end, "coefficients");
            partitions.add(new long[] {at, end});
            at = end;
        }
    }

    private void require(long end, String what) {
        if (end > to) {
            throw file.refused("a WEBP whose " + what + " should end at byte " + end + " and end at byte " + to, "a whole VP8 frame", "copy or make the file again");
        }
    }

    int width() {
        return file.u16LittleEndian(from + 6) & 0x3FFF;
    }

    int height() {
        return file.u16LittleEndian(from + 8) & 0x3FFF;
    }

    /// The frame with its partitions apart.
    ///
    /// @param bytes of the frame
    /// @param gaps  for each partition but those that are too long for one, where in the frame the gap behind it begins
    record Apart(byte[] bytes, List<Integer> gaps) {}

    Apart apart() {
        var out = new ByteArrayOutputStream();
        List<Integer> gaps = new ArrayList<>();
        long[] first = partitions.getFirst();
        int length = (int) (first[1] - first[0]);
        int gap = length + GAP > LONGEST_FIRST ? 0 : GAP;
        int announced = length + gap;
        out.write(file.u8(from) & 0x1F | announced << 5);
        out.write(announced >> 3);
        out.write(announced >> 11);
        out.writeBytes(file.part(from + 3, from + HEADER));
        partition(out, first, gap, gaps);
        List<long[]> others = partitions.subList(1, partitions.size());
        for (long[] part : others.subList(0, others.size() - 1)) {
            int size = (int) (part[1] - part[0]);
            int apart = size + gap(size);
            out.write(apart);
            out.write(apart >> 8);
            out.write(apart >> 16);
        }
        others.forEach(part -> partition(out, part, gap((int) (part[1] - part[0])), gaps));
        return new Apart(out.toByteArray(), gaps);
    }

    private static int gap(int size) {
        return size + GAP > LONGEST ? 0 : GAP;
    }

    private void partition(ByteArrayOutputStream out, long[] part, int gap, List<Integer> gaps) {
        out.write(file.bytes(), (int) part[0], (int) (part[1] - part[0]));
        if (gap > 0) {
            gaps.add(out.size());
        }
        out.writeBytes(new byte[gap]);
    }

    /// Reads the first partition as far as the number of the others.
    private static final class ArithmeticBits {
        private final EncodedPicture file;
        private final long end;
        private long at;
        private int value;
        private int left;
        private int range = 255;

        private ArithmeticBits(EncodedPicture file, long from, long end) {
            this.file = file;
            this.at = from;
            this.end = end;
            value = next() << 8 | next();
        }

        private int next() {
            return at < end ? file.u8(at++) : 0;
        }

        private boolean flag() {
            int split = 1 + (range - 1 >> 1);
            boolean one = value >= split << 8;
            value -= one ? split << 8 : 0;
            range = one ? range - split : split;
            while (range < 128) {
                value <<= 1;
                range <<= 1;
                if (++left == 8) {
                    left = 0;
                    value |= next();
                }
            }
            return one;
        }

        private int number(int bits) {
            int number = 0;
            for (int i = 0; i < bits; i++) {
                number = number << 1 | (flag() ? 1 : 0);
            }
            return number;
        }

        private void options(int count, int bits) {
            for (int i = 0; i < count; i++) {
                if (flag()) {
                    number(bits);
                }
            }
        }

        /// The logarithm of how many partitions hold coefficients.
        private int partitions() {
            number(2); // colour space, clamping
            if (flag()) { // segments
                boolean map = flag();
                if (flag()) {
                    flag();
                    options(4, 7 + 1);
                    options(4, 6 + 1);
                }
                if (map) {
                    options(3, 8);
                }
            }
            number(1 + 6 + 3); // the loop filter
            boolean deltas = flag();
            if (deltas && flag()) { // they are told anew
                options(8, 6 + 1);
            }
            return number(2);
        }
    }
}
