package dev.cultivar.text;

import java.util.List;
import java.util.OptionalInt;

/// A tokenizer, as far as rows need one: text to the numbers of pieces, and the special pieces that rows are laid out with. May be
/// called by several threads.
public interface Pieces {

    /// The pieces of a text, without special ones around it.
    int[] ids(String text);

    /// For each piece of [#ids] the number of its word in the text, from 0, never falling.
    int[] words(String text);

    /// Both at once, for a tokenizer that finds them in one pass.
    default Encoded encode(String text) {
        return new Encoded(ids(text), words(text));
    }

    /// The pieces of words that were parted before, each encoded by itself; [Encoded#words] are the words' places in the list.
    default Encoded encodeWords(List<String> words) {
        List<Encoded> each = words.stream().map(this::encode).toList();
        return Encoded.ofWords(each);
    }

    /// The pieces of a text and the characters that they stand for.
    default Placed place(String text) {
        throw new UnsupportedOperationException("this tokenizer does not say where its pieces stand in a text");
    }

    /// The special pieces that there are; whoever can do without one asks here.
    default Special special() {
        var none = OptionalInt.empty();
        return new Special(
                OptionalInt.of(pad()), OptionalInt.of(unknown()), OptionalInt.of(cls()), OptionalInt.of(sep()), OptionalInt.of(mask()), none, none);
    }

    /// What fills a row up to the batch's length; 0 where the tokenizer has no such piece, since the attention mask hides it.
    int pad();

    /// @throws dev.cultivar.batch.DataException if there is none, as for the three that follow
    int unknown();

    int cls();

    int sep();

    int mask();

    /// How many pieces there are.
    int vocabulary();

    /// Where the longest stretch of pieces starts that are not special.
    int firstOrdinary();

    /// Whether a piece is text, and no special one.
    default boolean ordinary(int id) {
        return id >= firstOrdinary();
    }

    /// A piece as its vocabulary spells it.
    String piece(int id);

    /// Changes when any text could be encoded otherwise.
    String fingerprint();
}
