package dev.cultivar.format;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Files that appear whole or not at all, and that outlive a loss of power once they have appeared.
///
/// The bytes go to a hidden sibling, are flushed to the disk, and the sibling is renamed over the name that was asked
/// for: a reader sees the old file or the new one, and a mapped old file stays valid. One writer at a time and file.
public final class DurableFiles {
    private static final boolean WINDOWS =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");

    private DurableFiles() {}

    /// What puts the bytes into an empty file.
    @FunctionalInterface
    public interface Body {
        void write(FileChannel channel) throws IOException;
    }

    /// Writes a file, replacing one that is there; when it fails, what was there stays as it was.
    public static void write(Path file, Body body) throws IOException {
        Path target = file.toAbsolutePath();
        Path sibling = target.resolveSibling("." + target.getFileName() + ".writing");
        try {
            try (var channel = FileChannel.open(
                    sibling, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                body.write(channel);
                channel.force(true);
            }
            rename(sibling, target);
        } catch (Throwable failure) {
            try {
                Files.deleteIfExists(sibling);
            } catch (IOException left) {
                failure.addSuppressed(left);
            }
            throw failure;
        }
    }

    /// Renames a file, a link or a folder within its folder so that it survives a loss of power; a file or link that
    /// had the name before is replaced.
    public static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        force(to.toAbsolutePath().getParent());
    }

    /// Flushes a file, or the list of names that a folder is, to the disk.
    public static void force(@Nullable Path path) throws IOException {
        if (path == null) {
            return;
        }
        boolean folder = Files.isDirectory(path);
        if (folder && WINDOWS) {
            return; // a folder cannot be opened there, and its names are journalled
        }
        try (var channel = FileChannel.open(path, folder ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /// Deletes a file, or a folder with all that lies in it; a link is deleted, not followed. Nothing there: nothing done.
    public static void delete(Path tree) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
