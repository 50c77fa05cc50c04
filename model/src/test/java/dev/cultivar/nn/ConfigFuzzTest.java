package dev.cultivar.nn;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.Mutations;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A damaged config.json beside whole weights opens, or is refused; it never makes anybody allocate what the weights do not explain.
class ConfigFuzzTest {
    private static final int MUTANTS = 200;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    Path folder;

    @Test
    @Timeout(120)
    void mutations() throws IOException {
        List<Map<String, Object>> configs = List.of(
                new BertConfig(40, 16, 2, 2, 32, 12, 2, "gelu", 0.1, 0.1, 1e-12, 0.3, 0).json(),
                json("gpt2", Map.of("vocab_size", 40L, "n_embd", 16L, "n_layer", 2L, "n_head", 2L, "n_positions", 12L)),
                json("llama", Map.of("vocab_size", 40L, "hidden_size", 16L, "num_hidden_layers", 2L, "num_attention_heads", 2L,
                        "num_key_value_heads", 1L, "intermediate_size", 32L, "max_position_embeddings", 12L)),
                new MlpConfig(new ImageShape(1, 5, 4), List.of(6, 7), "relu", 0.1).json(),
                new CnnConfig(new ImageShape(1, 9, 9), List.of(3, 4), 3, 4, CnnConfig.Pooled.LAST).json(),
                new VggConfig(new ImageShape(1, 32, 32), List.of(2, 2, 2, 2, 2), 4, 0.5).json(),
                new ResNetConfig(new ImageShape(1, 32, 32), 4, List.of(4, 6), List.of(1, 2), ResNetConfig.Layer.BASIC, "relu", false, false,
                        ResNetConfig.Stem.IMAGENET).json(),
                new VitConfig(new ImageShape(1, 8, 8), 4, 12, 2, 3, 20, "gelu", 0, 0, 1e-12, 0.02, true).json());
        for (int family = 0; family < configs.size(); family++) {
            survives(configs.get(family), 40 + family);
        }
    }

    private static Map<String, Object> json(String type, Map<String, Object> values) {
        Map<String, Object> config = new LinkedHashMap<>(new TreeMap<>(values));
        config.put("model_type", type);
        return config;
    }

    private void survives(Map<String, Object> config, long seed) throws IOException {
        try (var weights = new Weights(3, Weights.Stored.NONE)) {
            var backbone = Backbones.build(ConfigFile.of("whole", config), weights, false, Backbones.Custom.NONE);
            ModelFolder.write(folder, new Model(weights, backbone), List.of(), Map.of());
        }
        String whole = Files.readString(folder.resolve("config.json"));
        open();
        var mutations = new Mutations(seed);
        int opened = 0;
        int refused = 0;
        for (int i = 0; i < MUTANTS; i++) {
            Files.write(folder.resolve("config.json"), Mutations.utf8(mutations.json(whole)));
            long before = THREADS.getCurrentThreadAllocatedBytes();
            try {
                open();
                opened++;
            } catch (CheckpointException refusal) {
                refused++;
                assertThat(refusal.getMessage()).contains(folder.toString()).hasSizeLessThan(12_000);
            } catch (Throwable wrong) {
                throw new AssertionError("mutant " + i + ": " + Files.readString(folder.resolve("config.json")), wrong);
            }
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).as("bytes allocated for mutant %d", i).isLessThan(200_000_000);
        }
        assertThat(opened).isGreaterThan(MUTANTS / 20);
        assertThat(refused).isGreaterThan(MUTANTS / 5);
    }

    private void open() {
        try (var open = ModelFolder.open(folder)) {
            StoredWeights stored = open.stored(name -> false);
            try (var weights = new Weights(0, stored)) {
                Backbones.build(open.config(), weights, false, Backbones.Custom.NONE);
                stored.finish(weights, name -> false, name -> false);
            }
        }
    }
}
