package dev.cultivar.cli;

import dev.cultivar.batch.DataException;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.loop.DivergedException;
import dev.cultivar.recipe.RecipeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/// Turns what was thrown into sentences for the user and an exit code.
///
/// The library's own exceptions say all that is needed; anything else is a mistake of the program or of the machine, so
/// its kind is named too. Nobody sees a stack trace unless they asked.
final class Failure {
    private Failure() {}

    static Exit tell(Throwable thrown, Console console, boolean stacktrace) {
        Throwable problem = unwrapped(thrown);
        console.note(sentence(problem));
        if (stacktrace) {
            console.trace(thrown);
        } else if (unexpected(problem)) {
            console.note("Run it again with --stacktrace to see where this came from.");
        }
        return problem instanceof RecipeException ? Exit.USAGE : Exit.FAILED;
    }

    private static boolean unexpected(Throwable problem) {
        return !(problem instanceof RecipeException
                || problem instanceof DataException
                || problem instanceof CheckpointException
                || problem instanceof DivergedException
                || problem instanceof FileSystemException);
    }

    private static String sentence(Throwable problem) {
        return switch (problem) {
            case RecipeException mistakes -> message(mistakes);
            case DataException data -> message(data);
            case CheckpointException checkpoint -> message(checkpoint);
            case DivergedException diverged -> message(diverged);
            case NoSuchFileException missing -> missing.getFile() + ": there is no such file or folder.";
            case AccessDeniedException denied -> denied.getFile() + ": this user may not open it.";
            case NotDirectoryException file -> file.getFile() + ": a folder was expected, but it is a file.";
            case FileSystemException refused -> refused.getFile() + ": " + reason(refused);
            case IOException broken -> "Reading or writing failed: " + firstLine(broken);
            case OutOfMemoryError heap -> "Java's memory does not suffice (" + firstLine(heap)
                    + "). Make batching.tokens smaller, or raise it with CULTIVAR_JAVA_OPTS=-Xmx8g.";
            case LinkageError natives -> "A native library could not be loaded: " + firstLine(natives)
                    + ". `cultivar doctor` shows what this machine offers.";
            default -> "Unexpected " + problem.getClass().getSimpleName() + ": " + firstLine(problem);
        };
    }

    private static Throwable unwrapped(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return thrown instanceof UncheckedIOException && cause != null ? cause : thrown;
    }

    private static String reason(FileSystemException refused) {
        String reason = refused.getReason();
        return reason == null ? refused.getClass().getSimpleName() : reason;
    }

    private static String message(Throwable problem) {
        String message = problem.getMessage();
        return message == null ? "no message" : message;
    }

    /// libtorch's messages go on with a native stack trace.
    private static String firstLine(Throwable problem) {
        return message(problem).lines().findFirst().orElse("no message");
    }
}
