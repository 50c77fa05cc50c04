package dev.cultivar.optim;

import dev.cultivar.torch.Tensors;
import dev.cultivar.torch.Torch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout.OfFloat;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/// One pass over weights, gradient and an optimizer's state, in Java: pieces are copied into arrays that stay in a core's
/// first-level cache, changed by a plain loop, and copied back.
///
/// A step by libtorch's operators goes over memory once for each, and memory is what a step waits for. The copies are in
/// the cache and cost little; without them the loop would not become vector instructions, since the compiler cannot
/// know that two pieces of native memory are different ones. Java's arithmetic is the same on every processor, with any number of
/// threads, and whatever the segments.
final class OnePass {
    private static final int PIECE = 1024;
    private static final int BLOCK = 64 * PIECE; // what a thread takes at a time
    private static final OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    private OnePass() {}

    /// Changes a piece of the weights and of the state.
    @FunctionalInterface
    interface Formula {
        /// @param w     weights
        /// @param g     gradient
        /// @param state one array for each of the state's tensors
        /// @param count how many elements of each array count
        void change(float[] w, float[] g, float[][] state, int count);
    }

    /// Whether the memory can be reached.
    static boolean reaches(Segment segment) {
        return !segment.group().data().is_cuda();
    }

    /// Calls the formula on all of a segment, with the gradient multiplied by `scale`; the gradient is 0 afterwards.
    static void over(Segment segment, List<Tensor> state, double scale, Formula formula) {
        long elements = segment.to() - segment.from();
        MemorySegment[] tensors = new MemorySegment[2 + state.size()];
        tensors[0] = Tensors.bytes(segment.data());
        tensors[1] = Tensors.bytes(segment.gradient());
        for (int i = 0; i < state.size(); i++) {
            tensors[2 + i] = Tensors.bytes(state.get(i));
        }
        var next = new AtomicLong();
        int threads = (int) Math.min(Torch.threads(), Math.ceilDiv(elements, (long) BLOCK));
        IntStream.range(0, threads).parallel().forEach(thread -> {
            float[][] arrays = new float[tensors.length][PIECE];
            boolean[] zeros = new boolean[tensors.length];
            float[][] states = java.util.Arrays.copyOfRange(arrays, 2, arrays.length);
            for (long block = next.getAndAdd(BLOCK); block < elements; block = next.getAndAdd(BLOCK)) {
                long end = Math.min(elements, block + BLOCK);
                for (long from = block; from < end; from += PIECE) {
                    int count = (int) Math.min(PIECE, end - from);
                    load(tensors, from, arrays, zeros, count);
                    if (scale != 1 && !zeros[1]) {
                        multiply(arrays[1], (float) scale, count);
                    }
                    formula.change(arrays[0], arrays[1], states, count);
                    store(arrays, zeros, tensors, from, count);
                }
            }
        });
    }

    private static void load(MemorySegment[] tensors, long from, float[][] arrays, boolean[] zeros, int count) {
        for (int i = 0; i < tensors.length; i++) {
            MemorySegment.copy(tensors[i], FLOAT, FLOAT.byteSize() * from, arrays[i], 0, count);
            zeros[i] = i > 0 && zero(arrays[i], count);
        }
    }

    /// What was zero and is zero is not written: the rows of a table of words that no text has had so far.
    private static void store(float[][] arrays, boolean[] zeros, MemorySegment[] tensors, long from, int count) {
        for (int i = 0; i < tensors.length; i++) {
            if (i == 1) {
                if (!zeros[1]) {
                    tensors[i].asSlice(FLOAT.byteSize() * from, FLOAT.byteSize() * count).fill((byte) 0);
                }
            } else if (!zeros[i] || !zero(arrays[i], count)) {
                MemorySegment.copy(arrays[i], 0, tensors[i], FLOAT, FLOAT.byteSize() * from, count);
            }
        }
    }

    private static boolean zero(float[] values, int count) {
        for (int i = 0; i < count; i++) {
            if (Float.floatToRawIntBits(values[i]) != 0) {
                return false;
            }
        }
        return true;
    }

    private static void multiply(float[] values, float factor, int count) {
        for (int i = 0; i < count; i++) {
            values[i] *= factor;
        }
    }
}
