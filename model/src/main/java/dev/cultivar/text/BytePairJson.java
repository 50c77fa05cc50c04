package dev.cultivar.text;

import static dev.cultivar.text.TokenizerJson.object;

import java.util.List;

/// Writes the `tokenizer.json` of a byte-level byte-pair tokenizer, as GPT-2's is.
final class BytePairJson {
    private BytePairJson() {}

    /// @param merges two pieces and a space between them, the first merge first
    static String write(List<String> pieces, List<String> merges, List<String> special) {
        var ids = TokenizerJson.numbered(pieces);
        var json = TokenizerJson.document(ids, special);
        json.put("pre_tokenizer", byteLevel(false));
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

    private static Object byteLevel(boolean prefixed) {
        return object("type", "ByteLevel", "add_prefix_space", prefixed, "trim_offsets", true, "use_regex", true);
    }
}
