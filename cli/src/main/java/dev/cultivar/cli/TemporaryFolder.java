package dev.cultivar.cli;

import dev.cultivar.format.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A folder that is gone when the work is done.
///
/// @param path where it is
record TemporaryFolder(Path path) implements AutoCloseable {
    static TemporaryFolder open() throws IOException {
        return new TemporaryFolder(Files.createTempDirectory("cultivar"));
    }

    @Override
    public void close() throws IOException {
        DurableFiles.delete(path);
    }
}
