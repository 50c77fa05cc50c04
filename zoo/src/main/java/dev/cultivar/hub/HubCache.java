package dev.cultivar.hub;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.DurableFiles;
import dev.cultivar.format.ProcessLock;
import dev.cultivar.format.Said;
import dev.cultivar.format.ShardIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// The hub's cache on disk, shared with the Python libraries: `models--org--name` has `blobs` (contents, named by their hash),
/// `refs` (a branch's or tag's commit) and `snapshots` (a folder for each commit, of links to blobs).
///
/// @param root where all models lie
record HubCache(Path root) {

    Path folder(HubName name) {
        return root.resolve(name.folder());
    }

    Path snapshot(HubName name, String commit) {
        return folder(name).resolve("snapshots").resolve(commit);
    }

    Path blob(HubName name, String etag) {
        return folder(name).resolve("blobs").resolve(etag);
    }

    /// Keeps other processes of this program from fetching the same content. (The Python libraries lock in another way that
    /// Java does not know; both check hashes.)
    ProcessLock lock(HubName name, String etag) {
        return ProcessLock.take(root.resolve(".locks").resolve(name.folder()).resolve(etag + ".lock"));
    }

    /// The commit that a revision stood for when it was asked last.
    Optional<String> commit(HubName name) {
        if (name.isCommit()) {
            return Optional.of(name.revision());
        }
        Path ref = folder(name).resolve("refs").resolve(name.revision());
        try {
            return Files.isRegularFile(ref) ? Optional.of(Files.readString(ref).strip()).filter(HubName::isCommit) : Optional.empty();
        } catch (IOException unreadable) {
            throw new CheckpointException(ref + ": cannot be read: " + Said.reason(unreadable), unreadable);
        }
    }

    /// Notes what commit a revision stands for.
    void note(HubName name, String commit) throws IOException {
        if (!name.isCommit()) {
            Path ref = folder(name).resolve("refs").resolve(name.revision());
            Files.createDirectories(ref.getParent());
            DurableFiles.write(ref, channel -> channel.write(ByteBuffer.wrap(commit.getBytes(StandardCharsets.UTF_8))));
        }
    }

    /// Whether a snapshot has all that a model needs: its configuration, all weights, and a tokenizer.
    static boolean complete(Path snapshot) {
        boolean described = Files.exists(snapshot.resolve(HubFiles.CONFIG)) || Files.exists(snapshot.resolve(HubFiles.ADAPTER_CONFIG));
        boolean spelled = HubFiles.TOKENIZERS.stream().anyMatch(name -> Files.exists(snapshot.resolve(name)));
        return described && (weighted(snapshot) && spelled || Files.exists(snapshot.resolve(HubFiles.ADAPTER)));
    }

    /// Whether all weights are there.
    static boolean weighted(Path snapshot) {
        if (Files.exists(snapshot.resolve(HubFiles.WEIGHTS))) {
            return true;
        }
        Path index = snapshot.resolve(ShardIndex.NAME);
        return Files.exists(index) && ShardIndex.read(index).shards().stream().allMatch(shard -> Files.exists(snapshot.resolve(shard)));
    }

    /// Lets a snapshot's file be a blob: by a relative link, or, on a system that lets users make none, as the file itself.
    void link(HubName name, String commit, String file, String etag) throws IOException {
        Path pointer = snapshot(name, commit).resolve(file);
        Path blob = blob(name, etag);
        if (Files.exists(pointer)) {
            return;
        }
        Path folder = Objects.requireNonNull(pointer.getParent());
        Files.createDirectories(folder);
        Files.deleteIfExists(pointer); // a link to a blob that somebody deleted
        try {
            Files.createSymbolicLink(pointer, folder.relativize(blob));
        } catch (IOException | UnsupportedOperationException noLinks) {
            if (!Files.exists(pointer, LinkOption.NOFOLLOW_LINKS)) {
                Files.copy(blob, pointer, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    /// Every snapshot of every model, in the order of their names.
    List<Hub.Kept> list() {
        List<Hub.Kept> kept = new ArrayList<>();
        for (Path model : below(root)) {
            String folder = model.getFileName().toString();
            if (folder.startsWith("models--")) {
                String repository = folder.substring("models--".length()).replaceFirst("--", "/");
                for (Path snapshot : below(model.resolve("snapshots"))) {
                    String commit = snapshot.getFileName().toString();
                    kept.add(new Hub.Kept(repository, commit, revisions(model.resolve("refs"), commit), complete(snapshot), bytes(snapshot), snapshot));
                }
            }
        }
        return kept;
    }

    private static List<String> revisions(Path refs, String commit) {
        List<String> names = new ArrayList<>();
        for (Path ref : deep(refs)) {
            try {
                if (Files.size(ref) < 100 && Files.readString(ref).strip().equals(commit)) {
                    names.add(refs.relativize(ref).toString().replace('\\', '/'));
                }
            } catch (IOException unreadable) {
                // then it names nothing
            }
        }
        return names;
    }

    private static long bytes(Path snapshot) {
        long bytes = 0;
        for (Path file : deep(snapshot)) {
            try {
                bytes += Files.size(file);
            } catch (IOException dangling) {
                // a link without its blob takes no room
            }
        }
        return bytes;
    }

    private static List<Path> below(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(folder)) {
            return list.filter(Files::isDirectory).sorted().toList();
        } catch (IOException unreadable) {
            throw new CheckpointException(folder + ": cannot be listed: " + Said.reason(unreadable), unreadable);
        }
    }

    private static List<Path> deep(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException unreadable) {
            throw new CheckpointException(folder + ": cannot be listed: " + Said.reason(unreadable), unreadable);
        }
    }
}
