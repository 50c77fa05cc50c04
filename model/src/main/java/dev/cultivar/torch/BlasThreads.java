package dev.cultivar.torch;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas_nolapack;

/// How many threads OpenBLAS shares a matrix product among: one setting for the whole process, so whoever needs another gives it back.
final class BlasThreads {
    private int shared = 1;
    private int alone; // how much work is under way that needs products on one thread

    /// From now on, or from when the last such work is done.
    synchronized void share(int count) {
        shared = count;
        apply();
    }

    synchronized void alone() {
        alone++;
        apply();
    }

    synchronized void together() {
        alone--;
        apply();
    }

    private void apply() {
        try (var scope = new PointerScope()) { // the call looks its function up by a pointer, which nobody else lets go of
            openblas_nolapack.blas_set_num_threads(alone > 0 ? 1 : shared);
        }
    }
}
