package dev.cultivar.corpus;

import dev.cultivar.text.Pieces;
import java.util.Arrays;
import java.util.StringTokenizer;

/// A tokenizer for tests: each word between white space is a number below the size of the vocabulary.
record HashedPieces(int vocabulary) implements Pieces {
    @Override
    public int[] ids(String text) {
        StringTokenizer words = new StringTokenizer(text);
        int[] ids = new int[words.countTokens()];
        Arrays.setAll(ids, i -> id(words.nextToken()));
        return ids;
    }

    int id(String word) {
        return Math.floorMod(word.hashCode(), vocabulary - 1) + 1;
    }

    @Override
    public int[] words(String text) {
        return new int[ids(text).length];
    }

    @Override
    public int pad() {
        return 0;
    }

    @Override
    public int unknown() {
        return 0;
    }

    @Override
    public int cls() {
        return 0;
    }

    @Override
    public int sep() {
        return 0;
    }

    @Override
    public int mask() {
        return 0;
    }

    @Override
    public int firstOrdinary() {
        return 1;
    }

    @Override
    public String piece(int id) {
        return "#" + id;
    }

    @Override
    public String fingerprint() {
        return "hashed " + vocabulary;
    }
}
