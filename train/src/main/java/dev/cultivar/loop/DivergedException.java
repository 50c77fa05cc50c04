package dev.cultivar.loop;

/// A loss or a gradient that is no number any more: the run stops before the step is made. The message names the step, the batch's
/// rows and the last good checkpoint.
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DivergedException(String message) {
        super(message);
    }
}
