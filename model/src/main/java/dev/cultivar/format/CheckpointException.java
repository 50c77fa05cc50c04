package dev.cultivar.format;

/// A file or folder of a model that cannot be read or written as it should: says which, what was expected, what came, what to do.
public final class CheckpointException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CheckpointException(String message) {
        super(message);
    }

    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
