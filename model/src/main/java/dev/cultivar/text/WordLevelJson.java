package dev.cultivar.text;

import static dev.cultivar.text.TokenizerJson.object;

import java.util.List;
import java.util.Map;

/// Writes the `tokenizer.json` of tokenizers that know whole words, or whole characters, and nothing smaller.
final class WordLevelJson {
    private WordLevelJson() {}

    /// Words, cut as BERT's are.
    static String words(List<String> pieces, boolean lowercase) {
        var ids = TokenizerJson.numbered(pieces);
        var json = TokenizerJson.document(ids, WordPieceJson.SPECIAL);
        json.put("normalizer", WordPieceJson.normalizer(lowercase));
        json.put("pre_tokenizer", Map.of("type", "BertPreTokenizer"));
        json.put("post_processor", WordPieceJson.template(ids));
        json.put("model", object("type", "WordLevel", "vocab", ids, "unk_token", WordPieceJson.UNK));
        return TokenizerJson.text(json);
    }

    /// Characters, white space and line ends among them.
    ///
    /// A model without a piece for unknown characters names one all the same, since the format has to; the library then refuses
    /// to encode a character that the vocabulary lacks.
    static String characters(List<String> pieces, List<String> special) {
        var ids = TokenizerJson.numbered(pieces);
        var json = TokenizerJson.document(ids, special);
        json.put("pre_tokenizer", object(
                "type", "Split", "pattern", object("Regex", EACH_CHARACTER), "behavior", "Isolated", "invert", false));
        json.put("decoder", object("type", "Fuse"));
        json.put("model", object("type", "WordLevel", "vocab", ids, "unk_token", WordPieceJson.UNK));
        return TokenizerJson.text(json);
    }

    /// The dot leaves line ends out.
    static final String EACH_CHARACTER = "[\\s\\S]";
}
