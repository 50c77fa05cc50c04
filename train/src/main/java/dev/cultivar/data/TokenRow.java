package dev.cultivar.data;

import dev.cultivar.text.TokenGrid;

/// One row as numbers of pieces, without the special ones that a batch puts around them.
///
/// @param first  pieces of the first segment
/// @param second pieces of the second, none where there is none
/// @param starts whether a piece starts a word, for the first segment's pieces and then the second's
/// @param target what the row's label became, see [Targets]; empty where there is none
/// @param cut    how many pieces were cut off to fit
/// @param origin the row of the source that it starts in, as in [Example#row]
public record TokenRow(int[] first, int[] second, boolean[] starts, int[] target, int cut, long origin) implements Labelled {
    public TokenRow {
        if (starts.length != first.length + second.length) {
            throw new IllegalArgumentException(
                    "a row of " + first.length + " + " + second.length + " pieces needs as many word starts, got " + starts.length);
        }
    }

    /// Tokens in a batch: the pieces, one special one in front and one after each segment.
    public int length() {
        return TokenGrid.length(first.length, second.length);
    }
}
