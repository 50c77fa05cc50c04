package dev.cultivar.nn;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.format.Mutations;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A damaged adapter_config.json beside whole weights opens, or is refused with a message; nothing else ever comes out.
class AdapterFuzzTest {
    private static final int MUTANTS = 150;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    Path folder;

    @ParameterizedTest
    @Timeout(120)
    @CsvSource(delimiterString = "::", textBlock = """
            60 :: {"peft_type": "LORA", "r": 2, "lora_alpha": 4, "use_dora": true, "target_modules": ["query", "output.dense"], "layers_to_transform": [0, 1], "layers_pattern": ["layer"], "rank_pattern": {"0.output.dense": 3}, "alpha_pattern": {"query": 1}}
            61 :: {"peft_type": "LORA", "r": 2, "use_rslora": true, "bias": "lora_only", "target_modules": "bert\\\\.encoder\\\\.(?P<n>layer)\\\\.[0-1]\\\\..*(query|value)", "exclude_modules": [".*1.*value"], "lora_dropout": 0.1}
            62 :: {"peft_type": "IA3", "target_modules": ["key", "value", "output.dense"], "feedforward_modules": ["output.dense"]}
            63 :: {"peft_type": "PROMPT_TUNING", "num_virtual_tokens": 3}
            64 :: {"peft_type": "PREFIX_TUNING", "num_virtual_tokens": 2}
            """)
    void mutations(long seed, String config) throws IOException {
        Path base = Files.createDirectories(folder.resolve("base"));
        Path adapter = Files.createDirectories(folder.resolve("adapter"));
        write(base, adapter, config);
        String whole = Files.readString(adapter.resolve(AdapterConfig.FILE));
        open(base, adapter);
        var mutations = new Mutations(seed);
        int opened = 0;
        int refused = 0;
        for (int i = 0; i < MUTANTS; i++) {
            Files.write(adapter.resolve(AdapterConfig.FILE), Mutations.utf8(mutations.json(whole)));
            long before = THREADS.getCurrentThreadAllocatedBytes();
            try {
                open(base, adapter);
                opened++;
            } catch (CheckpointException refusal) {
                refused++;
                assertThat(refusal.getMessage()).as(Files.readString(adapter.resolve(AdapterConfig.FILE))).contains(folder.toString()).hasSizeLessThan(12_000);
            } catch (Throwable wrong) {
                throw new AssertionError("mutant " + i + ": " + Files.readString(adapter.resolve(AdapterConfig.FILE)), wrong);
            }
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).as("bytes allocated for mutant %d", i).isLessThan(200_000_000);
        }
        assertThat(opened).isGreaterThan(MUTANTS / 20);
        assertThat(refused).isGreaterThan(MUTANTS / 5);
    }

    private static void write(Path base, Path adapter, String config) throws IOException {
        var bert = ConfigFile.of("base", new BertConfig(40, 16, 2, 2, 32, 12, 2, "gelu", 0.1, 0.1, 1e-12, 0.3, 0).json());
        try (var weights = new Weights(3, Weights.Stored.NONE)) {
            ModelFolder.write(base, new Model(weights, Backbones.build(bert, weights, false, Backbones.Custom.NONE)), List.of(), Map.of());
        }
        try (var opened = ModelFolder.open(base); var weights = new Weights(4, opened.stored(name -> false))) {
            AdapterConfig said = AdapterConfigReader.read(new ConfigFile("said", JsonFiles.parse(config, "said")));
            var model = new Model(weights, Backbones.build(opened.config().with(said), weights, false, Backbones.Custom.NONE));
            ModelFolder.write(adapter, model, List.of(), Map.of());
            Files.writeString(adapter.resolve(AdapterConfig.FILE), config); // as PEFT would: what is written here says less
        }
    }

    private static void open(Path base, Path adapter) {
        try (var open = ModelFolder.open(adapter, base)) {
            StoredWeights stored = open.stored(name -> false);
            try (var weights = new Weights(0, stored)) {
                Backbones.build(open.config(), weights, false, Backbones.Custom.NONE);
                stored.finish(weights, name -> false, name -> false);
            }
        }
    }
}
