package dev.cultivar.predict;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.ModelPlace;
import dev.cultivar.format.Sha256;
import dev.cultivar.nn.ModelFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// By what two models are told apart whose vectors must not be mixed: SHA-256 of weights, configuration, tokenizer, and how a vector is made.
///
/// It depends on no path and no time: a model that was copied keeps it.
public final class ModelFingerprint {
    private static final List<String> OWN = List.of(
            "config.json", "adapter_config.json", "adapter_model.safetensors", "preprocessor_config.json", "modules.json", "sentence_bert_config.json",
            "1_Pooling/config.json");
    private static final List<String> OF_TOKENIZER = List.of("tokenizer.json", "vocab.txt");

    private ModelFingerprint() {}

    /// In hexadecimal digits; reads all weights.
    ///
    /// @param run what a user wrote: a run folder, a checkpoint, a Hugging Face folder
    public static String of(String run) {
        try (var folder = ModelFolder.open(ModelPlace.find(run))) {
            MessageDigest digest = Sha256.digest();
            digest.update(folder.hash().getBytes(StandardCharsets.US_ASCII));
            for (Path file : Stream.concat(
                    OWN.stream().map(folder.folder()::resolve), OF_TOKENIZER.stream().map(folder.tokenizerFolder()::resolve)).toList()) {
                if (Files.isRegularFile(file)) {
                    String name = Objects.requireNonNull(file.getFileName()).toString();
                    digest.update((name + " " + Sha256.of(file) + "\n").getBytes(StandardCharsets.UTF_8));
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException unreadable) {
            throw new CheckpointException(run + ": cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }
}
