package dev.cultivar.text;

/// A text as ids, and for each of them which word of the text it is a piece of.
///
/// @param ids   without special tokens; the array is the caller's own
/// @param words not decreasing, one for each id, from 0: pieces with the same number are of one word, so whole-word masking
///              hides them together; -1 where the tokenizer knows no words
public record Encoded(int[] ids, int[] words) {

    /// How many ids there are.
    public int length() {
        return ids.length;
    }
}
