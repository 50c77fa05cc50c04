package dev.cultivar.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.format.SafetensorsWriter.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightFilesTest {
    private static final String FIRST = "model-00001-of-00002.safetensors";
    private static final String SECOND = "model-00002-of-00002.safetensors";

    @TempDir
    Path folder;

    private void shard(String file, String... tensors) {
        SafetensorsWriter.write(folder.resolve(file), Arrays.stream(tensors)
                .map(name -> Tensor.of(name, ElementType.F32, new long[] {2}, MemorySegment.ofArray(new float[] {1, 2})))
                .toList());
    }

    private void index(Map<String, String> tensors) {
        Map<String, Object> index = new LinkedHashMap<>();
        index.put("metadata", Map.of("total_size", 24));
        index.put("weight_map", tensors);
        JsonFiles.write(folder.resolve(ShardIndex.NAME), index);
    }

    private void good() {
        shard(FIRST, "a", "b");
        shard(SECOND, "c");
        index(Map.of("a", FIRST, "b", FIRST, "c", SECOND));
    }

    private void refused(String... words) {
        assertThatThrownBy(() -> WeightFiles.open(folder).forEach(Safetensors::close))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(folder.toString())
                .hasMessageContainingAll(words);
    }

    @Test
    void shardsAreOpenedInTheIndexOrderWithAHeadAfterThem() {
        good();
        shard("head.safetensors", "classifier.weight");
        assertThat(WeightFiles.names(folder)).containsExactly(FIRST, SECOND, "head.safetensors");
        List<Safetensors> files = WeightFiles.open(folder);
        assertThat(files).extracting(file -> List.copyOf(file.entries().keySet()))
                .containsExactly(List.of("a", "b"), List.of("c"), List.of("classifier.weight"));
        files.forEach(Safetensors::close);
        shard(WeightFiles.WHOLE, "all");
        assertThat(WeightFiles.names(folder)).as("one file goes first").containsExactly(WeightFiles.WHOLE, "head.safetensors");
    }

    @Test
    void aShardThatIsMissing() throws IOException {
        good();
        Files.delete(folder.resolve(SECOND));
        refused("names 1 of 2 files that are not there", SECOND);
    }

    @Test
    void aShardThatWasCutShort() throws IOException {
        good();
        byte[] bytes = Files.readAllBytes(folder.resolve(SECOND));
        Files.write(folder.resolve(SECOND), Arrays.copyOf(bytes, bytes.length - 3));
        refused(SECOND);
    }

    @Test
    void tensorsThatTheIndexNamesAndTheShardLacks() {
        good();
        index(Map.of("a", FIRST, "b", FIRST, "c", SECOND, "d", SECOND));
        refused(SECOND + " lacks 'd'");
    }

    @Test
    void tensorsThatTheIndexDoesNotKnow() {
        good();
        index(Map.of("a", FIRST, "c", SECOND));
        refused(FIRST + " has, unknown to the index, 'b'");
    }

    @Test
    void tensorsThatLieInTwoShards() {
        good();
        shard(SECOND, "c", "b");
        refused(SECOND + " has, though the index says that another file does, 'b'");
    }

    @Test
    void anIndexOfPicklesOrOfNothing() throws IOException {
        index(Map.of("a", "pytorch_model-00001-of-00002.bin"));
        refused("a pickle");
        index(Map.of("a", "../elsewhere.safetensors"));
        refused("beside the index");
        index(Map.of());
        refused("no weight_map");
        Files.writeString(folder.resolve(ShardIndex.NAME), "{\"weight_map\": {\"a\": 3}}");
        refused("tensor 'a' lies in '3'");
    }

    @Test
    void picklesAreRefusedWithTheWayOut() throws IOException {
        for (String name : List.of("pytorch_model.bin", "model.pt", "weights.pth", "last.ckpt", "pytorch_model.bin.index.json")) {
            Path file = Files.writeString(folder.resolve(name), "x");
            refused(name, "a pickle can run code", "save_pretrained");
            Files.delete(file);
        }
        refused("model.safetensors is missing and the folder is empty");
        Files.writeString(folder.resolve("config.json"), "{}");
        refused("model.safetensors is missing; the folder has 'config.json'");
    }
}
