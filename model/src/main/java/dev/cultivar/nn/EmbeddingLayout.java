package dev.cultivar.nn;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/// What sentence-transformers' files say of how a model makes a vector of a text: `modules.json`, `1_Pooling/config.json` and the rest.
///
/// @param from       what a vector is made of
/// @param normalized whether it has length 1
/// @param maxLength  the longest row in tokens, where it is said
public record EmbeddingLayout(TextEmbedding.From from, boolean normalized, OptionalInt maxLength) {
    private static final String MODULES = "modules.json";
    private static final String LENGTH = "sentence_bert_config.json";
    private static final String POOLING = "1_Pooling";
    private static final String NORMALIZE = "2_Normalize";

    /// Whether a folder says how a vector is made.
    public static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(MODULES));
    }

    /// What a folder says; of one that says nothing vectors are means of tokens as they are, as sentence-transformers takes them.
    ///
    /// @throws CheckpointException where it says what is not built
    public static EmbeddingLayout read(Path folder) {
        TextEmbedding.From from = TextEmbedding.From.MEAN;
        boolean normalized = false;
        if (isIn(folder)) {
            for (Map<?, ?> module : modules(folder.resolve(MODULES))) {
                String type = String.valueOf(module.get("type"));
                switch (type.substring(type.lastIndexOf('.') + 1)) {
                    case "Transformer" -> {}
                    case "Pooling" -> from = pooling(folder.resolve(String.valueOf(module.get("path"))).resolve("config.json"));
                    case "Normalize" -> normalized = true;
                    default -> throw new CheckpointException(folder.resolve(MODULES) + ": module " + type
                            + " is not built; known are Transformer, Pooling and Normalize");
                }
            }
        }
        return new EmbeddingLayout(from, normalized, maxLength(folder));
    }

    private static List<Map<?, ?>> modules(Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.UTF_8);
            // The file is a list, and a JSON file of ours is a map.
            if (JsonFiles.parse("{\"modules\":" + text + "}", file.toString()).get("modules") instanceof List<?> list) {
                return list.stream().<Map<?, ?>>map(module -> {
                    if (module instanceof Map<?, ?> map) {
                        return map;
                    }
                    throw new CheckpointException(file + ": must be a list of modules, got " + module);
                }).toList();
            }
            throw new CheckpointException(file + ": must be a list of modules");
        } catch (IOException unreadable) {
            throw new CheckpointException(file + ": cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    private static TextEmbedding.From pooling(Path file) {
        Map<String, ?> config = JsonFiles.read(file);
        var modes = new TreeMap<String, Boolean>();
        config.forEach((key, value) -> {
            if (key.startsWith("pooling_mode_") && Boolean.TRUE.equals(value)) {
                modes.put(key.substring("pooling_mode_".length()), true);
            }
        });
        if (config.get("pooling_mode") instanceof String mode) {
            modes.put(mode, true);
        }
        return switch (String.join("+", modes.keySet())) {
            case "mean", "mean_tokens" -> TextEmbedding.From.MEAN;
            case "cls", "cls_token" -> TextEmbedding.From.CLS;
            case String other -> throw new CheckpointException(file + ": pooling by '" + other + "' is not built; known are mean and cls");
        };
    }

    private static OptionalInt maxLength(Path folder) {
        if (Files.exists(folder.resolve(LENGTH)) && JsonFiles.read(folder.resolve(LENGTH)).get("max_seq_length") instanceof Long length) {
            return OptionalInt.of(Math.toIntExact(length));
        }
        return OptionalInt.empty();
    }

    /// Writes the files beside a model, so that sentence-transformers opens the folder.
    ///
    /// @param width of a vector
    public void write(Path folder, int width) {
        boolean mean = from == TextEmbedding.From.MEAN;
        String modules = "[\n  " + module(0, "", "Transformer") + ",\n  " + module(1, POOLING, "Pooling")
                + (normalized ? ",\n  " + module(2, NORMALIZE, "Normalize") : "") + "\n]\n";
        try {
            Files.writeString(folder.resolve(MODULES), modules, StandardCharsets.UTF_8);
            Files.createDirectories(folder.resolve(POOLING));
            if (normalized) {
                Files.createDirectories(folder.resolve(NORMALIZE));
                JsonFiles.write(folder.resolve(NORMALIZE).resolve("config.json"), Map.of());
            }
        } catch (IOException failure) {
            throw new CheckpointException(folder.resolve(MODULES) + ": cannot be written: " + failure.getMessage(), failure);
        }
        Map<String, Object> pooling = new LinkedHashMap<>();
        pooling.put("word_embedding_dimension", width);
        pooling.put("pooling_mode_cls_token", !mean);
        pooling.put("pooling_mode_mean_tokens", mean);
        JsonFiles.write(folder.resolve(POOLING).resolve("config.json"), pooling);
        JsonFiles.write(folder.resolve("config_sentence_transformers.json"), Map.of("similarity_fn_name", "cosine"));
        if (maxLength.isPresent()) {
            Map<String, Object> length = new LinkedHashMap<>();
            length.put("max_seq_length", maxLength.getAsInt());
            length.put("do_lower_case", false);
            JsonFiles.write(folder.resolve(LENGTH), length);
        }
    }

    private static String module(int index, String path, String type) {
        Map<String, Object> module = new LinkedHashMap<>();
        module.put("idx", index);
        module.put("name", Integer.toString(index));
        module.put("path", path);
        module.put("type", "sentence_transformers.models." + type);
        return JsonFiles.line(module).strip();
    }
}
