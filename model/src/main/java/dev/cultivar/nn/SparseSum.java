package dev.cultivar.nn;

import dev.cultivar.torch.Tensors;
import dev.cultivar.torch.Torch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/// Adds one flat gradient to another and clears it, in one pass that reads pieces of zeros and leaves them: most of a table of words has
/// no gradient in a step.
final class SparseSum {
    private static final int PIECE = 1024;
    private static final int BLOCK = 64 * PIECE; // what a thread takes at a time
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    private SparseSum() {}

    /// @param from is 0 afterwards
    static void move(Tensor from, Tensor to) {
        MemorySegment source = Tensors.bytes(from);
        MemorySegment target = Tensors.bytes(to);
        long elements = source.byteSize() / Float.BYTES;
        var next = new AtomicLong();
        int threads = (int) Math.min(Torch.threads(), Math.ceilDiv(elements, (long) BLOCK));
        IntStream.range(0, threads).parallel().forEach(thread -> {
            float[] own = new float[PIECE];
            float[] sum = new float[PIECE];
            for (long block = next.getAndAdd(BLOCK); block < elements; block = next.getAndAdd(BLOCK)) {
                long end = Math.min(elements, block + BLOCK);
                for (long at = block; at < end; at += PIECE) {
                    int count = (int) Math.min(PIECE, end - at);
                    MemorySegment.copy(source, FLOAT, Float.BYTES * at, own, 0, count);
                    if (zero(own, count)) {
                        continue;
                    }
                    MemorySegment.copy(target, FLOAT, Float.BYTES * at, sum, 0, count);
                    add(sum, own, count);
                    MemorySegment.copy(sum, 0, target, FLOAT, Float.BYTES * at, count);
                    source.asSlice(Float.BYTES * at, (long) Float.BYTES * count).fill((byte) 0);
                }
            }
        });
    }

    private static boolean zero(float[] values, int count) {
        for (int i = 0; i < count; i++) {
            if (Float.floatToRawIntBits(values[i]) != 0) {
                return false;
            }
        }
        return true;
    }

    private static void add(float[] sum, float[] values, int count) {
        for (int i = 0; i < count; i++) {
            sum[i] += values[i];
        }
    }
}
