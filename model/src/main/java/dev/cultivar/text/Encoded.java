package dev.cultivar.text;

import java.util.Arrays;
import java.util.List;

/// A text as ids, and for each of them which word of the text it is a piece of.
///
/// @param ids   without special tokens; the array is the caller's own
/// @param words not decreasing, one for each id, from 0: pieces with the same number are of one word, so whole-word masking
///              hides them together; -1 where the tokenizer knows no words
public record Encoded(int[] ids, int[] words) {

    /// One after the other, where each is a word.
    static Encoded ofWords(List<Encoded> each) {
        int[] ids = each.stream().flatMapToInt(word -> Arrays.stream(word.ids())).toArray();
        int[] words = new int[ids.length];
        int at = 0;
        for (int word = 0; word < each.size(); word++) {
            Arrays.fill(words, at, at + each.get(word).length(), word);
            at += each.get(word).length();
        }
        return new Encoded(ids, words);
    }

    /// How many ids there are.
    public int length() {
        return ids.length;
    }
}
