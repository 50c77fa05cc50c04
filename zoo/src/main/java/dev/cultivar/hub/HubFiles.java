package dev.cultivar.hub;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.Said;
import dev.cultivar.format.ShardIndex;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Which of a repository's files are needed to open its model; a pickle never is.
final class HubFiles {
    static final String CONFIG = "config.json";
    static final String WEIGHTS = "model.safetensors";
    static final String ADAPTER_CONFIG = "adapter_config.json";
    static final String ADAPTER = "adapter_model.safetensors";

    /// Each of them alone tells how text becomes ids.
    static final List<String> TOKENIZERS = List.of("tokenizer.json", "vocab.txt", "vocab.json");

    private static final List<String> SMALL = List.of(
            CONFIG, "generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
            "vocab.txt", "vocab.json", "merges.txt", "chat_template.jinja", ADAPTER_CONFIG, "modules.json", "sentence_bert_config.json",
            "config_sentence_transformers.json", "1_Pooling/config.json");
    private static final List<String> UNREAD = List.of(".bin", ".pt", ".pth", ".ckpt", ".h5", ".msgpack", ".onnx", ".gguf");

    /// Where a model has several heads, how each is read.
    private static final Pattern HEAD = Pattern.compile("heads/[A-Za-z][A-Za-z0-9_-]{0,39}/config\\.json");

    private HubFiles() {}

    /// The files to fetch first; where an index is among them, the shards that it names come after.
    ///
    /// @param all names of the repository's files
    static List<String> needed(HubName name, Collection<String> all) {
        Stream<String> small = Stream.concat(SMALL.stream().filter(all::contains), all.stream().filter(file -> HEAD.matcher(file).matches()).sorted());
        if (!all.contains(CONFIG) && !all.contains(ADAPTER_CONFIG)) {
            throw new CheckpointException(name + ": has no " + CONFIG + "; expected a repository of a transformers model. It has "
                    + Said.names(all));
        }
        for (List<String> weights : List.of(List.of(WEIGHTS, "head.safetensors"), List.of(ShardIndex.NAME), List.of(ADAPTER))) {
            if (all.contains(weights.getFirst())) {
                return Stream.concat(small, weights.stream().filter(all::contains)).toList();
            }
        }
        List<String> unread = all.stream().filter(file -> UNREAD.stream().anyMatch(file::endsWith)).toList();
        if (unread.stream().anyMatch(file -> !file.endsWith(".onnx") && !file.endsWith(".gguf"))) {
            throw new CheckpointException(name + ": has no safetensors, only " + Said.names(unread) + ". A pickle can run any code when it"
                    + " is read, so Cultivar reads none. Look for a revision with safetensors (the hub's bot offers them as pull requests:"
                    + " " + name.repository() + "@refs/pr/N), or convert it where you trust it, in Python: load it and"
                    + " save_pretrained(FOLDER), and give that folder.");
        }
        throw new CheckpointException(name + ": has no " + WEIGHTS + " and no " + ShardIndex.NAME + "; it has " + Said.names(all)
                + ". Give a repository with safetensors.");
    }
}
