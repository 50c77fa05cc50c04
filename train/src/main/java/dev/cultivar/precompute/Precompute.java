package dev.cultivar.precompute;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.PictureFacts;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.loop.Entrance;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Model;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/// Lets batches enter a model above its frozen layers: what those make of a row is found in a store, or computed and put there.
///
/// Nothing is computed ahead: a row is looked for when a batch has it, so that a run pays for the rows that it sees, once, and one that
/// was killed finds what it had. Without a store every row is computed again, in the same canonical batches, to the same bits.
public final class Precompute implements Entrance, AutoCloseable {
    private final Settings settings;
    private final Optional<FrozenStore> store;
    private final Notices notices;
    private final Set<Integer> alone = ConcurrentHashMap.newKeySet();
    private @Nullable Phase phase;

    /// What is frozen, and how it is computed.
    ///
    /// @param model    whose layers are frozen
    /// @param inputs   the fields that its backbone reads of a row
    /// @param pictures what rows are, where they are pictures
    /// @param cuts     by phase of the strategy: the last layer of the frozen ones, 0 for the embeddings, -1 where none is
    /// @param form     what is kept of the last layer; of a lower one every state is
    /// @param rounded  whether values are kept in bfloat16 whatever the arithmetic
    /// @param threads  of each operator
    /// @param facts    all else that bits depend on: versions, processor, tokenizer
    public record Settings(
            Model model, List<String> inputs, PictureFacts pictures, List<Integer> cuts, Form form, boolean rounded, int threads, List<String> facts) {
        public Settings {
            inputs = List.copyOf(inputs);
            cuts = List.copyOf(cuts);
            facts = List.copyOf(facts);
        }
    }

    /// Collects what there is to tell, from any thread.
    public static final class Notices {
        private final List<Entrance.News> lines = new ArrayList<>();

        public synchronized void add(String text, boolean aside) {
            lines.add(new Entrance.News("precompute", text, aside));
        }

        /// What was collected; it is told once.
        public synchronized List<Entrance.News> take() {
            List<Entrance.News> taken = List.copyOf(lines);
            lines.clear();
            return taken;
        }
    }

    /// @param store where values are kept; empty where all are computed again
    /// @param notices that the store may add to
    public Precompute(Settings settings, Optional<FrozenStore> store, Notices notices) {
        this.settings = settings;
        this.store = store;
        this.notices = notices;
    }

    /// What holds while the strategy is in one phase.
    ///
    /// @param prefix all that values depend on besides the row
    /// @param width  C
    private record Phase(FrozenLayers layers, int cut, Form form, Key prefix, ScalarType storage, Probing.Given given, int width) {}

    @Override
    public void enter(int now) {
        store.ifPresent(FrozenStore::forgetUses);
        int cut = settings.cuts().get(now);
        phase = cut < 0 ? null : phase(cut);
    }

    private Phase phase(int cut) {
        Model model = settings.model();
        Form form = cut == model.backbone().layers() ? settings.form() : Form.STATES;
        Probing.Given given = Probing.given(model.backbone(), settings.inputs(), settings.pictures(), cut);
        ScalarType arithmetic = given.type();
        ScalarType storage = settings.rounded() ? ScalarType.BFloat16 : arithmetic;
        return new Phase(
                new FrozenLayers(model.backbone(), cut, form, storage, settings.threads()),
                cut,
                form,
                prefix(cut, form, arithmetic, storage),
                storage,
                given,
                model.backbone().width());
    }

    private Key prefix(int cut, Form form, ScalarType arithmetic, ScalarType storage) {
        Model model = settings.model();
        Key.Digest digest = Key.digest().add(cut).add(form.name()).add(arithmetic.name()).add(storage.name()).add(settings.threads());
        digest.add(JsonFiles.line(new TreeMap<>(model.backbone().config())));
        settings.facts().forEach(digest::add);
        try (var scope = Scope.open()) {
            for (String name : model.weights().names()) {
                int depth = model.backbone().depth(name);
                if (depth >= 0 && depth <= cut) {
                    digest.add(name);
                    for (long size : model.weights().shape(name)) {
                        digest.add(size);
                    }
                    digest.add(Tensors.bytes(model.weights().master(name).contiguous()));
                }
            }
        }
        return digest.key();
    }

