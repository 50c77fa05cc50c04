package dev.cultivar.nn;

import org.bytedeco.pytorch.AutoGradMode;

/// A block in which this thread records no operations for the backward pass.
public final class NoGradient implements AutoCloseable {
    private final AutoGradMode guard = new AutoGradMode(false);

    @Override
    public void close() {
        guard.deallocate();
    }
}
