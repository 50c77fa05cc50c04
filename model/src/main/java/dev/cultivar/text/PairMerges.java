package dev.cultivar.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Learns pieces from counted words: starting from single characters or bytes, joins the pair of neighbours seen most often,
/// again and again (byte-pair encoding: Sennrich et al., 2016, algorithm 1).
///
/// Counts are kept up to date where a merge changes them instead of being taken anew, and the queue is corrected lazily: an
/// entry whose count is out of date goes back with the right one.
///
/// Two habits of the tokenizers library decide ties later on and are kept: the count of a merged pair stays what it was, and
/// the same two pieces may meet again (`ab c` and `a bc` both give `abc`), which adds to it; a pair that is merged a second time
/// has the later place among the merges.
final class PairMerges {
    private final String inside;
    private final List<String> pieces = new ArrayList<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final LinkedHashSet<Long> merges = new LinkedHashSet<>();

    private int[] symbols = new int[1 << 12]; // of all words, one after the other
    private int[] starts = new int[1 << 9];
    private int[] lengths = new int[1 << 9];
    private long[] counts = new long[1 << 9];
    private int words;

    private final Pairs pairs = new Pairs();
    private final List<Pair> touched = new ArrayList<>();
    private final PriorityQueue<Entry> queue;
    private long entries;

    /// @param first  the pieces that come first: special ones, then the alphabet
    /// @param inside what a piece inside a word begins with; empty where pieces do not tell
    PairMerges(List<String> first, String inside, Ties ties) {
        this.inside = inside;
        this.queue = new PriorityQueue<>(Entry.order(order(ties)));
        first.forEach(this::piece);
    }

    private Comparator<Pair> order(Ties ties) {
        return switch (ties) {
            case IDS -> (a, b) -> a.left != b.left ? Integer.compare(a.left, b.left) : Integer.compare(a.right, b.right);
            case TEXT -> (a, b) -> {
                int left = ByteAlphabet.compare(pieces.get(b.left), pieces.get(a.left));
                return left != 0 ? left : ByteAlphabet.compare(pieces.get(b.right), pieces.get(a.right));
            };
        };
    }

    /// The piece's id; a new piece gets the next one.
    private int piece(String text) {
        var known = ids.putIfAbsent(text, pieces.size());
        if (known != null) {
            return known;
        }
        pieces.add(text);
        return pieces.size() - 1;
    }

    /// @return -1 if there is no such piece
    int id(String piece) {
        return ids.getOrDefault(piece, -1);
    }

    String piece(int id) {
        return pieces.get(id);
    }

