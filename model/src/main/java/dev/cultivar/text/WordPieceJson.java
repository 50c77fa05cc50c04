package dev.cultivar.text;

import static dev.cultivar.text.TokenizerJson.object;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes the `tokenizer.json` of a BERT tokenizer for a list of pieces.
final class WordPieceJson {
    static final String PAD = "[PAD]";
    static final String UNK = "[UNK]";
    static final String CLS = "[CLS]";
    static final String SEP = "[SEP]";
    static final String MASK = "[MASK]";
    /// In the order of their ids in a vocabulary trained here.
    static final List<String> SPECIAL = List.of(PAD, UNK, CLS, SEP, MASK);

    /// A longer word becomes unknown as a whole.
    private static final int LONGEST_WORD = 100;

    private WordPieceJson() {}

    static String write(List<String> pieces, boolean lowercase) {
        var ids = TokenizerJson.numbered(pieces);
        if (!ids.containsKey(UNK)) {
            throw new IllegalArgumentException(
                    "The vocabulary of " + pieces.size() + " pieces lacks " + UNK + ", which stands for what it cannot spell.");
        }
        var json = TokenizerJson.document(ids, SPECIAL);
        json.put("normalizer", normalizer(lowercase));
        json.put("pre_tokenizer", Map.of("type", "BertPreTokenizer"));
        json.put("post_processor", template(ids));
        json.put("decoder", object("type", "WordPiece", "prefix", "##", "cleanup", true));
        json.put("model", object(
                "type", "WordPiece",
                "unk_token", UNK,
                "continuing_subword_prefix", "##",
                "max_input_chars_per_word", LONGEST_WORD,
                "vocab", ids));
        return TokenizerJson.text(json);
    }

    static Map<String, Object> normalizer(boolean lowercase) {
        var normalizer = object("type", "BertNormalizer", "clean_text", true, "handle_chinese_chars", true);
        normalizer.put("strip_accents", null); // as lowercase says
        normalizer.put("lowercase", lowercase);
        return normalizer;
    }

    /// `[CLS] A [SEP]` and `[CLS] A [SEP] B [SEP]`, for whoever encodes with special tokens.
    static @Nullable Map<String, Object> template(Map<String, Integer> ids) {
        if (!ids.containsKey(CLS) || !ids.containsKey(SEP)) {
            return null;
        }
        var first = object("Sequence", object("id", "A", "type_id", 0));
        var second = object("Sequence", object("id", "B", "type_id", 1));
        var single = List.of(special(CLS, 0), first, special(SEP, 0));
        var pair = List.of(special(CLS, 0), first, special(SEP, 0), second, special(SEP, 1));
        var known = new LinkedHashMap<String, Object>();
        for (var piece : List.of(CLS, SEP)) {
            known.put(piece, object("id", piece, "ids", List.of(ids.getOrDefault(piece, 0)), "tokens", List.of(piece)));
        }
        return object("type", "TemplateProcessing", "single", single, "pair", pair, "special_tokens", known);
    }

    private static Map<String, Object> special(String piece, int type) {
        return object("SpecialToken", object("id", piece, "type_id", type));
    }
}
