package dev.cultivar.cli;

/// How a command ended, as the number that the shell sees.
enum Exit {
    DONE(0),
    FAILED(1),
    /// Bad usage or a bad recipe: nothing was started.
    USAGE(2),
    /// Stopped by a signal, after a checkpoint was written.
    INTERRUPTED(130);

    private final int code;

    Exit(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
