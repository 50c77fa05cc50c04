package dev.cultivar.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A damaged index is read to plain names of files beside it, or refused.
class ShardIndexFuzzTest {
    private static final int MUTANTS = 1_000;
    private static final String WHOLE = """
            {"metadata": {"total_size": 123456},
             "weight_map": {"a.weight": "model-00001-of-00002.safetensors", "a.bias": "model-00001-of-00002.safetensors",
               "b.weight": "model-00002-of-00002.safetensors"}}
            """;

    @TempDir
    Path folder;

    @Test
    void mutations() throws IOException {
        Path file = folder.resolve(ShardIndex.NAME);
        var mutations = new Mutations(31);
        int opened = 0;
        int refused = 0;
        for (int i = 0; i < MUTANTS; i++) {
            Files.write(file, i % 2 == 0 ? Mutations.utf8(mutations.json(WHOLE)) : mutations.bytes(Mutations.utf8(WHOLE)));
            try {
                assertThat(ShardIndex.read(file).shards()).allMatch(name -> folder.resolve(name).getParent().equals(folder) && name.endsWith(".safetensors"));
                opened++;
            } catch (CheckpointException refusal) {
                assertThat(refusal.getMessage()).startsWith(file.toString()).hasSizeLessThan(2_000);
                refused++;
            }
        }
        assertThat(opened).isGreaterThan(MUTANTS / 20);
        assertThat(refused).isGreaterThan(MUTANTS / 3);
    }
}
