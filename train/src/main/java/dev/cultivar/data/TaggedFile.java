package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import dev.cultivar.recipe.DataRecipe.Columns;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Sentences in the form of the CoNLL shared tasks: a word and, in the last column, its tag in each line, columns parted by tabs or
/// spaces, an empty line between sentences.
///
/// The columns are called `tokens` and `tags`. A line that starts with `-DOCSTART-` is no word: what follows it is another document.
record TaggedFile(Path path) implements Examples {
    static final Set<String> ENDINGS = Set.of("conll", "iob2", "bio");
    private static final Columns COLUMNS = new Columns("tokens", "", "tags");
    private static final String DOCUMENT = "-DOCSTART-";

    static TaggedFile open(Path path, String where, Columns columns) {
        if (!columns.equals(COLUMNS)) {
            throw new DataException(path + ": is read as words with their tags, whose columns are called so: data.columns={text: tokens, "
                    + "label: tags}; got {text: " + columns.text() + ", label: " + columns.label() + "}");
        }
        if (!where.isEmpty()) {
            throw new DataException(path + ": 'where' chooses rows of a table, but the file holds sentences; leave it out");
        }
        return new TaggedFile(path);
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public String place(long row) {
        return path + ":" + row;
    }

    /// Words stand one in a line.
    @Override
    public String place(long row, int word) {
        return place(row + word);
    }

    @Override
    public boolean plainText() {
        return false;
    }

    @Override
    public void each(Sink sink) {
        long sentences = 0;
        try (BufferedReader reader = Utf8.open(path)) {
            List<String> words = new ArrayList<>();
            List<String> tags = new ArrayList<>();
            int documents = 0;
            long number = 0;
            for (String line = reader.readLine(); ; line = reader.readLine()) {
                number++;
                boolean document = line != null && line.startsWith(DOCUMENT);
                if (line != null && !line.isBlank() && !document) {
                    word(line, number, words, tags);
                    continue;
                }
                if (!words.isEmpty()) {
                    sink.row(new Example(number - words.size(), String.join(" ", words), "", "", String.join(" ", tags),
                            documents == 0 ? "" : "document " + documents));
                    sentences++;
                    words.clear();
                    tags.clear();
                }
                documents += document ? 1 : 0;
                if (line == null) {
                    break;
                }
            }
        } catch (CharacterCodingException e) {
            throw Utf8.invalid(path);
        } catch (IOException e) {
            throw new DataException(path + " cannot be read: " + e.getMessage(), e);
        }
        if (sentences == 0) {
            throw new DataException(path + " holds no word; expected lines of a word and its tag");
        }
    }

    private void word(String line, long number, List<String> words, List<String> tags) {
        String[] columns = line.strip().split(line.indexOf('\t') >= 0 ? "\t+" : " +");
        if (columns.length < 2) {
            throw new DataException(place(number) + ": has one column; expected a word and its tag, parted by a tab or a space");
        }
        String word = columns[0].strip();
        String tag = columns[columns.length - 1].strip();
        if (word.isEmpty() || TaggedExamples.SPACE.matcher(word).find() || TaggedExamples.SPACE.matcher(tag).find()) {
            throw new DataException(place(number) + ": '" + word + "' with the tag '" + tag + "' is no word with a tag; a word has no white space");
        }
        words.add(word);
        tags.add(tag);
    }
}
