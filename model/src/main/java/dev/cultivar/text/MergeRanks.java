package dev.cultivar.text;

import java.util.Arrays;

/// Which pairs of pieces are joined, in which order, and to what: a hash table with linear probing.
final class MergeRanks {
    /// The rank of a pair that is not joined.
    static final int NEVER = Integer.MAX_VALUE;

    private static final long FREE = -1;

    private final long[] keys;
    private final int[] ranks;
    private final int[] merged;

    /// @param most how many pairs there may be
    MergeRanks(int most) {
        int slots = Integer.highestOneBit(Math.max(16, most)) * 4;
        keys = new long[slots];
        Arrays.fill(keys, FREE);
        ranks = new int[slots];
        merged = new int[slots];
    }

    /// The later of two ranks of a pair counts, as in the tokenizers library.
    void put(int left, int right, int rank, int into) {
        int slot = slot(left, right);
        keys[slot] = key(left, right);
        ranks[slot] = rank;
        merged[slot] = into;
    }

    int rank(int left, int right) {
        int slot = slot(left, right);
        return keys[slot] == FREE ? NEVER : ranks[slot];
    }

    /// The piece that a pair becomes; the pair has to be one that is joined.
    int merged(int left, int right) {
        return merged[slot(left, right)];
    }

    private int slot(int left, int right) {
        long key = key(left, right);
        int mask = keys.length - 1;
        int slot = (int) (key * 0x9E3779B97F4A7C15L >>> 32) & mask;
        while (keys[slot] != key && keys[slot] != FREE) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private static long key(int left, int right) {
        return (long) left << 32 | right;
    }
}
