package dev.cultivar.nn;

import org.bytedeco.pytorch.AutoGradMode;

/// A block in which this thread records operations for a backward pass, also inside a [NoGradient].
final class WithGradient implements AutoCloseable {
    private final AutoGradMode guard = new AutoGradMode(true);

    @Override
    public void close() {
        guard.deallocate();
    }
}
