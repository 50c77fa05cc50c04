package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Reads text files as UTF-8 and nothing else: a wrong byte is an error with its line, never a replacement character.
final class Utf8 {
    private Utf8() {}

    static BufferedReader open(Path path) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(Files.newInputStream(path), decoder()), 1 << 16);
        reader.mark(1);
        if (reader.read() != 0xFEFF) { // a byte order mark is no text
            reader.reset();
        }
        return reader;
    }

    private static CharsetDecoder decoder() {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    /// The error for a file that stopped being UTF-8: reads it once more, for the place.
    static DataException invalid(Path path) {
        byte[] line = new byte[1 << 12];
        long number = 1;
        long start = 0;
        int length = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
            for (int b = in.read(); ; b = in.read()) {
                if (b < 0 || b == '\n') {
                    int valid = valid(line, length);
                    if (valid < length || b < 0) {
                        return invalid(path, number, start + valid, valid < length ? line[valid] & 0xFF : -1);
                    }
                    number++;
                    start += length + 1L;
                    length = 0;
                } else {
                    line = length == line.length ? Arrays.copyOf(line, 2 * length) : line;
                    line[length++] = (byte) b;
                }
            }
        } catch (IOException e) {
            throw new DataException(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static DataException invalid(Path path, long line, long offset, int found) {
        return new DataException(path + ":" + line + ": the bytes are not UTF-8" + (found < 0 ? "" : " from byte " + offset
                + " of the file on, " + String.format("0x%02X", found)) + ". Convert the file, for example with"
                + " `iconv -f LATIN1 -t UTF-8` (a compressed file has to be unpacked first)");
    }

    /// How many bytes are UTF-8 before the first that is not.
    private static int valid(byte[] line, int length) {
        ByteBuffer bytes = ByteBuffer.wrap(line, 0, length);
        CharBuffer characters = CharBuffer.allocate(1 << 12);
        CharsetDecoder decoder = decoder();
        while (decoder.decode(bytes, characters, true).isOverflow()) {
            characters.clear();
        }
        return bytes.position();
    }
}
