package dev.cultivar.batch;

/// Data that cannot be used as they are: the message says where, what was expected, what came and what to do.
public final class DataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
