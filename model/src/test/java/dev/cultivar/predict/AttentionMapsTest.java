package dev.cultivar.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.image.Picture;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.CausalLmHead;
import dev.cultivar.nn.ConfigFile;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.Pooling;
import dev.cultivar.nn.RowClassifier;
import dev.cultivar.nn.Weights;
import dev.cultivar.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttentionMapsTest {
    private static final int WORDS = 20;
    private static final List<String> FRAMED = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
    private static final Map<String, Object> SIZES = Map.of("vocab_size", 30L, "hidden_size", 16L, "intermediate_size", 24L, "num_hidden_layers", 2L,
            "num_attention_heads", 4L, "max_position_embeddings", 12L, "initializer_range", 0.4, "pad_token_id", 0L, "type_vocab_size", 2L);
    private static final Consumer<Model> CLASSES = model -> RowClassifier.of(model, Pooling.CLS, 3, 0.3);
    private static final Offset<Double> CLOSE = Offset.offset(1e-5);

    @TempDir
    Path folder;

    private Path write(Map<String, Object> config, Consumer<Model> head, List<String> special, Map<String, Object> extra) {
        Map<String, Object> json = new LinkedHashMap<>(SIZES);
        json.putAll(config);
        var weights = new Weights(3, Weights.Stored.NONE);
        boolean pools = head.equals(CLASSES);
        try (var model = new Model(weights, Backbones.build(ConfigFile.of("config.json", json), weights, pools, Backbones.Custom.NONE))) {
            head.accept(model);
            Path place = Files.createTempDirectory(folder, "model");
            ModelFolder.write(place, model, head.equals(CLASSES) ? List.of("a", "b", "c") : List.of(), extra);
            tokenizer(place, special);
            return place;
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    private static void tokenizer(Path place, List<String> special) {
        List<String> pieces = new ArrayList<>(special);
        IntStream.range(0, WORDS).forEach(i -> pieces.add("w" + i));
        try (var tokenizer = Tokenizer.wordPiece(pieces, true)) {
            tokenizer.save(place, 12);
        }
    }

    private static void isWhole(TextAttention shown) {
        AttentionMap map = shown.map();
        assertThat(shown.pieces()).hasSize(map.keys());
        for (int layer = 0; layer < map.layers(); layer++) {
            for (int from = 0; from < map.tokens(); from++) {
                int asked = from;
                int at = layer;
                for (int head = 0; head < map.heads(); head++) {
                    int one = head;
                    assertThat(IntStream.range(0, map.keys()).mapToDouble(to -> map.at(at, one, asked, to)).sum()).isCloseTo(1, CLOSE);
                }
                assertThat(map.mean(layer)[from * map.keys()]).isCloseTo(
                        (float) IntStream.range(0, map.heads()).mapToDouble(head -> map.at(at, head, asked, 0)).average().orElseThrow(), Offset.offset(1e-6f));
            }
        }
        assertThat(sum(shown.rollout())).isCloseTo(1, CLOSE);
    }

    private static double sum(float[] shares) {
        return IntStream.range(0, shares.length).mapToDouble(i -> shares[i]).sum();
    }

    @Test
    void aClassifierReadsItsFirstTokenOfATextOrAPair() {
        try (var maps = AttentionMaps.open(write(Map.of("model_type", "bert"), CLASSES, FRAMED, Map.of()))) {
            TextAttention alone = maps.of("w3 w5");
            assertThat(alone.pieces()).containsExactly("[CLS]", "w3", "w5", "[SEP]");
            assertThat(alone.read()).containsExactly(0);
            assertThat(alone.cut()).isZero();
            assertThat(alone.map().layers()).isEqualTo(2);
            assertThat(alone.map().heads()).isEqualTo(4);
            isWhole(alone);
            TextAttention pair = maps.of(new TextPair("w3 w5", "w7"), 12);
            assertThat(pair.pieces()).containsExactly("[CLS]", "w3", "w5", "[SEP]", "w7", "[SEP]");
            isWhole(pair);
            assertThat(pair.map().at(0, 0, 1, 2)).isNotEqualTo(alone.map().at(0, 0, 1, 2));
        }
    }

    @Test
    void whatDoesNotFitIsCutAndCounted() {
        try (var maps = AttentionMaps.open(write(Map.of("model_type", "bert"), CLASSES, FRAMED, Map.of()))) {
            TextAttention shown = maps.of(new TextPair("w1 w2 w3 w4 w5 w6", ""), 5);
            assertThat(shown.pieces()).containsExactly("[CLS]", "w1", "w2", "w3", "[SEP]");
            assertThat(shown.cut()).isEqualTo(3);
            assertThat(maps.of("w1 ".repeat(30)).cut()).isEqualTo(20); // the model's own twelve
            assertThat(maps.of(new TextPair("w1 ".repeat(30), ""), 1000).pieces()).hasSize(12);
            assertThatThrownBy(() -> maps.of(new TextPair("w1", ""), 3)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("at least 4");
            assertThatThrownBy(() -> maps.of("  ")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("no piece");
        }
    }

    @Test
    void aMeanReadsAllTokens() {
        Consumer<Model> mean = model -> RowClassifier.of(model, Pooling.MEAN, 3, 0.3);
        try (var maps = AttentionMaps.open(write(Map.of("model_type", "bert"), mean, FRAMED, Map.of("task", "classification", "pooling", "mean")))) {
            TextAttention shown = maps.of("w3");
            assertThat(shown.read()).containsExactly(0, 1, 2);
            float[] each = new float[3];
            for (int token = 0; token < 3; token++) {
                float[] one = shown.map().rollout(token);
                IntStream.range(0, 3).forEach(key -> each[key] += one[key] / 3);
            }
            assertThat(shown.rollout()).usingComparatorWithPrecision(1e-6f).containsExactly(each);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "mistral"})
    void aDecoderReadsATextAsItIsAndItsLastToken(String type) {
        Map<String, Object> config = Map.of("model_type", type, "n_embd", 16L, "n_head", 4L, "n_layer", 2L, "n_positions", 12L, "num_key_value_heads", 2L,
                "sliding_window", 3L);
        Path place = write(config, model -> CausalLmHead.of(model), List.of("[UNK]"), Map.of());
        try (var maps = AttentionMaps.open(place)) {
            TextAttention shown = maps.of("w1 w2 w3 w4 w5");
            assertThat(shown.pieces()).containsExactly("w1", "w2", "w3", "w4", "w5");
            assertThat(shown.read()).containsExactly(4);
            assertThat(shown.map().heads()).isEqualTo(4);
            isWhole(shown);
            for (int from = 0; from < 5; from++) {
                for (int to = 0; to < 5; to++) {
                    boolean seen = to <= from && (!type.equals("mistral") || from - to < 3);
                    assertThat(shown.map().at(1, 3, from, to) > 0).isEqualTo(seen);
                }
            }
            assertThat(maps.of(new TextPair("w1 w2 w3 w4 w5", ""), 4).cut()).isOne();
            assertThatThrownBy(() -> maps.of(new TextPair("w1", "w2"), 12)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("one text");
        }
    }

    @Test
    void ofAnEncoderDecoderTheEncoderIsShown() {
        Map<String, Object> config = Map.of("model_type", "t5", "d_model", 16L, "d_kv", 4L, "d_ff", 24L, "num_layers", 3L, "num_decoder_layers", 1L,
                "num_heads", 4L, "decoder_start_token_id", 0L);
        Path place = write(config, model -> model.backbone().encoderDecoder().orElseThrow().head(model), FRAMED, Map.of());
        try (var maps = AttentionMaps.open(place)) {
            TextAttention shown = maps.of("w1 w2");
            assertThat(shown.pieces()).containsExactly("[CLS]", "w1", "w2", "[SEP]");
            assertThat(shown.map().layers()).isEqualTo(3);
            assertThat(shown.read()).containsExactly(0, 1, 2, 3);
            isWhole(shown);
            assertThat(maps.of(new TextPair("w1 w2 w3 w4", ""), 4).cut()).isEqualTo(2);
        }
    }

    /// Worked out by hand: two layers of one head over two tokens.
    @Test
    void rolloutMultipliesHalfOfEachLayerWithHalfOfTheTokens() {
        var map = new AttentionMap(List.of(new float[][] {{0.8f, 0.2f, 0.4f, 0.6f}}, new float[][] {{0.5f, 0.5f, 1, 0}}), 2, 2);
        // halves: [[.9, .1], [.2, .8]] below and [[.75, .25], [.5, .5]] above; the upper times the lower
        assertThat(map.rollout(0)).usingComparatorWithPrecision(1e-6f).containsExactly(0.75f * 0.9f + 0.25f * 0.2f, 0.75f * 0.1f + 0.25f * 0.8f);
        assertThat(map.rollout(1)).usingComparatorWithPrecision(1e-6f).containsExactly(0.55f, 0.45f);
        assertThat(map.rollout(0, 1)).usingComparatorWithPrecision(1e-6f).containsExactly((0.725f + 0.55f) / 2, (0.275f + 0.45f) / 2);
        assertThatThrownBy(() -> new AttentionMap(List.<float[][]>of(new float[][] {{1, 0, 1}}), 2, 2)).isInstanceOf(IllegalArgumentException.class);
    }

    /// What a layer takes of a prefix is no token's, so no layer below hands it on.
    @Test
    void whatAPrefixGivesStaysThere() {
        var map = new AttentionMap(List.of(new float[][] {{0.5f, 0.5f}}, new float[][] {{0.6f, 0.4f}}), 1, 2);
        // the token keeps 1/2 + 0.4/2 of itself above, and 3/4 of that below
        assertThat(map.rollout(0)).usingComparatorWithPrecision(1e-6f).containsExactly(0.3f + 0.7f * 0.25f, 0.7f * 0.75f);
    }

    @ParameterizedTest
    @ValueSource(strings = {"prefix", "prompt"})
    void virtualTokensAreCalledSo(String kind) throws IOException {
        Path fixture = Path.of(System.getProperty("cultivar.root", ".")).resolve("../shared/fixtures/peft-" + kind + "-llama");
        assumeTrue(Files.isDirectory(fixture), fixture + " is absent");
        for (String part : List.of("model", "adapter")) {
            Files.createDirectories(folder.resolve(part));
            try (var files = Files.list(fixture.resolve(part))) {
                for (Path file : files.toList()) {
                    Files.copy(file, folder.resolve(part).resolve(file.getFileName()));
                }
            }
        }
        tokenizer(folder.resolve("model"), List.of("[UNK]"));
        Map<String, @Nullable Object> config = JsonFiles.read(folder.resolve("adapter/adapter_config.json"));
        config.put("base_model_name_or_path", folder.resolve("model").toString());
        JsonFiles.write(folder.resolve("adapter/adapter_config.json"), config);
        int tokens = ((Number) config.get("num_virtual_tokens")).intValue();
        try (var maps = AttentionMaps.open(folder.resolve("adapter"))) {
            TextAttention shown = maps.of("w1 w2 w3");
            assertThat(shown.pieces()).startsWith("virtual 1", "virtual 2").endsWith("w1", "w2", "w3").hasSize(tokens + 3);
            assertThat(shown.map().tokens()).isEqualTo(kind.equals("prefix") ? 3 : tokens + 3);
            isWhole(shown);
        }
    }

    @Test
    void manyThreadsGetTheSameNumbers() throws Exception {
        try (var maps = AttentionMaps.open(write(Map.of("model_type", "bert"), CLASSES, FRAMED, Map.of())); var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            AttentionMap one = maps.of("w1 w2 w3").map();
            List<Callable<AttentionMap>> work = IntStream.range(0, 40).<Callable<AttentionMap>>mapToObj(t -> () -> maps.of("w1 w2 w3").map()).toList();
            for (Future<AttentionMap> each : threads.invokeAll(work)) {
                for (int head = 0; head < 4; head++) {
                    assertThat(each.get().values().getLast()[head]).containsExactly(one.values().getLast()[head]);
                }
            }
        }
        var closed = AttentionMaps.open(write(Map.of("model_type", "bert"), CLASSES, FRAMED, Map.of()));
        closed.close();
        closed.close();
        assertThatThrownBy(() -> closed.of("w1")).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
    }

    @Test
    void aPictureIsSeenInPatches() {
        Path place = write(Map.of("model_type", "vit", "image_size", List.of(8L, 12L), "num_channels", 1L, "patch_size", 4L), CLASSES, FRAMED, Map.of());
        byte[] pixels = new byte[16 * 24 * 3];
        IntStream.range(0, pixels.length).forEach(i -> pixels[i] = (byte) (i * 7));
        try (var maps = PictureAttentionMaps.open(place)) {
            PictureAttention shown = maps.of(new Picture(16, 24, 3, pixels));
            assertThat(shown.seen()).isEqualTo(new Picture(16, 24, 3, pixels).withChannels(1).fitted(8, 12, dev.cultivar.image.Fit.STRETCH));
            assertThat(shown.down()).isEqualTo(2);
            assertThat(shown.across()).isEqualTo(3);
            assertThat(shown.map().tokens()).isEqualTo(7);
            float[] all = shown.map().rollout(0);
            assertThat(sum(all)).isCloseTo(1, CLOSE);
            assertThat(shown.rollout()).containsExactly(all[1], all[2], all[3], all[4], all[5], all[6]);
            assertThat(shown.seenBy(1, 2)).containsExactly(row(shown.map(), 1, 2));
        }
        Path text = write(Map.of("model_type", "bert"), CLASSES, FRAMED, Map.of());
        assertThatThrownBy(() -> PictureAttentionMaps.open(text)).isInstanceOf(CheckpointException.class).hasMessageContaining("reads no pictures");
    }

    private static float[] row(AttentionMap map, int layer, int head) {
        float[] row = new float[6];
        IntStream.range(0, 6).forEach(i -> row[i] = map.at(layer, head, 0, i + 1));
        return row;
    }

    @Test
    void whatDoesNotAttendIsRefused() {
        Path place = write(Map.of("model_type", "cnn", "image_size", List.of(8L, 8L), "num_channels", 1L, "filters", List.of(4L), "kernel_size", 3L, "pool_size", 2L),
                CLASSES, FRAMED, Map.of());
        assertThatThrownBy(() -> PictureAttentionMaps.open(place)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no attention to show").hasMessageContaining("type cnn");
    }
}
