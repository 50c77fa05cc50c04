package dev.cultivar.text;

import static dev.cultivar.text.TokenizerJson.object;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes the `tokenizer.json` of a byte-level byte-pair tokenizer, as GPT-2's is.
final class BytePairJson {
    private BytePairJson() {}

    /// @param merges two pieces and a space between them, the first merge first
    static String write(List<String> pieces, List<String> merges, List<String> special) {
        var ids = TokenizerJson.numbered(pieces);
        var json = TokenizerJson.document(ids, special);
        json.put("pre_tokenizer", byteLevel(false));
        json.put("post_processor", frame(ids, special));
        json.put("decoder", byteLevel(true));
        var model = object("type", "BPE");
        model.put("dropout", null);
        model.put("unk_token", null);
        model.put("continuing_subword_prefix", null);
        model.put("end_of_word_suffix", null);
        model.put("fuse_unk", false);
        model.put("byte_fallback", false);
        model.put("vocab", ids);
        model.put("merges", merges);
        json.put("model", model);
        return TokenizerJson.text(json);
    }

    /// `<s> A </s>`, without `<s>` where there is none, for whoever encodes with special tokens: of tokenizers of encoder-decoders alone, which
    /// have sentinels or a mask.
    private static @Nullable Object frame(Map<String, Integer> ids, List<String> special) {
        if (!special.contains("</s>") || !special.contains("<extra_id_0>") && !special.contains("<mask>")) {
            return null;
        }
        var known = new LinkedHashMap<String, Object>();
        var single = new ArrayList<Object>();
        var pair = new ArrayList<Object>();
        if (special.contains("<s>")) {
            single.add(piece("<s>", ids, known));
            pair.add(piece("<s>", ids, known));
        }
        var end = piece("</s>", ids, known);
        var first = object("Sequence", object("id", "A", "type_id", 0));
        single.addAll(List.of(first, end));
        pair.addAll(List.of(first, end, object("Sequence", object("id", "B", "type_id", 0)), end));
        return object("type", "TemplateProcessing", "single", single, "pair", pair, "special_tokens", known);
    }

    private static Object piece(String piece, Map<String, Integer> ids, Map<String, Object> known) {
        known.put(piece, object("id", piece, "ids", List.of(ids.getOrDefault(piece, 0)), "tokens", List.of(piece)));
        return object("SpecialToken", object("id", piece, "type_id", 0));
    }

    private static Object byteLevel(boolean prefixed) {
        return object("type", "ByteLevel", "add_prefix_space", prefixed, "trim_offsets", true, "use_regex", true);
    }
}