    @Override
    public Inputs inputs(Batch batch) {
        Phase now = phase;
        return now == null ? Inputs.of(batch) : inputs(batch, now);
    }

    private Inputs inputs(Batch batch, Phase now) {
        List<Row> rows = Row.of(batch, settings.inputs());
        long[] shape = settings.pictures().none()
                ? now.form().shape(rows.size(), (int) batch.ints(settings.inputs().getFirst()).shape()[1], now.width())
                : Row.shape(rows.size(), now.given().shape());
        Tensor states = torch.zeros(shape, new TensorOptions(now.storage())); // padding is 0
        MemorySegment bytes = Tensors.bytes(states);
        long each = bytes.byteSize() / rows.size();
        long vector = now.width() * states.element_size();
        Map<Key, Wanted> missing = new LinkedHashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            int width = now.layers().width(row);
            int height = height(now, width, row);
            MemorySegment place = bytes.asSlice(i * each, row.isPicture() ? each : vector * now.form().tokens(row.length()));
            Key key = row.key(now.prefix(), width, height);
            if (store.isEmpty() || missing.containsKey(key) || !store.get().read(key, place)) {
                missing.computeIfAbsent(key, none -> new Wanted(key, row, width, height, new ArrayList<>())).places().add(place);
            }
        }
        if (!missing.isEmpty()) {
            compute(now, new ArrayList<>(missing.values()));
        }
        // Above the layers nothing but the vector is left to read.
        int cut = now.form() == Form.MEAN ? settings.model().backbone().layers() + 1 : now.cut();
        return Inputs.of(batch).from(new Inputs.Start(cut, states.to(now.given().type())));
    }

    private int height(Phase now, int width, Row row) {
        int height = now.layers().height(width, row);
        if (height == 1 && alone.add(width)) {
            notices.add((row.isPicture() ? "pictures" : "rows of " + width + " tokens, with padding,") + " are computed one at a time: here the place of one among others moves its bits", true);
        }
        return height;
    }

    /// Values that are not there yet, and where they are wanted: more than one place where a batch has equal rows, as filler is.
    private record Wanted(Key key, Row row, int width, int height, List<MemorySegment> places) {
        boolean filled(FrozenStore store) {
            return store.read(key, places.getFirst());
        }

        void spread() {
            places.subList(1, places.size()).forEach(place -> place.copyFrom(places.getFirst()));
        }
    }

    /// One thread at a time computes, and first looks what another thread or process has done meanwhile.
    private synchronized void compute(Phase now, List<Wanted> missing) {
        store.ifPresent(FrozenStore::refresh);
        List<Wanted> left = missing.stream().filter(wanted -> store.isEmpty() || !wanted.filled(store.get())).toList();
        Map<Integer, List<Wanted>> byWidth = new TreeMap<>();
        left.forEach(wanted -> byWidth.computeIfAbsent(wanted.width(), width -> new ArrayList<>()).add(wanted));
        byWidth.forEach((width, some) -> {
            List<FrozenStore.Entry> entries = new ArrayList<>();
            now.layers().compute(some.stream().map(Wanted::row).toList(), width, some.getFirst().height(), (i, values) -> {
                MemorySegment place = some.get(i).places().getFirst();
                place.copyFrom(values);
                entries.add(new FrozenStore.Entry(some.get(i).key(), place));
            });
            store.ifPresent(kept -> kept.add(entries));
        });
        missing.forEach(Wanted::spread);
    }

    @Override
    public List<Entrance.News> news() {
        return notices.take();
    }

    @Override
    public void close() {
        store.ifPresent(FrozenStore::close);
    }
}
