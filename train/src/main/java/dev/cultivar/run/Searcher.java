package dev.cultivar.run;

import dev.cultivar.batch.DataException;
import dev.cultivar.data.Example;
import dev.cultivar.data.Examples;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.nn.Backbones;
import dev.cultivar.predict.ModelFingerprint;
import dev.cultivar.predict.VectorIndex;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Finds the texts or pictures that lie nearest to another one, by the vectors of a model: of any encoder of texts, or any backbone of pictures.
public final class Searcher implements AutoCloseable {
    private static final int MOST_TOLD = 10;
    private static final String AMONG = "among";
    private static final String ENTRIES = "entries";
    private static final String LEFT_OUT = "left_out";

    private final SearchModel model;
    private final String fingerprint;

    private Searcher(SearchModel model, String fingerprint) {
        this.model = model;
        this.fingerprint = fingerprint;
    }

    /// Hears how many entries have got their vector.
    @FunctionalInterface
    public interface Listener {
        void came(long done, long of);
    }

    /// Where an index came from.
    public enum Origin {
        /// Its vectors were computed.
        BUILT,
        /// The file had them.
        REUSED,
        /// The file had those of what was there before, and was replaced.
        REBUILT
    }

    /// An index that can be searched.
    ///
    /// @param leftOut how many entries could not be read
    /// @param unread  why, of those that were left out now
    public record Ready(VectorIndex index, Origin origin, int leftOut, List<String> unread) implements AutoCloseable {
        @Override
        public void close() {
            index.close();
        }
    }

    /// An entry that was found.
    ///
    /// @param row  its number in what is searched
    /// @param text the row's text, or the picture's file
    public record Found(long row, String text, float similarity) {}

    /// @param run    a run folder, a checkpoint or a Hugging Face folder
    /// @param custom backbones that an extension builds
    public static Searcher open(String run, Backbones.Custom custom) {
        SearchModel model = SearchModel.open(run, custom);
        try {
            return new Searcher(model, ModelFingerprint.of(run));
        } catch (RuntimeException problem) {
            model.close();
            throw problem;
        }
    }

    /// Whether a row's text is the name of a picture's file.
    public boolean readsPictures() {
        return model.readsPictures();
    }

    /// The vectors of what is searched: out of a file that holds those of these entries, else computed, and then kept in the file.
    ///
    /// A file that is of another model, of entries that lie elsewhere, or no index at all is refused and stays as it is. One of entries that lay in the same
    /// place and have changed since is replaced.
    ///
    /// @param leaveOut whether entries that cannot be read are left out; else they are refused, all at once
    /// @throws DataException       that lists what cannot be read
    /// @throws CheckpointException where the file must not be used
    public Ready index(Examples among, Optional<Path> file, boolean leaveOut, Listener listener) {
        var facts = Map.of(AMONG, Path.of(among.name()).toAbsolutePath().normalize().toString(), ENTRIES, among.fingerprint());
        Origin origin = Origin.BUILT;
        if (file.isPresent() && Files.exists(file.get())) {
            VectorIndex kept = VectorIndex.open(file.get(), fingerprint);
            if (fits(kept, facts, leaveOut, file.get())) {
                return new Ready(kept, Origin.REUSED, leftOut(kept), List.of());
            }
            kept.close();
            origin = Origin.REBUILT;
        }
        List<String> unread = new ArrayList<>();
        VectorIndex built = build(among, facts, leaveOut, listener, unread);
        try {
            file.ifPresent(built::save);
            return new Ready(built, origin, unread.size(), List.copyOf(unread.subList(0, Math.min(MOST_TOLD, unread.size()))));
        } catch (RuntimeException problem) {
            built.close();
            throw problem;
        }
    }

    /// Whether an index that was kept can be searched; one that must not be replaced is refused.
    private static boolean fits(VectorIndex kept, Map<String, String> facts, boolean leaveOut, Path file) {
        boolean same = Objects.equals(kept.facts().get(ENTRIES), facts.get(ENTRIES));
        if (!same && !Objects.equals(kept.facts().get(AMONG), facts.get(AMONG))) {
            String of = kept.facts().getOrDefault(AMONG, "what it does not say");
            kept.close();
            throw new CheckpointException(file + ": is an index of " + of + ", expected one of " + facts.get(AMONG) + "; name another file, or remove this one");
        }
        return same && (leaveOut || leftOut(kept) == 0);
    }

    private static int leftOut(VectorIndex index) {
        return Integer.parseInt(index.facts().getOrDefault(LEFT_OUT, "0"));
    }

    private VectorIndex build(Examples among, Map<String, String> facts, boolean leaveOut, Listener listener, List<String> unread) {
        long[] counts = new long[2]; // all rows, those that are done
        among.each(_ -> counts[0]++);
        VectorIndex.Builder vectors = VectorIndex.of(fingerprint, model.width());
        List<Example> waiting = new ArrayList<>();
        Runnable flush = () -> {
            // Once all is going to be refused, the rest is only looked at.
            List<float[]> computed = model.vectors(waiting, among, leaveOut || unread.isEmpty(), unread);
            for (int i = 0; i < computed.size(); i++) {
                if (computed.get(i).length > 0) {
                    vectors.add(Long.toString(waiting.get(i).row()), computed.get(i));
                }
            }
            counts[1] += waiting.size();
            waiting.clear();
            listener.came(counts[1], counts[0]);
        };
        among.each(row -> {
            waiting.add(row);
            if (waiting.size() == model.atOnce()) {
                flush.run();
            }
        });
        if (!waiting.isEmpty()) {
            flush.run();
        }
        if (!unread.isEmpty() && (!leaveOut || unread.size() == counts[0])) {
            throw unreadable(among, unread, counts[0]);
        }
        Map<String, String> all = new HashMap<>(facts);
        all.put(LEFT_OUT, Integer.toString(unread.size()));
        return vectors.build(all);
    }

    private DataException unreadable(Examples among, List<String> unread, long all) {
        return new DataException(among.name() + ": " + unread.size() + " of " + all + (readsPictures() ? " pictures" : " rows") + " cannot be read:\n  "
                + String.join("\n  ", unread.subList(0, Math.min(MOST_TOLD, unread.size())))
                + (unread.size() > MOST_TOLD ? "\n  and " + (unread.size() - MOST_TOLD) + " more" : "")
                + (unread.size() == all ? "\nThere is nothing to search." : "\nMend or remove them, or search among the others with --leave-out."));
    }

    /// The nearest entries to each query, nearest first.
    ///
    /// @param queries texts, or pictures' files
    /// @param among   what was indexed; it is read once more for the texts of what was found
    public List<List<Found>> search(List<String> queries, VectorIndex index, Examples among, int count) {
        List<List<VectorIndex.Hit>> hits = index.nearest(queries.stream().map(model::asked).toList(), count);
        Map<Long, String> texts = new HashMap<>();
        hits.forEach(each -> each.forEach(hit -> texts.put(row(hit), "")));
        among.each(row -> texts.computeIfPresent(row.row(), (_, _) -> row.text()));
        return hits.stream()
                .map(each -> each.stream().map(hit -> new Found(row(hit), Objects.requireNonNull(texts.get(row(hit))), hit.similarity())).toList())
                .toList();
    }

    private static long row(VectorIndex.Hit hit) {
        return Long.parseLong(hit.id());
    }

    @Override
    public void close() {
        model.close();
    }
}
