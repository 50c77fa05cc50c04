package dev.cultivar.text;

import dev.cultivar.batch.DataException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/// Encodes character by character: what the tokenizers library does with a `tokenizer.json` of [CharacterTrainer], at a hundred
/// times its speed, and with a message where a character is not known.
final class CharacterEncoding implements Encoding {
    private final Map<Integer, Integer> ids;
    private final OptionalInt unknown;
    private final AddedPieces added;

    private CharacterEncoding(Map<Integer, Integer> ids, OptionalInt unknown, AddedPieces added) {
        this.ids = ids;
        this.unknown = unknown;
        this.added = added;
    }

    /// Empty for any other tokenizer.
    static Optional<Encoding> of(JsonNode root, Vocabulary vocabulary) {
        var cut = root.path("pre_tokenizer");
        var model = root.path("model");
        boolean characters = root.path("normalizer").isNull()
                && cut.path("type").asString("").equals("Split")
                && cut.path("pattern").path("Regex").asString("").equals(WordLevelJson.EACH_CHARACTER)
                && cut.path("behavior").asString("").equals("Isolated")
                && !cut.path("invert").asBoolean(false)
                && model.path("type").asString("").equals("WordLevel");
        var added = AddedPieces.of(root.path("added_tokens"));
        if (!characters || added.isEmpty()) {
            return Optional.empty();
        }
        Map<Integer, Integer> ids = new HashMap<>();
        model.path("vocab").properties().forEach(entry -> {
            var piece = entry.getKey();
            if (piece.codePointCount(0, piece.length()) == 1) {
                ids.put(piece.codePointAt(0), entry.getValue().asInt());
            }
        });
        return Optional.of(new CharacterEncoding(ids, vocabulary.id(model.path("unk_token").asString("")), added.get()));
    }

    @Override
    public Encoded encode(String text) {
        var builder = new Builder();
        added.pieces().cut(text, (from, to, special) -> {
            if (special >= 0) {
                builder.word(added.ids()[special]);
                return;
            }
            for (int i = from; i < to; ) {
                int c = text.codePointAt(i);
                builder.word(id(c, text, i));
                i += Character.charCount(c);
            }
        });
        return builder.encoded();
    }

    private int id(int c, String text, int at) {
        boolean half = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        var id = ids.get(half ? 0xFFFD : c); // half a surrogate pair is no text
        if (id != null) {
            return id;
        }
        return unknown.orElseThrow(() -> new DataException("The character U+%04X%s at place %d of the text%s is not among the %d that the"
                        .formatted(c, half || Character.isISOControl(c) ? "" : " (" + Character.toString(c) + ")", at, around(text, at), ids.size())
                + " tokenizer knows, and it has no piece for unknown ones. Train it on text that has this character, or with unknown: true."));
    }

    private static String around(String text, int at) {
        var part = text.substring(Math.max(0, at - 15), Math.min(text.length(), at + 15)).replaceAll("\\R", " ");
        return " ('" + part + "')";
    }
}
