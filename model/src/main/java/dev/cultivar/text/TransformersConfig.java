package dev.cultivar.text;

import java.util.List;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The `tokenizer_config.json` that tells transformers how to read the `tokenizer.json` beside it.
final class TransformersConfig {
    /// Where a tokenizer came from on somebody's machine is nobody's business.
    private static final List<String> PLACES = List.of(
            "name_or_path", "tokenizer_file", "vocab_file", "merges_file", "special_tokens_map_file", "is_local", "local_files_only");

    private TransformersConfig() {}

    static String write(TokenizerFile file, Special special, Vocabulary vocabulary, int maxTokens) {
        var config = file.config().deepCopy();
        config.remove(PLACES);
        config.put("model_max_length", maxTokens);
        name(config, "pad_token", special.pad(), vocabulary);
        name(config, "unk_token", special.unk(), vocabulary);
        name(config, "cls_token", special.cls(), vocabulary);
        name(config, "sep_token", special.sep(), vocabulary);
        name(config, "mask_token", special.mask(), vocabulary);
        name(config, "bos_token", special.begin(), vocabulary);
        name(config, "eos_token", special.end(), vocabulary);
        if (!config.has("tokenizer_class")) {
            describe(config, file.root());
        }
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(config);
    }

    private static void name(ObjectNode config, String role, OptionalInt id, Vocabulary vocabulary) {
        if (id.isPresent() && !config.has(role)) {
            config.put(role, vocabulary.piece(id.getAsInt()));
        }
    }

    /// transformers builds a BertTokenizer anew, from the vocabulary and these switches; so the class is named only where that
    /// gives the same tokenizer. The general class takes the `tokenizer.json` as it is.
    private static void describe(ObjectNode config, JsonNode root) {
        if (!isBert(config, root)) {
            config.put("tokenizer_class", "PreTrainedTokenizerFast");
            return;
        }
        var normalizer = root.path("normalizer");
        config.put("tokenizer_class", "BertTokenizer");
        config.put("do_lower_case", normalizer.path("lowercase").asBoolean());
        config.set("strip_accents", normalizer.path("strip_accents"));
        config.set("tokenize_chinese_chars", normalizer.path("handle_chinese_chars"));
    }

    private static boolean isBert(ObjectNode config, JsonNode root) {
        var model = root.path("model");
        return model.path("type").asString("").equals("WordPiece")
                && model.path("continuing_subword_prefix").asString("").equals("##")
                && model.path("max_input_chars_per_word").asInt(0) == 100
                && root.path("normalizer").path("type").asString("").equals("BertNormalizer")
                && root.path("normalizer").path("clean_text").asBoolean(false)
                && root.path("pre_tokenizer").path("type").asString("").equals("BertPreTokenizer")
                && List.of("pad_token", "unk_token", "cls_token", "sep_token", "mask_token").stream().allMatch(config::has);
    }
}