    /// @param spelled pieces' ids; the first `length` count
    void word(int[] spelled, int length, long count) {
        int start = words == 0 ? 0 : starts[words - 1] + lengths[words - 1];
        int end = Math.addExact(start, length);
        if (end > symbols.length) {
            symbols = Arrays.copyOf(symbols, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(end, 2L * symbols.length)));
        }
        if (words == starts.length) {
            starts = Arrays.copyOf(starts, 2 * words);
            lengths = Arrays.copyOf(lengths, 2 * words);
            counts = Arrays.copyOf(counts, 2 * words);
        }
        System.arraycopy(spelled, 0, symbols, start, length);
        starts[words] = start;
        lengths[words] = length;
        counts[words] = count;
        words++;
    }

    /// Merges until there are `vocabulary` pieces or no pair is seen `minFrequency` times.
    ///
    /// @return the pieces in the order of their ids
    List<String> learn(int vocabulary, int minFrequency) {
        for (int word = 0; word < words; word++) {
            for (int i = starts[word]; i + 1 < starts[word] + lengths[word]; i++) {
                change(symbols[i], symbols[i + 1], counts[word], word);
            }
        }
        enqueue();
        while (pieces.size() < vocabulary) {
            var top = queue.poll();
            if (top == null) {
                break;
            }
            if (top.count != top.pair.count) {
                queue.add(new Entry(top.pair, top.pair.count, top.where, top.age));
                continue;
            }
            if (top.count < Math.max(1, minFrequency)) {
                break;
            }
            merge(top);
            enqueue();
        }
        return List.copyOf(pieces);
    }

    /// The pairs that were merged, the first one first.
    List<String> merges() {
        return merges.stream().map(key -> pieces.get((int) (key >>> 32)) + " " + pieces.get((int) (long) key)).toList();
    }

    private void merge(Entry top) {
        var pair = top.pair;
        int merged = piece(pieces.get(pair.left) + pieces.get(pair.right).substring(inside.length()));
        long key = pair.key();
        merges.remove(key);
        merges.add(key);
        for (int word : top.where) {
            merge(word, pair, merged);
        }
    }

    /// Joins the pair wherever it stands in the word, left to right, and tells its neighbours' counts.
    private void merge(int word, Pair pair, int merged) {
        int start = starts[word];
        int end = start + lengths[word];
        long count = counts[word];
        int to = start;
        for (int i = start; i < end; i++) {
            if (symbols[i] != pair.left || i + 1 == end || symbols[i + 1] != pair.right) {
                symbols[to++] = symbols[i];
                continue;
            }
            if (to > start) {
                change(symbols[to - 1], pair.left, -count, word);
                change(symbols[to - 1], merged, count, word);
            }
            if (i + 2 < end) {
                change(pair.right, symbols[i + 2], -count, word);
                change(merged, symbols[i + 2], count, word);
            }
            symbols[to++] = merged;
            i++;
        }
        lengths[word] = to - start;
    }

    private void change(int left, int right, long by, int word) {
        var pair = pairs.of(left, right);
        pair.count += by;
        if (by > 0) {
            if (pair.fresh == 0) {
                touched.add(pair);
            }
            pair.add(word);
        }
    }

    /// Pairs that have come up in new places since the last call join the queue, each with those places.
    private void enqueue() {
        for (var pair : touched) {
            var where = pair.takeFresh();
            if (pair.count > 0) {
                queue.add(new Entry(pair, pair.count, where, entries++));
            }
        }
        touched.clear();
    }

    /// Two neighbours, how often they were seen side by side, and where they have come up of late.
    static final class Pair {
        private static final int[] NONE = {};

        final int left;
        final int right;
        private long count;
        private int[] where = NONE; // words, each once
        private int fresh;

        private Pair(int left, int right) {
            this.left = left;
            this.right = right;
        }

        private long key() {
            return (long) left << 32 | right;
        }

        /// Words arrive in runs, so looking at the last one is enough.
        private void add(int word) {
            if (fresh > 0 && where[fresh - 1] == word) {
                return;
            }
            if (fresh == where.length) {
                where = Arrays.copyOf(where, Math.max(2, 2 * fresh));
            }
            where[fresh++] = word;
        }

        private int[] takeFresh() {
            var taken = fresh == where.length ? where : Arrays.copyOf(where, fresh);
            where = NONE;
            fresh = 0;
            return taken;
        }
    }

    /// A pair waiting to be merged in some words, with the count that it had when it was put there.
    private record Entry(Pair pair, long count, int[] where, long age) {
        static Comparator<Entry> order(Comparator<Pair> ties) {
            return (a, b) -> {
                int order = Long.compare(b.count, a.count);
                order = order != 0 || a.pair == b.pair ? order : ties.compare(a.pair, b.pair);
                return order != 0 ? order : Long.compare(a.age, b.age);
            };
        }
    }

    /// All pairs that ever were, found by their two ids: a hash table with linear probing, since the general one makes an object
    /// of each key.
    private static final class Pairs {
        private @Nullable Pair[] slots = new Pair[1 << 12];
        private int size;

        Pair of(int left, int right) {
            int mask = slots.length - 1;
            int slot = hash(left, right) & mask;
            for (var pair = slots[slot]; pair != null; pair = slots[slot]) {
                if (pair.left == left && pair.right == right) {
                    return pair;
                }
                slot = slot + 1 & mask;
            }
            var pair = new Pair(left, right);
            slots[slot] = pair;
            if (2 * ++size > slots.length) {
                grow();
            }
            return pair;
        }

        private void grow() {
            var old = slots;
            slots = new Pair[2 * old.length];
            int mask = slots.length - 1;
            for (var pair : old) {
                if (pair != null) {
                    int slot = hash(pair.left, pair.right) & mask;
                    while (slots[slot] != null) {
                        slot = slot + 1 & mask;
                    }
                    slots[slot] = pair;
                }
            }
        }

        private static int hash(int left, int right) {
            long mixed = ((long) left << 32 | right) * 0x9E3779B97F4A7C15L;
            return (int) (mixed >>> 32);
        }
    }
}
