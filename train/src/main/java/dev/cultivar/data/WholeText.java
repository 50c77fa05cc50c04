package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/// Reads a text file from end to end with all its white space, in parts that cut no word: between a character and the white space
/// after it.
public final class WholeText {
    private static final int PART = 1 << 16;

    /// A word that is longer is cut all the same.
    private static final int LONGEST = 1 << 24;

    private WholeText() {}

    /// @throws DataException if the file is not UTF-8
    public static void each(Path path, Consumer<String> to) {
        char[] characters = new char[PART];
        int length = 0;
        try (Reader reader = Utf8.open(path)) {
            for (int read = reader.read(characters); read >= 0; read = reader.read(characters, length, characters.length - length)) {
                length += read;
                int cut = length < PART ? 0 : cut(characters, length);
                if (cut > 0) {
                    to.accept(new String(characters, 0, cut));
                    System.arraycopy(characters, cut, characters, 0, length - cut);
                    length -= cut;
                }
                if (length == characters.length) {
                    characters = Arrays.copyOf(characters, 2 * length);
                }
            }
        } catch (CharacterCodingException e) {
            throw Utf8.invalid(path);
        } catch (IOException e) {
            throw new DataException(path + " cannot be read: " + e.getMessage(), e);
        }
        if (length > 0) {
            to.accept(new String(characters, 0, length));
        }
    }

    /// The last place where white space follows something else; 0 if there is none yet.
    private static int cut(char[] characters, int length) {
        for (int at = length - 1; at > 0; at--) {
            if (isSpace(characters[at]) && !isSpace(characters[at - 1])) {
                return at;
            }
        }
        return length < LONGEST ? 0 : Character.isHighSurrogate(characters[length - 1]) ? length - 1 : length;
    }

    /// Spaces and line ends suffice: they are white space to every tokenizer.
    private static boolean isSpace(char c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }
}
