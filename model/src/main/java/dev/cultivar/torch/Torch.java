package dev.cultivar.torch;

import java.io.IOException;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/// Starts libtorch once, with the library's own policy for determinism and threads.
public final class Torch {
    private static volatile boolean started;
    private static final BlasThreads BLAS = new BlasThreads();

    private Torch() {}

    /// Loads the natives and sets deterministic algorithms; later calls do nothing.
    public static void start() {
        if (!started) {
            synchronized (Torch.class) {
                if (!started) {
                    NativeEnvironment.prepare();
                    Loader.load(torch.class);
                    var context = torch.globalContext();
                    context.setDeterministicAlgorithms(true, false);
                    context.setDeterministicFillUninitializedMemory(false); // filling costs a pass over every new tensor
                    started = true;
                    threads(Runtime.getRuntime().availableProcessors());
                }
            }
        }
    }

    /// Sets how many threads an operator called from this thread may use, in both pools; OpenBLAS's is shared by all threads.
    public static void threads(int count) {
        operatorThreads(count);
        BLAS.share(count);
    }

    /// Sets how many threads an operator called from this thread may use, matrix products left as they are.
    public static void operatorThreads(int count) {
        start();
        torch.set_num_threads(count);
    }

    /// Does work whose threads multiply matrices side by side, each product on one thread; afterwards products share as before.
    public static <T> T productsAlone(Supplier<T> work) {
        start();
        BLAS.alone();
        try {
            return work.get();
        } finally {
            BLAS.together();
        }
    }

    /// Threads of an operator called from this thread.
    public static int threads() {
        start();
        return torch.get_num_threads();
    }

    /// The version of libtorch, for provenance: libtorch's and the binding's, as `2.10.0-1.5.13`.
    public static String version() {
        try {
            String version = Loader.getVersion("org.bytedeco", "pytorch");
            return version == null ? "unknown" : version;
        } catch (IOException unreadable) {
            return "unknown";
        }
    }

    /// The widest vector instructions that libtorch's kernels use here, for example `AVX2`.
    public static String vectors() {
        start();
        try (var scope = Scope.open()) {
            return torch.get_cpu_capability().getString();
        }
    }
}
