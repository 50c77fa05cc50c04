package dev.cultivar.torch;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// How fast this machine multiplies large square matrices, measured: the ceiling that training is compared with.
///
/// @param size           rows and columns
/// @param float32Gflops  thousands of millions of multiplications and additions a second, best of many
/// @param bfloat16Gflops the same in bfloat16
public record MatrixPeak(int size, double float32Gflops, double bfloat16Gflops) {
    private static final int SIZE = 1024;
    private static final long NANOS_EACH = 700_000_000L;
    private static final int SMALL = 384; // where the processor has no bfloat16, a large product would take seconds
    private static final long NANOS_BRIEFLY = 60_000_000L;

    /// Takes about two seconds, a few more where the processor has no bfloat16, and all of [Torch#threads].
    public static MatrixPeak measure() {
        return measure(SIZE, NANOS_EACH);
    }

    /// A rough measurement, enough to choose an arithmetic: a fifth of a second.
    public static MatrixPeak measureBriefly() {
        return measure(SMALL, NANOS_BRIEFLY);
    }

    private static MatrixPeak measure(int size, long nanosEach) {
        return new MatrixPeak(size, gflops(ScalarType.Float, size, nanosEach), gflops(ScalarType.BFloat16, size, nanosEach));
    }

    private static double gflops(ScalarType type, int size, long nanosEach) {
        try (var scope = Scope.open()) {
            var options = new TensorOptions(type);
            // Constant matrices multiply as fast as any others, and draw from no generator.
            Tensor left = torch.full(new long[] {size, size}, new Scalar(0.5), options);
            Tensor right = torch.full(new long[] {size, size}, new Scalar(0.25), options);
            Tensor product = torch.empty(new long[] {size, size}, options, null);
            long best = Long.MAX_VALUE;
            long start = System.nanoTime();
            do { // the best of several leaves out the first, which also chooses a kernel; a very slow one is done once
                long before = System.nanoTime();
                torch.mm_out(product, left, right);
                best = Math.min(best, System.nanoTime() - before);
            } while (System.nanoTime() - start < nanosEach);
            return 2.0 * size * size * size / best;
        }
    }
}
