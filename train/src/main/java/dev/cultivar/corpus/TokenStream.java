package dev.cultivar.corpus;

import java.nio.file.Path;

/// A corpus as one long row of token ids, document after document, that any number of threads may read.
public interface TokenStream extends AutoCloseable {

    /// How many tokens there are; may be beyond 2^31.
    long length();

    /// How many bytes of text, in UTF-8, the tokens stand for.
    long bytes();

    /// How many documents there are.
    int documents();

    /// Where a document's first token is; the document ends where the next one starts, the last one at [#length()].
    long documentStart(int index);

    /// Copies `count` tokens from place `from` of the stream to place `at` of an array.
    void read(long from, int count, int[] into, int at);

    /// SHA-256 of everything that the tokens depend on.
    String fingerprint();

    /// Lets go of the file; no thread may be reading.
    @Override
    void close();

    /// Opens a file that [TokenStreamWriter] wrote for a fingerprint; anything else there is an error.
    static TokenStream open(Path file, String fingerprint) {
        return TokenFile.open(file, fingerprint);
    }
}
