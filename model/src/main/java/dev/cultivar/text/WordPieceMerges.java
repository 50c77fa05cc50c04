package dev.cultivar.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeSet;

/// Learns pieces from counted words: starting from single characters, joins the pair of neighbours seen most often, again and
/// again (byte-pair encoding: Sennrich et al., 2016, algorithm 1), a piece inside a word being written with `##` before it.
///
/// Counts are kept up to date where a merge changes them instead of being taken anew, and the queue is corrected lazily: an
/// entry whose count is out of date goes back with the right one.
///
/// The order of merges is the tokenizers library's: the larger count, then the smaller first id, then the smaller second. Two
/// habits of the library decide ties later on and are kept: the count of a merged pair stays what it was, and the same two
/// pieces may meet again (`ab ##c` and `a ##bc` both give `abc`), which adds to it. Only the ids of the `##` characters are
/// ours: there the library follows the order of a hash table, which differs from run to run; here they are sorted.
final class WordPieceMerges {
    private static final String INSIDE = "##";

    private final List<String> pieces;
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<int[]> words = new ArrayList<>();
    private final List<Long> counts = new ArrayList<>();
    private final Map<Long, Pair> pairs = new HashMap<>();
    private final List<Pair> touched = new ArrayList<>();
    private final PriorityQueue<Entry> queue = new PriorityQueue<>(Entry.FIRST);
    private long entries;

    /// @param special    the pieces that come first
    /// @param wordCounts how often each word was seen
    WordPieceMerges(List<String> special, Map<String, long[]> wordCounts) {
        pieces = new ArrayList<>(special);
        for (var piece : special) {
            ids.put(piece, ids.size());
        }
        addAlphabet(wordCounts.keySet());
        wordCounts.forEach((word, count) -> {
            words.add(spell(word));
            counts.add(count[0]);
        });
    }

    /// How many pieces there are; before [#learn], the special ones and the alphabet.
    int size() {
        return pieces.size();
    }

    /// Merges until there are `vocabulary` pieces or no pair is seen `minFrequency` times.
    List<String> learn(int vocabulary, int minFrequency) {
        for (int word = 0; word < words.size(); word++) {
            var spelled = words.get(word);
            for (int i = 0; i + 1 < spelled.length; i++) {
                change(spelled[i], spelled[i + 1], counts.get(word), word);
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
            int merged = piece(pieces.get(top.pair.left) + pieces.get(top.pair.right).substring(INSIDE.length()));
            for (int word : top.where) {
                merge(word, top.pair, merged);
            }
            enqueue();
        }
        return List.copyOf(pieces);
    }

    private void addAlphabet(Iterable<String> seen) {
        var first = new TreeSet<Integer>();
        var inside = new TreeSet<Integer>();
        for (var word : seen) {
            word.codePoints().forEach(first::add);
            word.codePoints().skip(1).forEach(inside::add);
        }
        first.forEach(c -> piece(Character.toString(c)));
        inside.forEach(c -> piece(INSIDE + Character.toString(c)));
    }

    private int[] spell(String word) {
        var characters = word.codePoints().toArray();
        var spelled = new int[characters.length];
        for (int i = 0; i < characters.length; i++) {
            spelled[i] = piece((i == 0 ? "" : INSIDE) + Character.toString(characters[i]));
        }
        return spelled;
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

    /// Joins the pair wherever it stands in the word, left to right, and tells its neighbours' counts.
    private void merge(int word, Pair pair, int merged) {
        var old = words.get(word);
        long count = counts.get(word);
        var joined = new int[old.length];
        int length = 0;
        for (int i = 0; i < old.length; i++) {
            if (old[i] != pair.left || i + 1 == old.length || old[i + 1] != pair.right) {
                joined[length++] = old[i];
                continue;
            }
            if (length > 0) {
                int before = joined[length - 1];
                change(before, pair.left, -count, word);
                change(before, merged, count, word);
            }
            if (i + 2 < old.length) {
                int after = old[i + 2];
                change(pair.right, after, -count, word);
                change(merged, after, count, word);
            }
            joined[length++] = merged;
            i++;
        }
        if (length < old.length) {
            words.set(word, Arrays.copyOf(joined, length));
        }
    }

    private void change(int left, int right, long by, int word) {
        var pair = pairs.computeIfAbsent(((long) left << 32) | right, _ -> new Pair(left, right));
        pair.count += by;
        if (by > 0) {
            if (pair.fresh.isEmpty()) {
                touched.add(pair);
            }
            pair.fresh.add(word);
        }
    }

    /// Pairs that have come up in new places since the last call join the queue, each with those places.
    private void enqueue() {
        for (var pair : touched) {
            if (pair.count > 0) {
                queue.add(new Entry(pair, pair.count, pair.fresh.toArray(), entries++));
            }
            pair.fresh.clear();
        }
        touched.clear();
    }

    /// Two neighbours, and how often they were seen side by side.
    private static final class Pair {
        final int left;
        final int right;
        final Places fresh = new Places();
        long count;

        Pair(int left, int right) {
            this.left = left;
            this.right = right;
        }
    }

    /// Words in which a pair stands, each once; words arrive in runs, so looking at the last one is enough.
    private static final class Places {
        private static final int[] NONE = {};
        private int[] words = NONE;
        private int length;

        boolean isEmpty() {
            return length == 0;
        }

        void add(int word) {
            if (length > 0 && words[length - 1] == word) {
                return;
            }
            if (length == words.length) {
                words = Arrays.copyOf(words, Math.max(2, 2 * length));
            }
            words[length++] = word;
        }

        int[] toArray() {
            return Arrays.copyOf(words, length);
        }

        void clear() {
            words = NONE;
            length = 0;
        }
    }

    /// A pair waiting to be merged in some words, with the count that it had when it was put there.
    private record Entry(Pair pair, long count, int[] where, long age) {
        static final Comparator<Entry> FIRST = (a, b) -> {
            int order = Long.compare(b.count, a.count);
            order = order != 0 ? order : Integer.compare(a.pair.left, b.pair.left);
            order = order != 0 ? order : Integer.compare(a.pair.right, b.pair.right);
            return order != 0 ? order : Long.compare(a.age, b.age);
        };
    }
}
