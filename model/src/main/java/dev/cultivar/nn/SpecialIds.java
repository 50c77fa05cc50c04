package dev.cultivar.nn;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Pieces with a meaning, as the `config.json` of a decoder names them.
///
/// @param begin what a text starts with
/// @param ends  what ends a text: one, several, or none
/// @param pad   what fills a row up
public record SpecialIds(Optional<Integer> begin, List<Integer> ends, Optional<Integer> pad) {
    public static final SpecialIds NONE = new SpecialIds(Optional.empty(), List.of(), Optional.empty());

    public SpecialIds {
        ends = List.copyOf(ends);
    }

    /// Only a padding piece.
    public static SpecialIds padding(int pad) {
        return new SpecialIds(Optional.empty(), List.of(), Optional.of(pad));
    }

    static SpecialIds of(ConfigFile config) {
        return new SpecialIds(one(config, "bos_token_id"), ends(config.values()), one(config, "pad_token_id"));
    }

    /// The `eos_token_id` of a `config.json` or a `generation_config.json`: one, several, or none.
    public static List<Integer> ends(Map<String, ?> values) {
        Object said = values.get("eos_token_id");
        List<?> several = said instanceof List<?> list ? list : said == null ? List.of() : List.of(said);
        return several.stream().filter(Number.class::isInstance).map(end -> ((Number) end).intValue()).filter(end -> end >= 0).toList();
    }

    /// The same of a family whose pieces have numbers where the file does not name them; null there is none.
    static SpecialIds of(ConfigFile config, List<Integer> ends, int pad) {
        SpecialIds said = of(config);
        return new SpecialIds(
                said.begin(),
                config.values().containsKey("eos_token_id") ? said.ends() : ends,
                config.values().containsKey("pad_token_id") ? said.pad() : Optional.of(pad));
    }

    /// One piece that a key names: otherwise where the file has no such key, -1 where the key says null.
    static int one(ConfigFile config, String key, int otherwise) {
        return config.values().containsKey(key) ? one(config, key).orElse(-1) : otherwise;
    }

    private static Optional<Integer> one(ConfigFile config, String key) {
        return config.values().get(key) == null ? Optional.empty() : Optional.of(config.whole(key, 0)).filter(id -> id >= 0);
    }

    /// Adds the keys, null where there is none: transformers would take a default that lies outside the vocabulary.
    void into(Map<String, Object> json) {
        json.put("bos_token_id", begin.orElse(null));
        json.put("eos_token_id", ends.isEmpty() ? null : ends.size() == 1 ? ends.getFirst() : ends);
        json.put("pad_token_id", pad.orElse(null));
    }
}
