package dev.cultivar.text;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The parts that every `tokenizer.json` has, whatever its model is.
final class TokenizerJson {
    private TokenizerJson() {}

    /// A document without a normalizer and a post-processor.
    ///
    /// @param special pieces that are read as such wherever they stand in a text
    static Map<String, @Nullable Object> document(Map<String, Integer> ids, Collection<String> special) {
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("version", "1.0");
        json.put("truncation", null);
        json.put("padding", null);
        json.put("added_tokens", addedTokens(ids, special));
        json.put("normalizer", null);
        json.put("pre_tokenizer", null);
        json.put("post_processor", null);
        json.put("decoder", null);
        json.put("model", null);
        return json;
    }

    static String text(Map<String, @Nullable Object> document) {
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(document);
    }

    /// Ids by piece, the place in the list being the id.
    ///
    /// @throws IllegalArgumentException if a piece is there twice
    static Map<String, Integer> numbered(List<String> pieces) {
        var ids = new LinkedHashMap<String, Integer>();
        for (var piece : pieces) {
            var twice = ids.putIfAbsent(piece, ids.size());
            if (twice != null) {
                throw new IllegalArgumentException("The vocabulary holds '" + piece + "' twice: as piece " + twice + " and as piece "
                        + ids.size() + ", counted from 0.");
            }
        }
        return ids;
    }

    private static List<Map<String, Object>> addedTokens(Map<String, Integer> ids, Collection<String> special) {
        var added = new ArrayList<Map<String, Object>>();
        ids.forEach((piece, id) -> {
            if (special.contains(piece)) {
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

    /// Keys and values in turn, kept in this order.
    static Map<String, Object> object(Object... keysAndValues) {
        var object = new LinkedHashMap<String, Object>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            object.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return object;
    }
}
