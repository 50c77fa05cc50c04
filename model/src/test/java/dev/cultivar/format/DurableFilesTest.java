package dev.cultivar.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFilesTest {
    @TempDir
    Path folder;

    @Test
    void aFailedWriteLeavesWhatWasThere() throws IOException {
        Path file = Files.writeString(folder.resolve("x"), "before");
        assertThatThrownBy(() -> DurableFiles.write(file, channel -> {
                    channel.write(ByteBuffer.allocate(10));
                    throw new IOException("the disk is full");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("the disk is full");
        assertThat(file).hasContent("before");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aWriteReplaces() throws IOException {
        Path file = Files.writeString(folder.resolve("x"), "before");
        DurableFiles.write(file, channel -> channel.write(ByteBuffer.wrap("after".getBytes())));
        assertThat(file).hasContent("after");
    }

    @Test
    void deletingDoesNotFollowLinks() throws IOException {
        Path kept = Files.createDirectory(folder.resolve("kept"));
        Files.writeString(kept.resolve("x"), "x");
        Path tree = Files.createDirectories(folder.resolve("tree/deep")).getParent();
        Files.createSymbolicLink(tree.resolve("link"), kept);
        Files.writeString(tree.resolve("deep/y"), "y");
        DurableFiles.delete(tree);
        assertThat(tree).doesNotExist();
        assertThat(kept.resolve("x")).exists();
        DurableFiles.delete(tree);
    }
}
