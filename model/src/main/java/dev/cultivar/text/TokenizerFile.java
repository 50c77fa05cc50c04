package dev.cultivar.text;

import dev.cultivar.format.CheckpointException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The files of a tokenizer as they lie on disk, read and checked: a `tokenizer.json` and, beside it, what names its special
/// pieces.
///
/// @param name   what messages call it
/// @param json   the text of `tokenizer.json`
/// @param root   the same, parsed
/// @param config of `tokenizer_config.json`, completed from `special_tokens_map.json`; empty where there is neither
record TokenizerFile(String name, String json, ObjectNode root, ObjectNode config) {
    static final String TOKENIZER = "tokenizer.json";
    static final String CONFIG = "tokenizer_config.json";
    private static final String SPECIAL_MAP = "special_tokens_map.json";
    private static final String VOCABULARY = "vocab.txt";

    /// The largest known ones have some 30 MB.
    private static final long LARGEST_BYTES = 256L << 20;

    static JsonMapper strict() {
        return JsonMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    /// @param place a `tokenizer.json`, or the folder of a model: with one, or with the `vocab.txt` of older BERT models
    static TokenizerFile read(Path place) {
        if (!Files.isDirectory(place)) {
            if (!Files.exists(place)) {
                throw new CheckpointException(
                        place + ": there is no such file or folder. A tokenizer is a tokenizer.json, or the folder that holds one.");
            }
            return of(place.toString(), text(place), config(place.toAbsolutePath().getParent()));
        }
        var config = config(place);
        if (Files.exists(place.resolve(TOKENIZER))) {
            return of(place.resolve(TOKENIZER).toString(), text(place.resolve(TOKENIZER)), config);
        }
        if (Files.exists(place.resolve(VOCABULARY))) {
            return ofVocabulary(place.resolve(VOCABULARY), config);
        }
        throw new CheckpointException(place + ": this folder holds no " + TOKENIZER + " (nor a BERT model's " + VOCABULARY
                + "), only " + listing(place) + ". Name the folder or file that has the tokenizer; with transformers,"
                + " tokenizer.save_pretrained(FOLDER) writes one.");
    }

    static TokenizerFile of(String name, String json, ObjectNode config) {
        return new TokenizerFile(name, json, object(name, json), config);
    }

    private static TokenizerFile ofVocabulary(Path file, ObjectNode config) {
        var lines = text(file).lines().map(String::stripTrailing).toList();
        try {
            var lowercase = config.path("do_lower_case").asBoolean(true);
            var root = object(file.toString(), WordPieceJson.write(lines, lowercase));
            var normalizer = root.withObject("/normalizer");
            if (config.path("strip_accents").isBoolean()) {
                normalizer.set("strip_accents", config.path("strip_accents"));
            }
            if (config.path("tokenize_chinese_chars").isBoolean()) {
                normalizer.set("handle_chinese_chars", config.path("tokenize_chinese_chars"));
            }
            return new TokenizerFile(file.toString(), root.toString(), root, config);
        } catch (IllegalArgumentException unfit) {
            throw new CheckpointException(file + ": " + unfit.getMessage(), unfit);
        }
    }

    private static ObjectNode config(@Nullable Path folder) {
        var empty = JsonMapper.shared().createObjectNode();
        if (folder == null) {
            return empty;
        }
        var config = optional(folder.resolve(CONFIG), empty);
        var special = optional(folder.resolve(SPECIAL_MAP), empty);
        special.properties().forEach(entry -> {
            if (!config.has(entry.getKey())) {
                config.set(entry.getKey(), entry.getValue());
            }
        });
        return config;
    }

    private static ObjectNode optional(Path file, ObjectNode otherwise) {
        return Files.exists(file) ? object(file.toString(), text(file)) : otherwise.deepCopy();
    }

    private static String text(Path file) {
        try {
            long bytes = Files.size(file);
            if (bytes == 0) {
                throw new CheckpointException(file + ": the file is empty. Copy it again.");
            }
            if (bytes > LARGEST_BYTES) {
                throw new CheckpointException(file + ": " + bytes + " bytes are too many for a tokenizer's file; at most "
                        + LARGEST_BYTES + " are read. Is it another kind of file?");
            }
            return Files.readString(file);
        } catch (CharacterCodingException notText) {
            throw new CheckpointException(
                    file + ": expected text in UTF-8, but its bytes are not. Is it another kind of file?", notText);
        } catch (IOException problem) {
            throw new CheckpointException(file + ": it cannot be read: " + problem, problem);
        }
    }

    private static ObjectNode object(String name, String json) {
        JsonNode node;
        try {
            node = strict().readTree(json);
        } catch (JacksonException malformed) {
            var at = malformed.getLocation();
            throw new CheckpointException(
                    name + ":" + at.getLineNr() + ": not valid JSON at column " + at.getColumnNr() + ": "
                            + malformed.getOriginalMessage() + ". The file is damaged or cut short; copy it again.",
                    malformed);
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new CheckpointException(name + ": expected a JSON object, but got " + kind(node) + ".");
    }

    static String kind(JsonNode node) {
        return node.isMissingNode() ? "nothing" : node.getNodeType().toString().toLowerCase(Locale.ROOT);
    }

    private static String listing(Path folder) {
        List<String> names = new ArrayList<>();
        try (var files = Files.list(folder)) {
            files.limit(9).forEach(file -> names.add(file.getFileName().toString()));
        } catch (IOException | UncheckedIOException unreadable) {
            return "files that cannot be listed";
        }
        var shown = names.stream().sorted().limit(8).collect(Collectors.joining(", "));
        return names.isEmpty() ? "nothing" : names.size() > 8 ? shown + ", ..." : shown;
    }
}
