package dev.cultivar.hub;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.DurableFiles;
import dev.cultivar.format.Said;
import dev.cultivar.format.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// One file of a repository, fetched into the cache: gone on with where it was broken off, and believed once size and hash agree.
///
/// @param etag  names the content: its SHA-256 for large files, else git's SHA-1 of it as a blob
/// @param bytes how many it has
record HubFile(HubName name, String commit, String file, URI address, String etag, long bytes) {
    private static final Pattern ETAG = Pattern.compile("[A-Za-z0-9_-]{1,128}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern SHA1 = Pattern.compile("[0-9a-f]{40}");
    private static final int CHUNK_BYTES = 1 << 17;

    /// Asks what a file is.
    static HubFile ask(HubRequests requests, Retries retries, HubName name, String commit, String file) {
        URI address = requests.address(name.repository() + "/resolve/" + commit + "/" + file);
        return retries.run(name + ": " + file, () -> 0, () -> {
            try (var answer = requests.head(name, file, address)) {
                // A large file lies in a storage, and these tell what it is; the plain ones are of the answer itself.
                String etag = answer.header("X-Linked-Etag").or(() -> answer.header("ETag")).orElse("").replaceFirst("^W/", "").replace("\"", "");
                String bytes = answer.header("X-Linked-Size").or(() -> answer.header("Content-Length")).orElse("");
                if (!ETAG.matcher(etag).matches() || !bytes.matches("\\d{1,18}")) {
                    throw new CheckpointException(name + ": the hub does not say what " + file + " is (etag " + Said.name(etag) + ", size "
                            + Said.name(bytes) + "); check HF_ENDPOINT");
                }
                return new HubFile(name, commit, file, address, etag, Long.parseLong(bytes));
            }
        });
    }

    private Path incomplete(HubCache cache) {
        return cache.blob(name, etag + ".incomplete");
    }

    /// How many bytes have to come yet.
    long missing(HubCache cache) {
        try {
            Path part = incomplete(cache);
            return Files.exists(cache.blob(name, etag)) ? 0 : bytes - (Files.exists(part) ? Math.min(bytes, Files.size(part)) : 0);
        } catch (IOException unreadable) {
            return bytes;
        }
    }

    /// Fetches the file where the cache lacks it, and lets the snapshot have it.
    void fetch(HubCache cache, HubRequests requests, Retries retries, Hub.Listener listener) throws IOException {
        Path blob = cache.blob(name, etag);
        Files.createDirectories(blob.getParent());
        try (var lock = cache.lock(name, etag)) {
            if (!Files.exists(blob)) {
                Path part = incomplete(cache);
                boolean resumed = Files.exists(part);
                transfer(requests, retries, part, listener);
                if (!intact(part)) {
                    Files.delete(part);
                    if (resumed) { // its beginning may have been another's
                        transfer(requests, retries, part, listener);
                    }
                    if (!resumed || !intact(part)) {
                        Files.deleteIfExists(part);
                        throw new CheckpointException(name + ": " + file + " came with another content than the hub says it has (" + etag
                                + "), and was thrown away. Try again; where it stays so, something between here and the hub changes files.");
                    }
                }
                DurableFiles.force(part);
                DurableFiles.rename(part, blob);
            }
            cache.link(name, commit, file, etag);
        }
    }

    private void transfer(HubRequests requests, Retries retries, Path part, Hub.Listener listener) {
        retries.run(name + ": " + file, () -> part.toFile().length(), () -> {
            some(requests, part, listener);
            return 0;
        });
    }

    /// Gets the rest of the file, or as much of it as comes.
    private void some(HubRequests requests, Path part, Hub.Listener listener) throws IOException, InterruptedException {
        long have = Files.exists(part) ? Files.size(part) : 0;
        if (have > bytes) {
            Files.delete(part);
            have = 0;
        }
        if (have == bytes && Files.exists(part)) {
            return;
        }
        try (var answer = requests.get(name, file, address, have)) {
            boolean continued = answer.status() == 206;
            if (answer.status() == 416 || continued && !answer.header("Content-Range").orElse("").startsWith("bytes " + have + "-")) {
                Files.delete(part);
                throw new IOException("the hub does not go on at byte " + have);
            }
            long at = continued ? have : 0;
            try (var out = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                out.truncate(at).position(at);
                copy(answer.body(), out, at, listener);
            }
        }
    }

    private void copy(InputStream in, FileChannel out, long from, Hub.Listener listener) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        long at = from;
        listener.came(file, at, bytes);
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
            at += read;
            if (at > bytes) {
                throw new CheckpointException(name + ": " + file + " has more than the " + bytes + " bytes that the hub says; try again");
            }
            for (ByteBuffer buffer = ByteBuffer.wrap(chunk, 0, read); buffer.hasRemaining();) {
                out.write(buffer);
            }
            listener.came(file, at, bytes);
        }
        if (at < bytes) {
            throw new IOException("the transfer ended after " + at + " of " + bytes + " bytes");
        }
    }

    private boolean intact(Path part) throws IOException {
        if (Files.size(part) != bytes) {
            return false;
        }
        if (SHA256.matcher(etag).matches()) {
            return Sha256.of(part).equals(etag);
        }
        if (SHA1.matcher(etag).matches()) { // as git hashes a blob
            return gitHash(part).equals(etag);
        }
        return true; // an etag of another hub, which is no hash
    }

    private String gitHash(Path part) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-1", impossible);
        }
        digest.update(("blob " + bytes + "\0").getBytes(StandardCharsets.UTF_8));
        digest.update(Files.readAllBytes(part)); // what is no large file is small
        return HexFormat.of().formatHex(digest.digest());
    }
}
