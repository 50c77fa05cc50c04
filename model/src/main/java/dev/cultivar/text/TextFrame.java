package dev.cultivar.text;

import dev.cultivar.batch.DataException;
import java.util.Arrays;
import java.util.OptionalInt;

/// The special pieces around a text that an encoder-decoder reads or writes: T5 closes it with `</s>`, BART opens it with `<s>` too.
///
/// @param begin what opens it; empty where nothing does
/// @param end   what closes it
public record TextFrame(OptionalInt begin, int end) {

    /// By the pieces that the tokenizer has.
    ///
    /// @throws DataException if it has none that closes a text
    public static TextFrame of(Special special) {
        OptionalInt end = special.end().isPresent() ? special.end() : special.sep();
        int closes = end.orElseThrow(() -> new DataException("texts that are written from others need a piece that ends them, and the tokenizer has none; "
                + "use one with </s>, or train one with tokenizer.kind: bpe and tokenizer.special: [\"<pad>\", \"</s>\"]"));
        OptionalInt opens = special.cls().isPresent() ? special.cls() : special.begin();
        return new TextFrame(opens.isPresent() && opens.getAsInt() == closes ? OptionalInt.empty() : opens, closes);
    }

    /// How many pieces it puts around a text.
    public int pieces() {
        return begin.isPresent() ? 2 : 1;
    }

    /// The text with the frame around it, cut at its end where it is longer.
    ///
    /// @param length of the result at most; at least [#pieces]
    public int[] around(int[] ids, int length) {
        int kept = Math.min(ids.length, length - pieces());
        int[] framed = new int[kept + pieces()];
        int from = 0;
        if (begin.isPresent()) {
            framed[from++] = begin.getAsInt();
        }
        System.arraycopy(ids, 0, framed, from, kept);
        framed[framed.length - 1] = end;
        return framed;
    }

    /// Tokens without those of the frame and padding.
    public int[] inside(int[] tokens, int pad) {
        return Arrays.stream(tokens).filter(token -> token != end && token != pad && token != begin.orElse(end)).toArray();
    }
}
