package dev.cultivar.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.ElementType;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.format.Safetensors;
import dev.cultivar.format.SafetensorsWriter;
import dev.cultivar.format.SafetensorsWriter.Tensor;
import dev.cultivar.format.ShardIndex;
import dev.cultivar.torch.Tensors;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a checkpoint that does not fit says of itself.
class StrictLoadingTest {
    private static final BertConfig CONFIG = new BertConfig(40, 16, 3, 2, 32, 12, 2, "gelu", 0.1, 0.1, 1e-12, 0.3, 0);

    @TempDir
    Path folder;

    @BeforeEach
    void write() {
        try (var weights = new Weights(3, Weights.Stored.NONE)) {
            ModelFolder.write(folder, new Model(weights, new Bert(weights, CONFIG, false)), List.of(), Map.of());
        }
    }

    private void config(String key, Object value) {
        Map<String, @Nullable Object> config = JsonFiles.read(folder.resolve("config.json"));
        config.put(key, value);
        JsonFiles.write(folder.resolve("config.json"), config);
    }

    private Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        try (var file = Safetensors.open(folder.resolve("model.safetensors"))) {
            file.entries().forEach((name, entry) ->
                    tensors.put(name, Tensor.of(name, entry.type(), entry.shape(), MemorySegment.ofArray(file.floats(name)))));
        }
        return tensors;
    }

    private void rewrite(UnaryOperator<Map<String, Tensor>> change) {
        SafetensorsWriter.write(folder.resolve("model.safetensors"), List.copyOf(change.apply(tensors()).values()));
    }

    private static Tensor filled(String name, long... shape) {
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        return Tensor.of(name, ElementType.F32, shape, MemorySegment.ofArray(new float[(int) count]));
    }

    private void open() {
        try (var open = ModelFolder.open(folder)) {
            StoredWeights stored = open.stored(name -> false);
            try (var weights = new Weights(0, stored)) {
                Backbones.build(open.config(), weights, false, Backbones.Custom.NONE);
                stored.finish(weights, name -> false, name -> false);
                stored.requireFinite(weights);
            }
        }
    }

    private void refused(String... words) {
        assertThatThrownBy(this::open)
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(folder.toString())
                .hasMessageContainingAll(words);
    }

    @Test
    void aVocabularyThatWasResized() {
        config("vocab_size", 43);
        refused("1 tensors of another shape (bert.embeddings.word_embeddings.weight is [40, 16], expected [43, 16])",
                "vocabulary was resized", "40 rows", "config.json says 43", "Set vocab_size there to 40");
    }

    @Test
    void layersThatAreTooFewOrTooMany() {
        config("num_hidden_layers", 5);
        refused("32 tensors missing (bert.encoder.layer.3.attention", "bert.encoder.layer.4.output.LayerNorm.bias)", "more layers than the file has");
        config("num_hidden_layers", 2);
        refused("16 tensors unexpected (", "encoder.layer.2.output.dense.weight", "The file has more layers than config.json says");
    }

    @Test
    void anotherArchitecture() {
        rewrite(all -> {
            Map<String, Tensor> renamed = new LinkedHashMap<>();
            all.forEach((name, tensor) -> renamed.put("h." + name, Tensor.of("h." + name, tensor.type(), tensor.shape(), tensor.bytes().get())));
            return renamed;
        });
        refused("53 tensors missing", "53 tensors unexpected", "and 13 more", "Another architecture wrote them");
    }

    @Test
    void theHeadOfAnotherTask() {
        rewrite(all -> {
            all.put("qa_outputs.weight", filled("qa_outputs.weight", 2, 16));
            all.put("qa_outputs.bias", filled("qa_outputs.bias", 2));
            return all;
        });
        refused("2 tensors unexpected (qa_outputs", "the head is another task's");
    }

    @Test
    void anotherSize() {
        config("hidden_size", 24);
        config("intermediate_size", 64);
        refused("53 tensors of another shape", "and 13 more", "of a model of another size");
    }

    @Test
    void everyFaultIsInOneMessage() {
        rewrite(all -> {
            all.remove("encoder.layer.1.output.dense.bias");
            all.put("surprise", filled("surprise", 1));
            all.put("embeddings.LayerNorm.bias", filled("embeddings.LayerNorm.bias", 17));
            return all;
        });
        refused("1 tensors missing (bert.encoder.layer.1.output.dense.bias)", "1 tensors unexpected (surprise)",
                "1 tensors of another shape (bert.embeddings.LayerNorm.bias is [17], expected [16])");
    }

    @Test
    void valuesThatAreNoNumbers() {
        rewrite(all -> {
            String name = "encoder.layer.0.output.dense.bias";
            float[] values = new float[16];
            values[3] = Float.NaN;
            values[4] = Float.NEGATIVE_INFINITY;
            all.put(name, Tensor.of(name, ElementType.F32, new long[] {16}, MemorySegment.ofArray(values)));
            String large = "encoder.layer.0.output.LayerNorm.bias"; // the sum overflows, and each value is one
            float[] finite = new float[16];
            Arrays.fill(finite, Float.MAX_VALUE);
            all.put(large, Tensor.of(large, ElementType.F32, new long[] {16}, MemorySegment.ofArray(finite)));
            return all;
        });
        refused("1 tensors hold values that are NaN or infinite: bert.encoder.layer.0.output.dense.bias (2 of 16)");
    }

    @Test
    void anUnknownFamilyListsTheKnownOnes() {
        config("model_type", "mystery");
        refused("model_type mystery", "known are", "bert", "gpt2", "llama");
    }

    @Test
    void shardsGiveTheSameModel() throws IOException {
        float[] whole = value();
        Map<String, String> index = new LinkedHashMap<>();
        List<List<Tensor>> shards = List.of(new ArrayList<>(), new ArrayList<>());
        tensors().forEach((name, tensor) -> {
            int shard = index.size() % 2;
            shards.get(shard).add(tensor);
            index.put(name, "model-0000" + shard + ".safetensors");
        });
        for (int shard = 0; shard < 2; shard++) {
            SafetensorsWriter.write(folder.resolve("model-0000" + shard + ".safetensors"), shards.get(shard));
        }
        JsonFiles.write(folder.resolve(ShardIndex.NAME), Map.of("weight_map", index));
        Files.delete(folder.resolve("model.safetensors"));
        assertThat(value()).isEqualTo(whole);
    }

    private float[] value() {
        try (var open = ModelFolder.open(folder)) {
            StoredWeights stored = open.stored(name -> false);
            try (var weights = new Weights(0, stored)) {
                Backbones.build(open.config(), weights, false, Backbones.Custom.NONE);
                assertThat(stored.finish(weights, name -> false, name -> false)).isEmpty();
                return Tensors.floats(weights.master("bert.encoder.layer.2.output.dense.weight"));
            }
        }
    }
}
