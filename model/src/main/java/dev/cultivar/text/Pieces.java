package dev.cultivar.text;

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

    int pad();

    int unknown();

    int cls();

    int sep();

    int mask();

    /// How many pieces there are.
    int vocabulary();

    /// The first piece that is not special; from it on all are ordinary.
    int firstOrdinary();

    /// A piece as its vocabulary spells it.
    String piece(int id);

    /// Changes when any text could be encoded otherwise.
    String fingerprint();
}
