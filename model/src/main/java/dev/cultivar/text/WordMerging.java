package dev.cultivar.text;

import java.util.Arrays;
import java.util.PriorityQueue;

/// Joins the symbols of one word: always the pair of the lowest rank, of two alike the first one, until no pair is left
/// (Sennrich et al., 2016, algorithm 1, with the merges that it learned). Not for several threads.
final class WordMerging {
    /// From here on a queue finds the next pair faster than a look at all of them.
    private static final int LONG = 64;

    private final MergeRanks merges;
    private int[] symbols = new int[LONG];
    private int[] ranks = new int[LONG]; // of the symbol and the one after it

    // For long words alone: the symbols before and after, by place.
    private int[] before = {};
    private int[] after = {};

    WordMerging(MergeRanks merges) {
        this.merges = merges;
    }

    /// The symbols that the last word has become; the caller may read them until the next one.
    int[] symbols() {
        return symbols;
    }

    /// @return how many symbols are left
    int merge(int[] word, int length) {
        if (symbols.length < length) {
            symbols = new int[length];
            ranks = new int[length];
        }
        System.arraycopy(word, 0, symbols, 0, length);
        for (int i = 0; i + 1 < length; i++) {
            ranks[i] = merges.rank(symbols[i], symbols[i + 1]);
        }
        return length < LONG ? mergeShort(length) : mergeLong(length);
    }

    private int mergeShort(int length) {
        while (true) {
            int lowest = MergeRanks.NEVER;
            int at = -1;
            for (int i = 0; i + 1 < length; i++) {
                if (ranks[i] < lowest) {
                    lowest = ranks[i];
                    at = i;
                }
            }
            if (at < 0) {
                return length;
            }
            symbols[at] = merges.merged(symbols[at], symbols[at + 1]);
            System.arraycopy(symbols, at + 2, symbols, at + 1, length - at - 2);
            System.arraycopy(ranks, at + 2, ranks, at + 1, Math.max(0, length - at - 3));
            length--;
            if (at > 0) {
                ranks[at - 1] = merges.rank(symbols[at - 1], symbols[at]);
            }
            if (at + 1 < length) {
                ranks[at] = merges.rank(symbols[at], symbols[at + 1]);
            }
        }
    }

    private int mergeLong(int length) {
        link(length);
        var queue = new PriorityQueue<Long>();
        for (int i = 0; i + 1 < length; i++) {
            offer(queue, i);
        }
        for (var next = queue.poll(); next != null; next = queue.poll()) {
            int at = (int) (long) next;
            if (ranks[at] != (int) (next >>> 32)) {
                continue; // what stands there has changed since
            }
            int gone = after[at];
            symbols[at] = merges.merged(symbols[at], symbols[gone]);
            ranks[gone] = MergeRanks.NEVER;
            after[at] = after[gone];
            if (after[at] < length) {
                before[after[at]] = at;
            }
            rank(queue, at, length);
            if (before[at] >= 0) {
                rank(queue, before[at], length);
            }
        }
        int left = 0;
        for (int at = 0; at < length; at = after[at]) {
            symbols[left++] = symbols[at];
        }
        return left;
    }

    private void link(int length) {
        if (before.length < length) {
            before = new int[length];
            after = new int[length];
        }
        Arrays.setAll(before, i -> i - 1);
        Arrays.setAll(after, i -> i + 1);
        ranks[length - 1] = MergeRanks.NEVER;
    }

    private void rank(PriorityQueue<Long> queue, int at, int length) {
        ranks[at] = after[at] < length ? merges.rank(symbols[at], symbols[after[at]]) : MergeRanks.NEVER;
        offer(queue, at);
    }

    private void offer(PriorityQueue<Long> queue, int at) {
        if (ranks[at] != MergeRanks.NEVER) {
            queue.add((long) ranks[at] << 32 | at);
        }
    }
}
