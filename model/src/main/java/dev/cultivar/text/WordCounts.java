package dev.cultivar.text;

import java.util.Arrays;

/// How often each word was seen: a hash table that holds all words in one array, so that a word that comes again costs no object.
///
/// Collisions go to the next free slot (linear probing: Knuth, The Art of Computer Programming, volume 3, 6.4, algorithm L).
final class WordCounts implements Cutting.Sink {
    private char[] characters = new char[1 << 12];
    private int[] starts = new int[1 << 9]; // one more than there are words: a word ends where the next one starts
    private int[] hashes = new int[1 << 9];
    private long[] counts = new long[1 << 9];
    private int[] slots = new int[1 << 10]; // the word's number and one; 0 where free
    private int words;

    @Override
    public void word(CharSequence text, int from, int to) {
        add(text, from, to, 1);
    }

    /// @return the number of the word: how many others were seen before it was seen first
    int add(CharSequence text, int from, int to, long times) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + text.charAt(i);
        }
        hash ^= hash >>> 15;
        int mask = slots.length - 1;
        for (int slot = hash & mask; ; slot = (slot + 1) & mask) {
            int word = slots[slot] - 1;
            if (word < 0) {
                slots[slot] = words + 1;
                append(text, from, to, hash, times);
                return words - 1;
            }
            if (hashes[word] == hash && is(word, text, from, to)) {
                counts[word] += times;
                return word;
            }
        }
    }

    private boolean is(int word, CharSequence text, int from, int to) {
        int start = starts[word];
        if (starts[word + 1] - start != to - from) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (characters[start + i - from] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void append(CharSequence text, int from, int to, int hash, long times) {
        int start = starts[words];
        int end = Math.addExact(start, to - from);
        if (end > characters.length) {
            characters = Arrays.copyOf(characters, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(end, 2L * characters.length)));
        }
        for (int i = from; i < to; i++) {
            characters[start + i - from] = text.charAt(i);
        }
        hashes[words] = hash;
        counts[words] = times;
        words++;
        if (words == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * words);
            counts = Arrays.copyOf(counts, 2 * words);
            starts = Arrays.copyOf(starts, 2 * words);
            slots = new int[4 * words];
            for (int word = 0; word < words; word++) {
                place(word);
            }
        }
        starts[words] = end;
    }

    private void place(int word) {
        int mask = slots.length - 1;
        int slot = hashes[word] & mask;
        while (slots[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        slots[slot] = word + 1;
    }

    /// Adds what another one counted.
    void addAll(WordCounts other) {
        for (int word = 0; word < other.words; word++) {
            add(other.word(word), 0, other.starts[word + 1] - other.starts[word], other.counts[word]);
        }
    }

    int size() {
        return words;
    }

    String word(int number) {
        return new String(characters, starts[number], starts[number + 1] - starts[number]);
    }

    long count(int number) {
        return counts[number];
    }

    /// All words, repetitions included.
    long total() {
        return Arrays.stream(counts, 0, words).sum();
    }
}
