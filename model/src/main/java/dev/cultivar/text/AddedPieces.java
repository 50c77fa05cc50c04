package dev.cultivar.text;

import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// The pieces of a `tokenizer.json` that are looked for in the text itself before it is cut into words.
///
/// @param pieces what they are called
/// @param ids    in the same order
record AddedPieces(SpecialPieces pieces, int[] ids) {

    /// Empty where one of them asks for more than to be found as it is written.
    static Optional<AddedPieces> of(JsonNode added) {
        Map<Integer, String> byId = new TreeMap<>();
        var normalized = new ArrayList<Boolean>();
        for (var token : added) {
            boolean plain = !token.path("single_word").asBoolean(false)
                    && !token.path("lstrip").asBoolean(false)
                    && !token.path("rstrip").asBoolean(false);
            if (!plain || byId.put(token.path("id").asInt(), token.path("content").asString()) != null) {
                return Optional.empty();
            }
            normalized.add(token.path("normalized").asBoolean(true));
        }
        try {
            // Those of one sort are looked for before those of the other.
            return normalized.stream().distinct().count() > 1
                    ? Optional.empty()
                    : Optional.of(new AddedPieces(
                            new SpecialPieces(new ArrayList<>(byId.values())), byId.keySet().stream().mapToInt(id -> id).toArray()));
        } catch (IllegalArgumentException unusual) {
            return Optional.empty();
        }
    }
}
