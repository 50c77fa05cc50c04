package dev.cultivar.text;

import dev.cultivar.format.JsonFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// What a tokenizer's template puts before a text that a decoder goes on with.
///
/// @param ids of these pieces
public record Beginning(List<Integer> ids) {
    public Beginning {
        ids = List.copyOf(ids);
    }

    /// As `tokenizer.json` says it; nothing where it does not.
    ///
    /// @param folder    that holds the file
    /// @param tokenizer of that folder
    public static Beginning of(Path folder, Tokenizer tokenizer) {
        Path file = folder.resolve("tokenizer.json");
        if (!Files.exists(file) || !(JsonFiles.read(file).get("post_processor") instanceof Map<?, ?> processor)) {
            return new Beginning(List.of());
        }
        List<?> processors = processor.get("processors") instanceof List<?> several ? several : List.of(processor);
        return new Beginning(processors.stream()
                .filter(each -> each instanceof Map<?, ?> one && "TemplateProcessing".equals(one.get("type")))
                .findFirst()
                .map(template -> ids((Map<?, ?>) template, tokenizer))
                .orElse(List.of()));
    }

    private static List<Integer> ids(Map<?, ?> template, Tokenizer tokenizer) {
        List<?> single = template.get("single") instanceof List<?> parts ? parts : List.of();
        return single.stream()
                .takeWhile(part -> part instanceof Map<?, ?> map && map.containsKey("SpecialToken"))
                .map(part -> ((Map<?, ?>) part).get("SpecialToken") instanceof Map<?, ?> special ? String.valueOf(special.get("id")) : "")
                .map(tokenizer::id)
                .filter(OptionalInt::isPresent)
                .map(OptionalInt::getAsInt)
                .toList();
    }

    /// The pieces of a text behind those that it begins with.
    public int[] before(int[] text) {
        int[] tokens = new int[ids.size() + text.length];
        for (int i = 0; i < ids.size(); i++) {
            tokens[i] = ids.get(i);
        }
        System.arraycopy(text, 0, tokens, ids.size(), text.length);
        return tokens;
    }
}
