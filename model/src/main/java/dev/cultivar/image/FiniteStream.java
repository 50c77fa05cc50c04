package dev.cultivar.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// Bytes in memory for a decoder that must not go on for long once they have ended.
///
/// The WebP decoder takes zeros for what is missing, because it reads a little ahead; a damaged size then keeps it at it for
/// millions of pixels. Reading ahead asks beyond the end a few times only.
final class FiniteStream extends MemoryCacheImageInputStream {
    private static final int MOST = 1024;
    private int beyond;

    FiniteStream(byte[] bytes) {
        super(new ByteArrayInputStream(bytes));
    }

    @Override
    public int read() throws IOException {
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
