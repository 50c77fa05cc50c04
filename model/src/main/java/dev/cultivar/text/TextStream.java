package dev.cultivar.text;

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

    /// UTF-8 that arrives in pieces: the decoder of the Encoding Standard (section 8.1.1), in which each longest start of a character
    /// that goes wrong becomes one U+FFFD, as in the tokenizers library.
    private static final class Bytes {
        private int character;
        private int missing; // bytes of the character
        private int least = 0x80; // the next one is from here
        private int most = 0xBF; // to here

        /// A piece with a character that stands for no byte, a special one perhaps, is taken as it is written.
        String add(String piece) {
            boolean mapped = piece.chars().allMatch(c -> ByteAlphabet.valueOf((char) c) >= 0);
            var said = new StringBuilder();
            if (mapped) {
                piece.chars().forEach(c -> add(ByteAlphabet.valueOf((char) c), said));
            } else {
                for (byte b : piece.getBytes(StandardCharsets.UTF_8)) {
                    add(b & 0xFF, said);
                }
            }
            return said.toString();
        }

        private void add(int b, StringBuilder said) {
            if (missing > 0 && b >= least && b <= most) {
                least = 0x80;
                most = 0xBF;
                character = character << 6 | b & 0x3F;
                if (--missing == 0) {
                    said.appendCodePoint(character);
                }
                return;
            }
            said.append(end());
            if (b < 0x80) {
                said.append((char) b);
            } else if (b < 0xC2 || b > 0xF4) {
                said.append(REPLACEMENT);
            } else {
                start(b);
            }
        }

        private void start(int b) {
            missing = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
            character = b & 0x3F >> missing;
            least = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80; // no longer spelling than is needed
            most = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF; // no half of a surrogate pair, nothing beyond U+10FFFF
        }

        String end() {
            boolean open = missing > 0;
            missing = 0;
            return open ? String.valueOf(REPLACEMENT) : "";
        }
    }
}
