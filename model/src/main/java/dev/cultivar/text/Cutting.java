package dev.cultivar.text;

/// Cuts a text into the words that a tokenizer looks at one by one; not for several threads.
interface Cutting {

    void cut(String text, Sink words);

    /// Takes a word as a part of some characters, which are valid during the call only.
    interface Sink {
        void word(CharSequence text, int from, int to);
    }
}
