package dev.cultivar.text;

/// A text as ids, and for each of them which characters of the text it stands for.
///
/// Characters are counted as in a Java `String`; a piece may stand for none, and several pieces for the same one.
///
/// @param ids    without special tokens
/// @param starts the first character of each piece
/// @param ends   the character after the last of each piece
public record Placed(int[] ids, int[] starts, int[] ends) {

    /// How many ids there are.
    public int length() {
        return ids.length;
    }

    /// The pieces that share a character with a stretch of the text: the first one and the last one; -1 twice where none does.
    ///
    /// @param from first character
    /// @param to   the character after the last
    public int[] over(int from, int to) {
        int first = -1;
        int last = -1;
        for (int i = 0; i < ids.length; i++) {
            if (ends[i] > from && starts[i] < to && ends[i] > starts[i]) {
                first = first < 0 ? i : first;
                last = i;
            }
        }
        return new int[] {first, last};
    }
}
