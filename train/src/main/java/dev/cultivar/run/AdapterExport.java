package dev.cultivar.run;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.ModelPlace;
import dev.cultivar.nn.Backbone;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.CausalLmHead;
import dev.cultivar.nn.Merged;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.Pooling;
import dev.cultivar.nn.RowClassifier;
import dev.cultivar.nn.Weights;
import dev.cultivar.objective.LabelFacts;
import dev.cultivar.text.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Hands an adapter on: merged into its base as a whole model, or as the folder that PEFT opens.
public final class AdapterExport {
    private static final List<String> PEFT = List.of(
            "adapter_config.json", "adapter_model.safetensors", "head.safetensors", "config.json", "tokenizer.json", "tokenizer_config.json",
            "special_tokens_map.json", "vocab.txt", "vocab.json", "merges.txt");

    private AdapterExport() {}

    /// Writes a Hugging Face folder of the base with the adapter worked into its weights, the head included; its predictions are the
    /// adapter's within rounding.
    ///
    /// @param run a run folder, a checkpoint, or a folder that PEFT wrote
    /// @param out a folder that does not exist, or is empty
    public static void merge(Path run, Path out, Extensions extensions) {
        Path place = ModelPlace.find(run.toString());
        try (var folder = opened(place)) {
            requireEmpty(out);
            Map<String, Object> extra = new LinkedHashMap<>();
            folder.extra().forEach((key, value) -> extra.put(String.valueOf(key), value));
            extra.remove("base_sha256");
            if (Files.exists(place.resolve("recipe.yaml"))) {
                var task = Built.Task.withoutText(LabelFacts.even(folder.labels()));
                try (var built = Built.of(Measured.recipe(place), task, Optional.of(place), 1, extensions)) {
                    write(built.model(), out, folder.labels(), extra);
                }
            } else {
                withHead(folder, out, extra, extensions);
            }
            tokenizer(folder, out);
        }
    }

    /// Writes the tokenizer of a model, with the longest row that it takes.
    static void tokenizer(ModelFolder folder, Path out) {
        try (var tokenizer = Tokenizer.open(folder.tokenizerFolder())) {
            int length = folder.extra().get("max_length") instanceof Long stated ? stated.intValue() : folder.config().whole("max_position_embeddings", 512);
            tokenizer.save(out, length);
        }
    }

    /// A folder that says nothing of its task but by the head that it has.
    private static void withHead(ModelFolder folder, Path out, Map<String, Object> extra, Extensions extensions) {
        var stored = folder.stored(name -> false);
        try (var weights = new Weights(0, stored)) {
            Backbone backbone = Backbones.build(folder.config(), weights, folder.hasClassifier(), extensions.backbones());
            var model = new Model(weights, backbone);
            if (folder.hasClassifier()) {
                RowClassifier.of(model, Pooling.CLS, folder.classes(), 0);
            } else if (backbone.words().isPresent()) {
                CausalLmHead.of(model);
            }
            stored.finish(weights, name -> false, name -> backbone.depth(name) < 0 || backbone.depth(name) > backbone.layers());
            write(model, out, folder.labels(), extra);
        }
    }

    private static void write(Model model, Path out, List<String> labels, Map<String, Object> extra) {
        try (var merged = Merged.of(model.weights())) {
            ModelFolder.write(out, model, labels, extra);
        }
    }

    /// Writes the folder that PEFT opens on the base, with the tokenizer and the labels beside it.
    ///
    /// @param run a run folder, or a checkpoint
    /// @param out a folder that does not exist, or is empty
    public static void peft(Path run, Path out) {
        Path place = ModelPlace.find(run.toString());
        opened(place).close();
        requireEmpty(out);
        try {
            for (String name : PEFT) {
                if (Files.exists(place.resolve(name))) {
                    Files.copy(place.resolve(name), out.resolve(name));
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static ModelFolder opened(Path place) {
        ModelFolder folder = ModelFolder.open(place);
        if (folder.base().isEmpty()) {
            folder.close();
            throw new CheckpointException(place + ": is a whole model, not an adapter; there is nothing to merge or to split off");
        }
        return folder;
    }

    private static void requireEmpty(Path out) {
        try {
            Files.createDirectories(out);
            try (var files = Files.list(out)) {
                if (files.findAny().isPresent()) {
                    throw new CheckpointException(out + ": is not empty; name a folder that does not exist yet");
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
