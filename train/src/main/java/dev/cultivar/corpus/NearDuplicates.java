package dev.cultivar.corpus;

import dev.cultivar.batch.Draw;
import dev.cultivar.recipe.CorpusRecipe.Step;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Finds documents that are nearly equal to an earlier one that was kept, without comparing all with all: signatures are cut into
/// bands, and only documents that share a whole band are compared (Leskovec, Rajaraman and Ullman, "Mining of Massive
/// Datasets", section 3.4).
///
/// With 20 bands of 6 rows a pair of similarity 0.8 is found with chance 0.998, one of 0.9 always; what decides is the share of
/// equal places of the signature, whose standard error at 0.8 is 0.037. Memory lies outside the heap, for each kept document
/// two bytes a place of the signature and 11 to 22 a band: some 600 bytes with the defaults.
final class NearDuplicates implements Filter {
    private static final int CHUNK = 1 << 12;
    private static final int MOST_COMPARED = 256; // of one band, so that boilerplate shared by all costs no square of all

    private final Step.NearDuplicates step;
    private final MinHash minHash;
    private final Arena arena = Arena.ofShared();
    private final List<MemorySegment> signatures = new ArrayList<>();
    private int kept;
    private Table table = new Table(1 << 12);

    NearDuplicates(Step.NearDuplicates step) {
        this.step = step;
        this.minHash = new MinHash(step.bands() * step.rows(), step.seed());
    }

    @Override
    public boolean isStateless() {
        return false;
    }

    @Override
    public Supplier<String> look(Document document) {
        long[] shingles = WordHashes.shingles(WordHashes.words(document.text()), step.words());
        if (shingles.length == 0) {
            return () -> "";
        }
        short[] signature = minHash.signature(shingles);
        int[] keys = keys(signature);
        return () -> isDuplicate(signature, keys) ? "similar to an earlier one" : keep(signature, keys);
    }

    private int[] keys(short[] signature) {
        int[] keys = new int[step.bands()];
        for (int band = 0; band < keys.length; band++) {
            long key = band;
            for (int row = 0; row < step.rows(); row++) {
                key = Draw.mix(key * 31 + signature[band * step.rows() + row]);
            }
            keys[band] = (int) (key >>> 32);
        }
        return keys;
    }

    private boolean isDuplicate(short[] signature, int[] keys) {
        for (int key : keys) {
            int compared = 0;
            for (long at = table.first(key); table.value(at) != 0 && compared < MOST_COMPARED; at = table.next(at)) {
                if (table.key(at) == key) {
                    compared++;
                    if (MinHash.similarity(signature, signature(table.value(at) - 1)) >= step.threshold()) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private String keep(short[] signature, int[] keys) {
        if (kept % CHUNK == 0) {
            signatures.add(arena.allocate(2L * signature.length * CHUNK, 8));
        }
        MemorySegment.copy(signature, 0, signatures.getLast(), ValueLayout.JAVA_SHORT, 2L * signature.length * (kept % CHUNK), signature.length);
        kept++;
        if ((long) kept * keys.length > table.slots / 2) {
            table = table.doubled();
        }
        for (int key : keys) {
            table.put(key, kept);
        }
        return "";
    }

    private short[] signature(int document) {
        short[] signature = new short[step.bands() * step.rows()];
        MemorySegment.copy(signatures.get(document / CHUNK), ValueLayout.JAVA_SHORT, 2L * signature.length * (document % CHUNK), signature, 0, signature.length);
        return signature;
    }

    @Override
    public void close() {
        table.arena.close();
        arena.close();
    }

    /// Documents by band: linear probing, one slot of eight bytes for each document and band; one key may have many.
    private static final class Table {
        private final Arena arena = Arena.ofShared();
        private final long slots;
        private final MemorySegment memory;

        Table(long slots) {
            this.slots = slots;
            this.memory = arena.allocate(8 * slots, 8);
        }

        long first(int key) {
            return Draw.mix(key) & (slots - 1);
        }

        long next(long at) {
            return at + 1 & (slots - 1);
        }

        int key(long at) {
            return memory.get(ValueLayout.JAVA_INT, 8 * at);
        }

        /// 0 where the slot is free.
        int value(long at) {
            return memory.get(ValueLayout.JAVA_INT, 8 * at + 4);
        }

        void put(int key, int value) {
            long at = first(key);
            while (value(at) != 0) {
                at = next(at);
            }
            memory.set(ValueLayout.JAVA_INT, 8 * at, key);
            memory.set(ValueLayout.JAVA_INT, 8 * at + 4, value);
        }

        Table doubled() {
            Table doubled = new Table(2 * slots);
            // From a free slot on, so that the values of a key keep their order.
            long start = 0;
            while (value(start) != 0) {
                start++;
            }
            for (long i = 0; i < slots; i++) {
                long at = start + i & (slots - 1);
                if (value(at) != 0) {
                    doubled.put(key(at), value(at));
                }
            }
            arena.close();
            return doubled;
        }
    }
}
