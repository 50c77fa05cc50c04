package dev.cultivar.text;

import dev.cultivar.format.CheckpointException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/// Turns text into ids and ids into text; any number of threads may share one.
///
/// Ids come without special tokens and in full length: whoever builds a row from them adds `[CLS]` and `[SEP]`, cuts and
/// pads, with the ids in [#special()]. A special piece that stands literally in a text, `[MASK]` say, is read as that piece,
/// as transformers does.
///
/// It holds native memory until it is closed.
public final class Tokenizer implements AutoCloseable {
    private final TokenizerFile file;
    private final Vocabulary vocabulary;
    private final Special special;
    private final NativeTokenizer library;
    private final Encoding encoding;

    private Tokenizer(TokenizerFile file) {
        this.file = file;
        this.vocabulary = Vocabulary.of(file);
        this.special = vocabulary.special(file);
        try {
            this.library = NativeTokenizer.of(file.json());
        } catch (IllegalArgumentException refused) {
            throw new CheckpointException(
                    file.name() + ": the tokenizers library does not accept it: " + refused.getMessage()
                            + ". The file is damaged, or was written by another generation of the library.",
                    refused);
        }
        this.encoding = BytePairEncoding.of(file.root(), vocabulary)
                .or(() -> CharacterEncoding.of(file.root(), vocabulary))
                .orElse(library);
    }

    /// Opens a `tokenizer.json` or the folder of a model in Hugging Face's layout.
    ///
    /// @throws CheckpointException if it is missing, damaged or no tokenizer
    public static Tokenizer open(Path place) {
        return new Tokenizer(TokenizerFile.read(place));
    }

    /// BERT's tokenizer over a vocabulary: the place in the list is the id, and pieces that go on inside a word begin with
    /// `##`.
    ///
    /// @param lowercase whether case and accents are folded before looking up
    /// @throws IllegalArgumentException if a piece is there twice, or `[UNK]` is not
    public static Tokenizer wordPiece(List<String> vocabulary, boolean lowercase) {
        return of("WordPiece vocabulary of " + vocabulary.size(), WordPieceJson.write(vocabulary, lowercase));
    }

    /// @param name what messages call it
    /// @param json a `tokenizer.json` made here
    static Tokenizer of(String name, String json) {
        return new Tokenizer(TokenizerFile.of(name, json, JsonMapper.shared().createObjectNode()));
    }

    /// The ids of one text, without special tokens.
    public int[] ids(String text) {
        return encode(text).ids();
    }

    /// The ids of many texts; faster than one by one, since all cores take part.
    public List<int[]> ids(List<String> texts) {
        return encode(texts).stream().map(Encoded::ids).toList();
    }

    /// Ids, and which of them belong to one word.
    public Encoded encode(String text) {
        library.requireOpen();
        return encoding.encode(text);
    }

    /// The same for many texts.
    public List<Encoded> encode(List<String> texts) {
        library.requireOpen();
        return encoding.encode(texts);
    }

    /// Ids of words that were parted before, as transformers gives them with `is_split_into_words`: each word is encoded by itself,
    /// and where pieces are of bytes, a space stands before each, the first one too (`add_prefix_space`). [Encoded#words] are the words'
    /// places in the list; a word may have no piece.
    public Encoded encodeWords(List<String> words) {
        library.requireOpen();
        List<String> spaced = isOfBytes() && !addsSpace(file.root().path("pre_tokenizer")) ? words.stream().map(word -> " " + word).toList() : words;
        return encoding == library ? library.encodeWords(spaced) : Encoded.ofWords(spaced.stream().map(encoding::encode).toList());
    }

    /// Whether the tokenizer puts a space before a text by itself.
    private static boolean addsSpace(JsonNode cutting) {
        for (JsonNode part : cutting.path("pretokenizers")) {
            if (addsSpace(part)) {
                return true;
            }
        }
        return cutting.path("add_prefix_space").asBoolean(false);
    }

    /// Ids, and the characters of the text that each stands for.
    public Placed place(String text) {
        if (encoding != library) {
            encoding.encode(text); // tells what it does not know, which the library may pass over
        }
        return library.place(text);
    }

    /// The text of some ids, special ones included: for a BERT tokenizer, `[MASK]` stays to be seen, and what was folded away
    /// does not come back.
    public String decode(int[] ids) {
        for (int id : ids) {
            vocabulary.piece(id);
        }
        return library.decode(ids);
    }

    /// Whether pieces stand for bytes, so that a character may be spread over several.
    boolean isOfBytes() {
        return file.root().path("decoder").path("type").asString("").equals("ByteLevel");
    }

    /// How many rows an embedding needs: the largest id and one, which is the number of pieces unless ids were left out.
    public int vocabulary() {
        return vocabulary.size();
    }

    /// The id of a piece, empty if there is no such piece.
    public OptionalInt id(String piece) {
        return vocabulary.id(piece);
    }

    /// The first id that is another piece in the other tokenizer; ids that only one of them has do not count.
    public OptionalInt parting(Tokenizer other) {
        return vocabulary.parting(other.vocabulary);
    }

    /// The piece as it is written in the vocabulary, `##ing` for instance.
    public String piece(int id) {
        return vocabulary.piece(id);
    }

    /// The ids of `[PAD]` and its like.
    public Special special() {
        return special;
    }

    /// What makes two tokenizers the same: SHA-256 of the `tokenizer.json`, whatever its spacing and the order of its keys are
    /// and whatever it says of cutting and padding, which are not done here.
    public String fingerprint() {
        var root = file.root().deepCopy();
        root.remove(List.of("truncation", "padding"));
        var canonical = JsonMapper.builder()
                .enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED)
                .build()
                .writeValueAsString(root);
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java has SHA-256", impossible);
        }
    }

    /// Writes `tokenizer.json` and `tokenizer_config.json`, so that transformers opens the folder with the same result.
    ///
    /// @param folder    exists already
    /// @param maxTokens the longest row that the model beside it takes, special tokens included
    public void save(Path folder, int maxTokens) {
        try {
            Files.writeString(folder.resolve(TokenizerFile.TOKENIZER), file.json());
            Files.writeString(folder.resolve(TokenizerFile.CONFIG), TransformersConfig.write(file, special, vocabulary, maxTokens));
        } catch (IOException problem) {
            throw new CheckpointException(folder + ": the tokenizer cannot be written there: " + problem, problem);
        }
    }

    @Override
    public void close() {
        library.close();
    }

    @Override
    public String toString() {
        return "Tokenizer[" + file.name() + ", " + vocabulary.size() + " pieces]";
    }
}
