package dev.cultivar.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cultivar.batch.Batch;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.format.Safetensors;
import dev.cultivar.hub.Hub;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.Weights;
import dev.cultivar.text.Tokenizer;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MiniLmTest {
    @TempDir
    static Path home;

    private static Path folder = Path.of("");

    @BeforeAll
    static void writeOut() throws Exception {
        // Two threads want it at once, and get the same one.
        try (var threads = Executors.newFixedThreadPool(2)) {
            Callable<Path> find = () -> Models.with(Map.of("CULTIVAR_HOME", home.toString()), Hub.Listener.NONE).folder("minilm");
            var found = threads.invokeAll(List.of(find, find));
            folder = found.getFirst().get();
            assertThat(found.getLast().get()).isEqualTo(folder);
        }
    }

    private static JsonNode shared(String file) {
        Path path = Path.of(System.getProperty("cultivar.root", "..")).resolve("../shared/data/models/minilm").resolve(file);
        assumeTrue(Files.exists(path), "skipped: ../shared/data/models/minilm/" + file + " is not here");
        return JsonMapper.shared().readTree(path.toFile());
    }

    @Test
    void itIsAHuggingFaceFolderAndNothingElseIsLeft() throws IOException {
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "modules.json",
                            "1_Pooling", "sentence_bert_config.json", "README.md");
        }
        try (var files = Files.list(folder.getParent())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(folder.getFileName().toString(), "." + folder.getFileName() + ".lock");
        }
        assertThat(JsonFiles.read(folder.resolve("config.json")))
                .containsEntry("hidden_size", 384L)
                .containsEntry("num_hidden_layers", 6L)
                .containsEntry("intermediate_size", 1536L)
                .containsEntry("vocab_size", 30522L)
                .containsEntry("max_position_embeddings", 512L);
        assertThat(folder.resolve("README.md")).content().startsWith("---\nlicense: apache-2.0\n");
        try (var weights = Safetensors.open(folder.resolve("model.safetensors"))) {
            assertThat(weights.entries()).hasSize(5 + 6 * 16);
            assertThat(weights.entry("encoder.layer.3.output.dense.weight").shape()).containsExactly(384, 1536);
        }
    }

    @Test
    void hiddenStatesAndEmbeddingsAreThePublishedOnes() {
        JsonNode sentences = shared("sents.json");
        JsonNode golden = shared("minilm-golden.json").path("minilm");
        try (var open = ModelFolder.open(folder); var tokenizer = Tokenizer.open(folder)) {
            var stored = open.stored(name -> false);
            var weights = new Weights(0, stored);
            try (var model = new Model(weights, Backbones.build(open.config(), weights, false, Backbones.Custom.NONE))) {
                assertThat(stored.finish(weights, name -> false, name -> false)).isEmpty();
                for (int i = 0; i < golden.size(); i++) {
                    int[] ids = ids(tokenizer, sentences.get(i).asString());
                    assertThat(ids).isEqualTo(ints(golden.get(i).path("ids")));
                    float[] states = states(model, ids); // (T, C)
                    assertThat(Arrays.copyOf(states, 8)).containsExactly(floats(golden.get(i).path("last_hidden_tok0_first8")), within(2e-5f));
                    assertThat(embedding(states, 384)).containsExactly(floats(golden.get(i).path("embedding")), within(2e-6f));
                }
            }
        }
    }

    private static int[] ids(Tokenizer tokenizer, String text) {
        List<Integer> row = new ArrayList<>(List.of(tokenizer.special().cls().orElseThrow()));
        Arrays.stream(tokenizer.ids(text)).forEach(row::add);
        row.add(tokenizer.special().sep().orElseThrow());
        return row.stream().mapToInt(Integer::intValue).toArray();
    }

    private static float[] states(Model model, int[] ids) {
        var batch = Batch.of(0).ints("input_ids", ids, 1, ids.length).build();
        try (var scope = Scope.open()) {
            return Tensors.floats(model.backbone().forward(Inputs.of(batch), Mode.INFERENCE).states());
        }
    }

    /// The mean over tokens, divided by its length.
    private static float[] embedding(float[] states, int width) {
        double[] mean = new double[width];
        for (int i = 0; i < states.length; i++) {
            mean[i % width] += states[i];
        }
        double length = Math.sqrt(Arrays.stream(mean).map(value -> value * value).sum());
        float[] unit = new float[width];
        for (int i = 0; i < width; i++) {
            unit[i] = (float) (mean[i] / length);
        }
        return unit;
    }

    @Test
    void wordPiecesAreThePublishedOnes() {
        JsonNode golden = shared("wordpiece-golden.json");
        assertThat(golden.size()).isGreaterThan(40);
        try (var tokenizer = Tokenizer.open(folder)) {
            for (JsonNode each : golden) {
                assertThat(tokenizer.ids(each.path("text").asString())).as(each.toString()).isEqualTo(ints(each.path("ids")));
            }
        }
    }

    private static int[] ints(JsonNode list) {
        return list.valueStream().mapToInt(JsonNode::asInt).toArray();
    }

    private static float[] floats(JsonNode list) {
        float[] values = new float[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) list.get(i).asDouble();
        }
        return values;
    }

    @Test
    void anUnknownNameListsTheKnownOnes() {
        assertThatThrownBy(() -> Models.find("minilmm"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("minilmm: no such folder")
                .hasMessageEndingWith("Did you mean 'minilm'?");
        assertThatThrownBy(() -> Models.find("bert-base/uncased")).hasMessageEndingWith("Did you mean 'hf:bert-base/uncased'?");
        assertThatThrownBy(() -> Models.find("hf:one/two/three")).hasMessageContaining("hf:org/name@revision");
    }

    @Test
    void theCacheIsWhereThePlatformKeepsCaches() {
        Path user = Path.of("home");
        assertThat(ModelCache.of(Map.of(), user, "Linux").folder()).isEqualTo(Path.of("home", ".cache", "cultivar", "models"));
        assertThat(ModelCache.of(Map.of("XDG_CACHE_HOME", "x"), user, "Linux").folder()).isEqualTo(Path.of("x", "cultivar", "models"));
        assertThat(ModelCache.of(Map.of(), user, "Mac OS X").folder())
                .isEqualTo(Path.of("home", "Library", "Caches", "cultivar", "models"));
        assertThat(ModelCache.of(Map.of("LOCALAPPDATA", "l"), user, "Windows 11").folder()).isEqualTo(Path.of("l", "cultivar", "models"));
        assertThat(ModelCache.of(Map.of("CULTIVAR_HOME", "c", "XDG_CACHE_HOME", "x"), user, "Linux").folder())
                .isEqualTo(Path.of("c", "models"));
    }
}
