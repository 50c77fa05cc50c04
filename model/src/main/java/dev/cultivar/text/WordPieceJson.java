package dev.cultivar.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

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
        var ids = new LinkedHashMap<String, Integer>();
        for (var piece : pieces) {
            var twice = ids.putIfAbsent(piece, ids.size());
            if (twice != null) {
                throw new IllegalArgumentException("The vocabulary holds '" + piece + "' twice: as piece " + twice + " and as piece "
                        + ids.size() + ", counted from 0.");
            }
        }
        if (!ids.containsKey(UNK)) {
            throw new IllegalArgumentException(
                    "The vocabulary of " + pieces.size() + " pieces lacks " + UNK + ", which stands for what it cannot spell.");
        }
        var json = new LinkedHashMap<String, Object>();
        json.put("version", "1.0");
        json.put("truncation", null);
        json.put("padding", null);
        json.put("added_tokens", addedTokens(ids));
        json.put("normalizer", normalizer(lowercase));
        json.put("pre_tokenizer", Map.of("type", "BertPreTokenizer"));
        json.put("post_processor", ids.containsKey(CLS) && ids.containsKey(SEP) ? template(ids) : null);
        json.put("decoder", object("type", "WordPiece", "prefix", "##", "cleanup", true));
        json.put("model", object(
                "type", "WordPiece",
                "unk_token", UNK,
                "continuing_subword_prefix", "##",
                "max_input_chars_per_word", LONGEST_WORD,
                "vocab", ids));
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(json);
    }

    private static List<Map<String, Object>> addedTokens(Map<String, Integer> ids) {
        var added = new ArrayList<Map<String, Object>>();
        ids.forEach((piece, id) -> {
            if (SPECIAL.contains(piece)) {
                added.add(object(
                        "id", id,
                        "content", piece,
                        "single_word", false,
                        "lstrip", false,
                        "rstrip", false,
                        "normalized", false,
                        "special", true));
            }
        });
        return added;
    }

    private static Map<String, Object> normalizer(boolean lowercase) {
        var normalizer = object("type", "BertNormalizer", "clean_text", true, "handle_chinese_chars", true);
        normalizer.put("strip_accents", null); // as lowercase says
        normalizer.put("lowercase", lowercase);
        return normalizer;
    }

    /// `[CLS] A [SEP]` and `[CLS] A [SEP] B [SEP]`, for whoever encodes with special tokens.
    private static Map<String, Object> template(Map<String, Integer> ids) {
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

    /// Keys and values in turn, kept in this order.
    private static Map<String, Object> object(Object... keysAndValues) {
        var object = new LinkedHashMap<String, Object>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            object.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return object;
    }
}
