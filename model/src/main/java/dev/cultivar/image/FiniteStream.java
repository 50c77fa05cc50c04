package dev.cultivar.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// Bytes in memory for a decoder that must not go on for long once they have ended.
///
/// The WebP decoder takes zeros for what is missing, because it reads a little ahead; a damaged size then keeps it at it for
/// millions of pixels. Reading ahead asks beyond the end a few times only.
final class FiniteStream extends MemoryCacheImageInputStream {
    private static final int MOST = 1024;
    private final List<Integer> gaps;
    private final boolean[] entered;
    private int beyond;

    FiniteStream(byte[] bytes) {
        this(bytes, List.of());
    }

    /// @param gaps where bytes begin that a decoder need not read, [LossyWebp#GAP] of them each
    FiniteStream(byte[] bytes, List<Integer> gaps) {
        super(new ByteArrayInputStream(bytes));
        this.gaps = gaps;
        this.entered = new boolean[gaps.size()];
    }

    int gaps() {
        return entered.length;
    }

    /// Whether a byte of a gap was read by itself.
    boolean entered(int gap) {
        return entered[gap];
    }

    @Override
    public int read() throws IOException {
        for (int i = 0; i < entered.length; i++) {
            entered[i] |= streamPos >= gaps.get(i) && streamPos < gaps.get(i) + LossyWebp.GAP;
        }
        return counted(super.read());
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        return counted(super.read(bytes, from, length));
    }

    private int counted(int read) {
        if (read < 0 && ++beyond > MOST) {
            // No IOException, which the decoder would take for the end once more.
            throw new IllegalStateException("its pixels end early");
        }
        return read;
    }
}
