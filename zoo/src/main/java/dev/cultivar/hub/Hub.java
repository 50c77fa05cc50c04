package dev.cultivar.hub;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.format.Said;
import dev.cultivar.format.ShardIndex;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A hub of models, such as Hugging Face's: finds a model in the cache on disk, or fetches what of it is needed.
///
/// The cache is the Python libraries' own, so what one has fetched the other has. A model that lies there whole is used without
/// asking whether the hub has a newer one; [#fetch] asks.
public final class Hub {
    private static final int LARGEST_ANSWER_BYTES = 32_000_000;
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private final HubSettings settings;
    private final HubCache cache;
    private final Listener listener;
    private final Retries retries;
    private final Duration silence;

    /// Hears how far a transfer is.
    @FunctionalInterface
    public interface Listener {
        Listener NONE = (file, bytes, of) -> {};

        /// @param file  that is being fetched
        /// @param bytes of it that have come
        /// @param of    how many
        void came(String file, long bytes, long of);
    }

    /// A model that lies in the cache.
    ///
    /// @param repository `org/name`
    /// @param revisions  branches and tags that stood for this commit when they were asked for
    /// @param complete   whether it can be opened without the network
    /// @param bytes      of the files that are there
    public record Kept(String repository, String commit, List<String> revisions, boolean complete, long bytes, Path folder) {}

    public Hub(HubSettings settings, Listener listener) {
        this(settings, listener, Thread::sleep, SILENCE);
    }

    Hub(HubSettings settings, Listener listener, Retries.Pause pause, Duration silence) {
        this.settings = settings;
        this.cache = new HubCache(settings.cache());
        this.listener = listener;
        this.retries = new Retries(pause);
        this.silence = silence;
    }

    /// The model's folder in the cache, fetched first where the cache lacks some of it.
    public Path find(HubName name) {
        Optional<Path> kept = cache.commit(name).map(commit -> cache.snapshot(name, commit)).filter(HubCache::complete);
        if (kept.isPresent()) {
            return kept.get();
        }
        // Offline, weights and a configuration do; whoever needs a tokenizer says so.
        return settings.offline()
                ? cache.commit(name).map(commit -> cache.snapshot(name, commit)).filter(HubCache::weighted).orElseThrow(() -> offline(name))
                : fetch(name);
    }

    private CheckpointException offline(HubName name) {
        return new CheckpointException(name + ": is not in the cache " + settings.cache() + ", or not all of it, and HF_HUB_OFFLINE forbids"
                + " to ask the hub. Unset it, or copy " + cache.folder(name) + " from a machine that has it.");
    }

    /// Asks the hub what the revision stands for now, and fetches what the cache lacks of it.
    public Path fetch(HubName name) {
        if (settings.offline()) {
            throw new CheckpointException(name + ": HF_HUB_OFFLINE forbids to ask the hub; unset it to fetch a model");
        }
        try (var requests = new HubRequests(settings, silence)) {
            Listing listing = list(requests, name);
            fetch(requests, name, listing.commit(), HubFiles.needed(name, listing.files()));
            Path snapshot = cache.snapshot(name, listing.commit());
            Path index = snapshot.resolve(ShardIndex.NAME);
            if (Files.exists(index) && !Files.exists(snapshot.resolve(HubFiles.WEIGHTS))) {
                fetch(requests, name, listing.commit(), List.copyOf(ShardIndex.read(index).shards()));
            }
            cache.note(name, listing.commit());
            return snapshot;
        } catch (IOException failure) {
            throw new CheckpointException(name + ": cannot be kept in the cache " + settings.cache() + ": " + Said.reason(failure)
                    + ". HF_HUB_CACHE names another folder.", failure);
        }
    }

    private void fetch(HubRequests requests, HubName name, String commit, List<String> names) throws IOException {
        List<HubFile> files = new ArrayList<>();
        for (String file : names) {
            files.add(HubFile.ask(requests, retries, name, commit, file));
        }
        long missing = files.stream().mapToLong(file -> file.missing(cache)).sum();
        Files.createDirectories(settings.cache());
        if (missing > Files.getFileStore(settings.cache()).getUsableSpace()) {
            throw new CheckpointException(name + ": needs " + Said.bytes(missing) + " in " + settings.cache() + ", and the disk has "
                    + Said.free(settings.cache()) + "; free some space, or name another folder with HF_HUB_CACHE");
        }
        for (HubFile file : files) {
            file.fetch(cache, requests, retries, listener);
        }
    }

    /// What a revision stands for.
    private record Listing(String commit, List<String> files) {}

    private Listing list(HubRequests requests, HubName name) {
        String path = "api/models/" + name.repository() + "/revision/" + URLEncoder.encode(name.revision(), StandardCharsets.UTF_8);
        String text = retries.run(name.toString(), () -> 0, () -> {
            try (var answer = requests.get(name, "revision " + name.revision(), requests.address(path), 0)) {
                return new String(answer.body().readNBytes(LARGEST_ANSWER_BYTES), StandardCharsets.UTF_8);
            }
        });
        Map<String, @Nullable Object> said = JsonFiles.parse(text, settings.endpoint() + "/" + path);
        List<String> files = new ArrayList<>();
        if (said.get("siblings") instanceof List<?> siblings) {
            for (Object sibling : siblings) {
                if (sibling instanceof Map<?, ?> file && file.get("rfilename") instanceof String named) {
                    files.add(named);
                }
            }
        }
        if (!(said.get("sha") instanceof String commit) || !HubName.isCommit(commit)) {
            throw new CheckpointException(name + ": the hub does not say which commit it is; check HF_ENDPOINT (" + settings.endpoint() + ")");
        }
        return new Listing(commit, files);
    }

    /// What lies in the cache.
    public List<Kept> kept() {
        return cache.list();
    }
}
