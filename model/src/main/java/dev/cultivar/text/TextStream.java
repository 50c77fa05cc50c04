package dev.cultivar.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Turns ids into text one by one, as a model says them: a piece of a byte-level tokenizer may hold half a character, and what is
/// not whole yet is held back.
///
/// The texts that it hands out, one after the other, are what [Tokenizer#decode] makes of all the ids. It is one stream's, and not
/// for several threads.
public final class TextStream {
    private static final char REPLACEMENT = '\uFFFD';

    private final Tokenizer tokenizer;
    private final Bytes bytes = new Bytes();

    // For tokenizers that are not of bytes: the ids since the text was last whole, and of them those that are told already.
    private int[] window = {};
    private int told;

    public TextStream(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /// @return what this id makes whole; often empty
    public String next(int id) {
        if (tokenizer.isOfBytes()) {
            return bytes.add(tokenizer.piece(id));
        }
        var ids = Arrays.copyOf(window, window.length + 1);
        ids[window.length] = id;
        var before = tokenizer.decode(Arrays.copyOf(ids, told));
        var after = tokenizer.decode(ids);
        if (after.isEmpty() || after.charAt(after.length() - 1) == REPLACEMENT || after.length() <= before.length()) {
            window = ids;
            return "";
        }
        // One piece is kept, so that the next one is decoded as what follows another: with its space, or without its ##.
        window = Arrays.copyOfRange(ids, told, ids.length);
        told = window.length;
        return after.substring(before.length());
    }

    /// What was held back, no more ids being to come; a character of which bytes are missing is U+FFFD.
    public String end() {
        if (tokenizer.isOfBytes()) {
            return bytes.end();
        }
        var rest = tokenizer.decode(window).substring(tokenizer.decode(Arrays.copyOf(window, told)).length());
        window = new int[0];
        told = 0;
        return rest;
    }

    /// UTF-8 that arrives in pieces.
    private static final class Bytes {
        private final CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        private ByteBuffer waiting = ByteBuffer.allocate(64);

        /// A piece with a character that stands for no byte, a special one perhaps, is taken as it is written.
        String add(String piece) {
            boolean mapped = piece.chars().allMatch(c -> ByteAlphabet.valueOf((char) c) >= 0);
            var added = mapped ? new byte[piece.length()] : piece.getBytes(StandardCharsets.UTF_8);
            for (int i = 0; mapped && i < added.length; i++) {
                added[i] = (byte) ByteAlphabet.valueOf(piece.charAt(i));
            }
            if (waiting.remaining() < added.length) {
                waiting = ByteBuffer.allocate(2 * (waiting.position() + added.length)).put(waiting.flip());
            }
            waiting.put(added);
            return decoded(false);
        }

        String end() {
            var rest = decoded(true);
            decoder.reset();
            return rest;
        }

        private String decoded(boolean end) {
            waiting.flip();
            var characters = CharBuffer.allocate(waiting.remaining() + 2);
            decoder.decode(waiting, characters, end);
            waiting.compact();
            return characters.flip().toString();
        }
    }
}
