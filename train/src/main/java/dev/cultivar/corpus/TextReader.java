package dev.cultivar.corpus;

import dev.cultivar.batch.DataException;
import dev.cultivar.recipe.CorpusRecipe;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Reads a file as UTF-8 and nothing else, and knows at which byte it is not.
final class TextReader {
    private static final int BUFFER = 1 << 16;

    private final String name;
    private final CorpusRecipe.Source source;
    private final Tally tally;
    private final Segmenter segmenter;
    private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER);
    private final CharBuffer characters = CharBuffer.allocate(BUFFER);
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private long offset; // of the buffer's first byte in the text
    private boolean begun;

    private TextReader(String name, CorpusRecipe.Source source, Tally tally, Documents.Sink sink) {
        this.name = name;
        this.source = source;
        this.tally = tally;
        this.segmenter = new Segmenter(name, source.document(), tally, sink);
    }

    /// Reads a stream to its end.
    static void read(InputStream in, String name, CorpusRecipe.Source source, Tally tally, Documents.Sink sink) throws IOException {
        new TextReader(name, source, tally, sink).read(in);
    }

    private void read(InputStream in) throws IOException {
        boolean end = false;
        while (!end) {
            int count = in.read(bytes.array(), bytes.position(), bytes.remaining());
            end = count < 0;
            bytes.position(bytes.position() + Math.max(0, count)).flip();
            decode(end);
            offset += bytes.position();
            bytes.compact();
        }
        segmenter.finish();
    }

    private void decode(boolean end) {
        while (true) {
            int from = bytes.position();
            CoderResult result = decoder.decode(bytes, characters, end);
            give(offset + from);
            if (result.isUnderflow()) {
                return;
            }
            if (result.isError()) {
                invalid(result.length());
            }
        }
    }

    private void invalid(int length) {
        String place = name + ": byte " + (offset + bytes.position());
        switch (source.invalid()) {
            case REFUSE -> throw new DataException(place + " (0x" + Integer.toHexString(bytes.get(bytes.position()) & 0xFF)
                    + ") is no UTF-8. Convert the file, for example with `iconv -f LATIN1 -t UTF-8`, leave it out with exclude, or set"
                    + " invalid: replace or drop");
            case REPLACE -> segmenter.accept(new char[] {'\uFFFD'}, 0, 1);
            case DROP -> { }
        }
        tally.invalid(place, length);
        bytes.position(bytes.position() + length);
    }

    private void give(long byteOffset) {
        characters.flip();
        char[] array = characters.array();
        int from = 0;
        int to = characters.limit();
        if (!begun && to > 0) {
            begun = true;
            from = array[0] == '\uFEFF' ? 1 : 0; // a byte order mark is no text
        }
        to = withoutNul(array, from, to, byteOffset);
        if (to > from) {
            segmenter.accept(array, from, to);
        }
        characters.clear();
    }

    private int withoutNul(char[] array, int from, int to, long byteOffset) {
        int kept = from;
        for (int at = from; at < to; at++) {
            if (array[at] != 0) {
                array[kept++] = array[at];
            } else if (kept == at) { // the first of this run: nothing before it was moved yet
                nul(name + ": byte " + (byteOffset + new String(array, 0, at).getBytes(StandardCharsets.UTF_8).length));
            }
        }
        if (kept < to) {
            tally.nul(tally.firstNul, to - kept);
        }
        return kept;
    }

    private void nul(String place) {
        if (source.nul() == CorpusRecipe.Nul.REFUSE) {
            throw new DataException(place + " is a NUL character, which no text has. Is the file in UTF-16, or no text? Convert it,"
                    + " leave it out with exclude, or set nul: drop");
        }
        tally.firstNul = tally.nul == 0 ? place : tally.firstNul;
    }
}
