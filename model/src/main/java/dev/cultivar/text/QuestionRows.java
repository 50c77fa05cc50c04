package dev.cultivar.text;

import java.util.Arrays;
import java.util.List;

/// A question and the text that it is asked of as rows: the question stands in each, beside a stretch of the text, as transformers
/// lays them out (`only_second`, with a stride).
///
/// @param question its pieces, as far as they fit
/// @param context  the text's pieces and where they stand
/// @param windows  the stretches of the text, at least one
/// @param cut      pieces of the question that were cut off, since the text needs room
public record QuestionRows(int[] question, Placed context, List<Windows> windows, int cut) {
    /// Pieces of the text that a row has at least, however long the question is.
    private static final int LEAST = 8;

    /// The shortest row in which these windows are possible, with room for a question of some pieces.
    public static int shortest(int stride) {
        return 2 * LEAST + Math.max(2 * stride, LEAST);
    }

    /// The greatest stride that rows of a length allow.
    public static int widest(int maxLength) {
        return Math.max(0, (maxLength - 2 * LEAST) / 2);
    }

    /// @param maxLength of a row, special pieces included; at least [#shortest]
    /// @param stride    pieces of the text that two neighbours share
    public static QuestionRows of(Pieces pieces, String question, String context, int maxLength, int stride) {
        int[] asked = pieces.ids(question);
        int[] kept = Arrays.copyOf(asked, Math.min(asked.length, maxLength - 3 - Math.max(2 * stride, LEAST)));
        Placed placed = pieces.place(context);
        return new QuestionRows(kept, placed, Windows.of(placed.length(), maxLength - 3 - kept.length, stride), asked.length - kept.length);
    }

    /// The pieces of a stretch.
    public int[] part(Windows window) {
        return Arrays.copyOfRange(context.ids(), window.from(), window.to());
    }

    /// Where in a row the text's first piece stands, behind `[CLS] question [SEP]`.
    public int contextAt() {
        return question.length + 2;
    }
}
