package dev.cultivar.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.Draw;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.ElementType;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.format.Safetensors;
import dev.cultivar.format.SafetensorsWriter;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What holds for every decoder, without another implementation to compare with.
class DecodersTest {
    private static final Offset<Float> CLOSE = Offset.offset(2e-5f);
    private static final int VOCABULARY = 23;
    private static final int WIDTH = 24;

    enum Kind {
        GPT2,
        LLAMA,
        LLAMA_UNTIED,
        MISTRAL,
        QWEN2,
        QWEN3,
        GEMMA2,
        GEMMA3,
        GPT_NEOX,
        GPT_NEOX_IN_TURN;

        private static final Rope ROPE = new Rope(100, new Rope.Scaling.None());
        private static final List<Sight> SIGHTS = List.of(Sight.SLIDING, Sight.FULL, Sight.SLIDING);
        private static final OptionalInt WINDOW = OptionalInt.of(3);

        Backbone build(Weights weights) {
            return switch (this) {
                case GPT2 -> new Gpt2(weights, new Gpt2Config(
                        VOCABULARY, WIDTH, 3, 4, 40, 16, "gelu_new", 0.1, 0.1, 0.1, 1e-5, 0.3, true, false, true, SpecialIds.padding(0)));
                case LLAMA -> llama(weights, new Rope(100, new Rope.Scaling.Llama3(4, 1, 4, 8)), true);
                case LLAMA_UNTIED -> llama(weights, new Rope(10_000, new Rope.Scaling.Linear(2)), false);
                case MISTRAL -> new RotaryDecoder(weights, new MistralConfig(shape(false), ROPE, WINDOW));
                case QWEN2 -> new RotaryDecoder(weights, new Qwen2Config(shape(true), ROPE, SIGHTS, WINDOW));
                case QWEN3 -> new RotaryDecoder(weights, new Qwen3Config(shape(false), ROPE, SIGHTS, WINDOW, true));
                case GEMMA2 -> new RotaryDecoder(weights, new Gemma2Config(
                        shape(true), ROPE, SIGHTS, WINDOW, 9, Optional.of(new SoftCap(2)), Optional.of(new SoftCap(3)), false));
                case GEMMA3 -> new RotaryDecoder(weights, new Gemma3Config(
                        shape(true), ROPE, new Rope(10, new Rope.Scaling.None()), SIGHTS, WINDOW, 9, Optional.of(new SoftCap(3)), true));
                case GPT_NEOX -> neoX(weights, true, false);
                case GPT_NEOX_IN_TURN -> neoX(weights, false, true);
            };
        }

        private static DecoderShape shape(boolean tied) {
            return new DecoderShape(VOCABULARY, WIDTH, 3, 4, 2, 8, 40, 16, "silu", 0.1, 1e-6, 0.3, tied, SpecialIds.padding(0));
        }

        private static Backbone neoX(Weights weights, boolean parallel, boolean tied) {
            return new GptNeoX(weights, new GptNeoXConfig(
                    VOCABULARY, WIDTH, 3, 4, 40, 16, "gelu", 0.1, 0.1, 1e-5, 0.3, ROPE, 0.67, parallel, parallel, tied, SpecialIds.padding(0)));
        }

        /// The vectors of pieces in a file without a prefix.
        String table() {
            return switch (this) {
                case GPT2 -> "wte.weight";
                case GPT_NEOX, GPT_NEOX_IN_TURN -> "embed_in.weight";
                default -> "embed_tokens.weight";
            };
        }

        /// The matrix of a head that is not tied.
        String head() {
            return table().startsWith("embed_in") ? "embed_out.weight" : "lm_head.weight";
        }

        /// A constant that older files hold.
        String constant() {
            return switch (this) {
                case GPT2 -> "transformer.h.0.attn.bias";
                case GPT_NEOX, GPT_NEOX_IN_TURN -> "gpt_neox.layers.0.attention.bias";
                default -> "model.layers.0.self_attn.rotary_emb.inv_freq";
            };
        }

        private static Backbone llama(Weights weights, Rope rope, boolean tied) {
            return new RotaryDecoder(weights, new LlamaConfig(
                    VOCABULARY, WIDTH, 3, 4, 2, 8, 40, 16, "silu", 0.1, 1e-6, 0.3, rope, tied, !tied, tied, SpecialIds.padding(0)));
        }

        Model model() {
            var weights = new Weights(7, Weights.Stored.NONE);
            var model = new Model(weights, build(weights));
            CausalLmHead.of(model);
            return model;
        }
    }

    private static int[] ids(int rows, int length) {
        int[] ids = new int[rows * length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = 1 + Draw.below(VOCABULARY - 1, 3, i);
        }
        return ids;
    }

    private static float[] logits(Model model, Batch batch) {
        try (var scope = Scope.open(); var without = new NoGradient()) {
            return Tensors.floats(CausalLmHead.of(model).logits(model.backbone().forward(Inputs.of(batch), Mode.INFERENCE).states()));
        }
    }

    private static float[] logits(Path folder) {
        try (var opened = ModelFolder.open(folder)) {
            var stored = opened.stored(name -> false);
            try (var weights = new Weights(1, stored)) {
                var model = new Model(weights, Backbones.build(opened.config(), weights, false, Backbones.Custom.NONE));
                CausalLmHead.of(model);
                stored.finish(weights, name -> false, name -> false);
                return logits(model, batch(ids(2, 6), 2, 6));
            }
        }
    }

    private static Batch batch(int[] ids, int rows, int length) {
        return Batch.of(new long[rows]).ints("input_ids", ids, rows, length).build();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenOpensAgainWithTheSameLogits(Kind kind, @TempDir Path folder) {
        try (var model = kind.model()) {
            ModelFolder.write(folder, model, List.of(), Map.of());
            assertThat(logits(folder)).isEqualTo(logits(model, batch(ids(2, 6), 2, 6)));
        }
    }

    /// Others leave the prefix out, keep constants that are no parameters, or store a tied head twice.
    @ParameterizedTest
    @EnumSource
    void namesOfOtherWritersAreUnderstood(Kind kind, @TempDir Path folder) {
        try (var model = kind.model()) {
            ModelFolder.write(folder, model, List.of(), Map.of());
            float[] expected = logits(folder);
            boolean tied = model.backbone().words().orElseThrow().tied();
            rename(kind, folder, name -> name.replaceFirst("^(transformer|model|gpt_neox)\\.", ""), Optional.empty());
            assertThat(logits(folder)).isEqualTo(expected);
            rename(kind, folder, UnaryOperator.identity(), tied ? Optional.of(kind.table()) : Optional.empty());
            assertThat(logits(folder)).isEqualTo(expected);
        }
    }

    @Test
    void aTiedHeadWithOtherValuesIsRefused(@TempDir Path folder) {
        try (var model = Kind.GPT2.model()) {
            ModelFolder.write(folder, model, List.of(), Map.of());
            rename(Kind.GPT2, folder, UnaryOperator.identity(), Optional.of("transformer.h.0.mlp.c_fc.weight"));
            assertThatThrownBy(() -> logits(folder)).isInstanceOf(CheckpointException.class).hasMessageContaining("differ");
        }
    }

    /// Writes the tensors anew, under other names, with old constants, and one once more as the head's.
    private static void rename(Kind kind, Path folder, UnaryOperator<String> names, Optional<String> twice) {
        Path file = folder.resolve("model.safetensors");
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        try (var stored = Safetensors.open(file)) {
            stored.entries().forEach((name, entry) -> {
                String other = names.apply(name);
                bytes.put(other, stored.bytes(name).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
                tensors.add(tensor(other, entry.shape(), bytes.get(other)));
                if (twice.filter(name::equals).isPresent()) {
                    tensors.add(tensor(kind.head(), entry.shape(), bytes.get(other)));
                }
            });
        }
        tensors.add(tensor(names.apply(kind.constant()), new long[] {1}, new byte[4]));
        SafetensorsWriter.write(file, tensors);
    }

    private static SafetensorsWriter.Tensor tensor(String name, long[] shape, byte[] bytes) {
        return new SafetensorsWriter.Tensor(name, ElementType.F32, shape, () -> MemorySegment.ofArray(bytes));
    }

    @ParameterizedTest
    @EnumSource
    void whatComesLaterChangesNothingBefore(Kind kind) {
        try (var model = kind.model()) {
            int[] ids = ids(1, 8);
            float[] whole = logits(model, batch(ids, 1, 8));
            ids[7] = ids[7] == 1 ? 2 : 1;
            float[] other = logits(model, batch(ids, 1, 8));
            assertThat(Arrays.copyOf(other, 7 * VOCABULARY)).containsExactly(Arrays.copyOf(whole, 7 * VOCABULARY), CLOSE);
            assertThat(other[other.length - 1]).isNotEqualTo(whole[whole.length - 1]);
        }
    }

    /// With a window of 3 in every layer, 3 layers carry what a token says no further than 6 tokens.
    @Test
    void aWindowHidesWhatIsFurtherBack() {
        try (var model = Kind.MISTRAL.model()) {
            int[] ids = ids(1, 10);
            float[] whole = logits(model, batch(ids, 1, 10));
            ids[0] = ids[0] == 1 ? 2 : 1;
            float[] other = logits(model, batch(ids, 1, 10));
            assertThat(Arrays.copyOfRange(other, 7 * VOCABULARY, 10 * VOCABULARY))
                    .isEqualTo(Arrays.copyOfRange(whole, 7 * VOCABULARY, 10 * VOCABULARY));
            assertThat(Arrays.copyOfRange(other, 6 * VOCABULARY, 7 * VOCABULARY))
                    .isNotEqualTo(Arrays.copyOfRange(whole, 6 * VOCABULARY, 7 * VOCABULARY));
        }
    }

    /// Rows padded on the left, read in pieces of several sizes: windows are counted over what was read before too.
    @ParameterizedTest
    @EnumSource
    void readingInPiecesGivesTheSameLogits(Kind kind) {
        try (var model = kind.model(); var scope = Scope.open(); var without = new NoGradient(); var past = new KeyValues(2, 10)) {
            int[] ids = ids(2, 10);
            int[] mask = new int[20];
            Arrays.fill(mask, 1);
            Arrays.fill(mask, 10, 14, 0);
            int[] positions = new int[20];
            for (int i = 0; i < 10; i++) {
                positions[i] = i;
                positions[10 + i] = Math.max(0, i - 4);
            }
            float[] whole = logits(model, Batch.of(0, 1)
                    .ints("input_ids", ids, 2, 10)
                    .ints("attention_mask", mask, 2, 10)
                    .ints("position_ids", positions, 2, 10)
                    .build());
            for (int[] piece : new int[][] {{0, 5}, {5, 6}, {6, 9}, {9, 10}}) {
                int length = piece[1] - piece[0];
                Inputs inputs = Inputs.of(Batch.of(0, 1)
                        .ints("input_ids", columns(ids, piece), 2, length)
                        .ints("attention_mask", columns(mask, piece), 2, length)
                        .build());
                float[] some = Tensors.floats(CausalLmHead.of(model)
                        .logits(model.backbone().forward(inputs.after(past), Mode.INFERENCE).states()));
                for (int row = 0; row < 2; row++) {
                    int from = row == 1 ? Math.max(piece[0], 4) : piece[0]; // what padding says means nothing
                    assertThat(Arrays.copyOfRange(some, (row * length + from - piece[0]) * VOCABULARY, (row + 1) * length * VOCABULARY))
                            .containsExactly(Arrays.copyOfRange(whole, (row * 10 + from) * VOCABULARY, (row * 10 + piece[1]) * VOCABULARY), CLOSE);
                }
            }
        }
    }

    /// Of rows of 10, what stands from one column to another.
    private static int[] columns(int[] values, int[] piece) {
        int length = piece[1] - piece[0];
        int[] some = new int[2 * length];
        for (int row = 0; row < 2; row++) {
            System.arraycopy(values, row * 10 + piece[0], some, row * length, length);
        }
        return some;
    }

    @ParameterizedTest
    @EnumSource
    void aConfigurationIsReadAsItWasWritten(Kind kind) {
        try (var model = kind.model(); var weights = new Weights(1, Weights.Stored.NONE)) {
            Map<String, Object> written = model.backbone().config();
            Backbone again = Backbones.build(ConfigFile.of("again", written), weights, false, Backbones.Custom.NONE);
            assertThat(again.config()).isEqualTo(written);
            assertThat(again.forwardFlops(8)).isEqualTo(model.backbone().forwardFlops(8));
        }
    }

    /// Transformers' classes that read a row's label from a decoder have one matrix, without a bias.
    @ParameterizedTest
    @EnumSource
    void aClassifierLiesInTransformersClass(Kind kind, @TempDir Path folder) {
        Batch rows = Batch.of(0, 1)
                .ints("input_ids", ids(2, 4), 2, 4)
                .ints("attention_mask", new int[] {1, 1, 0, 0, 1, 1, 1, 1}, 2, 4)
                .build();
        try (var weights = new Weights(7, Weights.Stored.NONE)) {
            var model = new Model(weights, kind.build(weights));
            RowClassifier classifier = RowClassifier.of(model, Pooling.CLS, 3, 0.3);
            ModelFolder.write(folder, model, List.of("a", "b", "c"), Map.of("pooling", "cls"));
            try (var opened = ModelFolder.open(folder)) {
                assertThat(opened.config().values().get("architectures").toString()).endsWith("ForSequenceClassification]");
                assertThat(opened.classes()).isEqualTo(3);
                var stored = opened.stored(name -> false);
                try (var again = new Weights(1, stored); var scope = Scope.open(); var without = new NoGradient()) {
                    var other = new Model(again, Backbones.build(opened.config(), again, true, Backbones.Custom.NONE));
                    RowClassifier read = RowClassifier.of(other, Pooling.CLS, 3, 0.3);
                    assertThat(stored.finish(again, name -> false, name -> false)).isEmpty();
                    assertThat(again.has("score.weight")).isTrue();
                    assertThat(read.probabilities(Inputs.of(rows))).isEqualTo(classifier.probabilities(Inputs.of(rows)));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void paddingOnEitherSideChangesNothing(Kind kind) {
        try (var model = kind.model()) {
            int[] ids = ids(1, 5);
            float[] alone = logits(model, batch(ids, 1, 5));
            int[] left = new int[8];
            int[] right = new int[8];
            System.arraycopy(ids, 0, left, 3, 5);
            System.arraycopy(ids, 0, right, 0, 5);
            float[] leftLogits = logits(model, Batch.of(0)
                    .ints("input_ids", left, 1, 8)
                    .ints("attention_mask", new int[] {0, 0, 0, 1, 1, 1, 1, 1}, 1, 8)
                    .ints("position_ids", new int[] {0, 0, 0, 0, 1, 2, 3, 4}, 1, 8)
                    .build());
            assertThat(leftLogits).doesNotContain(Float.NaN);
            assertThat(Arrays.copyOfRange(leftLogits, 3 * VOCABULARY, 8 * VOCABULARY)).containsExactly(alone, CLOSE);
            float[] rightLogits = logits(model, Batch.of(0)
                    .ints("input_ids", right, 1, 8)
                    .ints("attention_mask", new int[] {1, 1, 1, 1, 1, 0, 0, 0}, 1, 8)
                    .build());
            assertThat(Arrays.copyOf(rightLogits, 5 * VOCABULARY)).containsExactly(alone, CLOSE);
        }
    }

    /// Positions begin anew in each segment, also where the batch has only segments.
    @ParameterizedTest
    @EnumSource
    void aPackedRowIsItsSegmentsAlone(Kind kind) {
        try (var model = kind.model()) {
            int[] ids = ids(1, 9);
            float[] packed = logits(model, Batch.of(0)
                    .ints("input_ids", ids, 1, 9)
                    .ints("segment_ids", new int[] {1, 1, 1, 1, 2, 2, 2, 0, 0}, 1, 9)
                    .build());
            float[] first = logits(model, batch(Arrays.copyOfRange(ids, 0, 4), 1, 4));
            float[] second = logits(model, batch(Arrays.copyOfRange(ids, 4, 7), 1, 3));
            assertThat(Arrays.copyOfRange(packed, 0, 4 * VOCABULARY)).containsExactly(first, CLOSE);
            assertThat(Arrays.copyOfRange(packed, 4 * VOCABULARY, 7 * VOCABULARY)).containsExactly(second, CLOSE);
            assertThat(packed).doesNotContain(Float.NaN);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyCutGoesOnToTheSameBits(Kind kind) {
        try (var model = kind.model(); var scope = Scope.open(); var without = new NoGradient()) {
            Batch batch = batch(ids(2, 6), 2, 6);
            Hidden whole = model.backbone().forward(Inputs.of(batch), Mode.INFERENCE);
            assertThat(whole.layers()).hasSize(4);
            for (int cut = 0; cut <= 3; cut++) {
                var start = new Inputs.Start(cut, whole.layers().get(cut));
                Hidden rest = model.backbone().forward(Inputs.of(batch).from(start), Mode.INFERENCE);
                assertThat(Tensors.floats(rest.states())).isEqualTo(Tensors.floats(whole.states()));
                assertThat(rest.layers()).hasSize(4 - cut);
            }
        }
    }

    /// Dropout on, the lowest block frozen or not: what is computed once more draws the same.
    @ParameterizedTest
    @EnumSource
    void recomputingGivesTheSameGradientsToTheBit(Kind kind) {
        for (int frozenBelow : new int[] {0, 2}) {
            try (var model = kind.model(); var other = kind.model()) {
                var recomputing = new Model(other.weights(), other.backbone().recomputing().orElseThrow());
                Map<String, float[]> kept = gradients(model, frozenBelow);
                Map<String, float[]> again = gradients(recomputing, frozenBelow);
                assertThat(kept).hasSizeGreaterThan(10);
                assertThat(again.keySet()).isEqualTo(kept.keySet());
                kept.forEach((name, values) -> assertThat(again.get(name)).as(name).isEqualTo(values));
            }
        }
    }

    private static Map<String, float[]> gradients(Model model, int frozenBelow) {
        Map<String, float[]> gradients = new LinkedHashMap<>();
        Weights weights = model.weights();
        List<String> trained = weights.parameters().stream().filter(name -> model.backbone().depth(name) >= frozenBelow).toList();
        weights.pack(trained, false, 1);
        try (var scope = Scope.open()) {
            var mode = new Mode(true, frozenBelow, torch.make_generator_cpu(11));
            Hidden hidden = model.backbone().forward(Inputs.of(batch(ids(2, 6), 2, 6)), mode);
            hidden.states().mul(hidden.states()).sum().backward();
            trained.forEach(name -> gradients.put(name, Tensors.floats(weights.get(name).grad())));
        }
        return gradients;
    }

    @ParameterizedTest
    @EnumSource
    void aRowsVectorIsItsLastRealTokens(Kind kind) {
        try (var model = kind.model(); var scope = Scope.open(); var without = new NoGradient()) {
            Inputs inputs = Inputs.of(Batch.of(0, 1)
                    .ints("input_ids", ids(2, 4), 2, 4)
                    .ints("attention_mask", new int[] {1, 1, 0, 0, 0, 1, 1, 1}, 2, 4)
                    .build());
            Hidden hidden = model.backbone().forward(inputs, Mode.INFERENCE);
            float[] states = Tensors.floats(hidden.states());
            float[] pooled = Tensors.floats(model.backbone().pooled(hidden, inputs, Mode.INFERENCE));
            assertThat(Arrays.copyOf(pooled, WIDTH)).isEqualTo(Arrays.copyOfRange(states, WIDTH, 2 * WIDTH));
            assertThat(Arrays.copyOfRange(pooled, WIDTH, 2 * WIDTH)).isEqualTo(Arrays.copyOfRange(states, 7 * WIDTH, 8 * WIDTH));
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyParameterHasItsDepth(Kind kind) {
        try (var model = kind.model()) {
            assertThat(model.weights().names()).allSatisfy(name -> {
                int depth = model.backbone().depth(name);
                boolean embeddings = name.contains("wte") || name.contains("wpe") || name.contains(kind.table());
                boolean last = name.contains("ln_f") || name.startsWith("model.norm") || name.contains("final_layer_norm");
                assertThat(depth).isEqualTo(name.equals(kind.head()) ? -1 : embeddings ? 0 : last ? 3
                        : 1 + Integer.parseInt(name.replaceFirst("^.*?\\.(\\d+)\\..*$", "$1")));
            });
        }
    }

    @Test
    void bothFormsOfARotaryEmbeddingAreRead() {
        Map<String, Object> before = Map.of("rope_theta", 500_000.0, "rope_scaling", Map.of(
                "rope_type", "llama3", "factor", 8.0, "low_freq_factor", 1.0, "high_freq_factor", 4.0, "original_max_position_embeddings", 8192));
        Map<String, Object> now = Map.of("rope_parameters", Map.of("rope_theta", 500_000.0,
                "rope_type", "llama3", "factor", 8.0, "low_freq_factor", 1.0, "high_freq_factor", 4.0, "original_max_position_embeddings", 8192));
        var expected = new Rope(500_000, new Rope.Scaling.Llama3(8, 1, 4, 8192));
        assertThat(Rope.of(ConfigFile.of("old", before))).isEqualTo(expected);
        assertThat(Rope.of(ConfigFile.of("new", now))).isEqualTo(expected);
        assertThat(Rope.of(ConfigFile.of("older", Map.of("rope_scaling", Map.of("type", "linear", "factor", 2L)))))
                .isEqualTo(new Rope(10_000, new Rope.Scaling.Linear(2)));
        assertThat(Rope.of(ConfigFile.of("oldest", Map.of()))).isEqualTo(new Rope(10_000, new Rope.Scaling.None()));
    }

    @Test
    void whatIsNotBuiltIsRefusedWithWhatIs(@TempDir Path folder) {
        try (var model = Kind.LLAMA.model()) {
            ModelFolder.write(folder, model, List.of(), Map.of());
            change(folder, "rope_parameters", Map.of("rope_type", "yarn", "rope_theta", 10_000.0));
            assertThatThrownBy(() -> logits(folder)).isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("yarn").hasMessageContaining("llama3").hasMessageContaining("linear");
            ModelFolder.write(folder, model, List.of(), Map.of());
            change(folder, "hidden_act", "xielu");
            assertThatThrownBy(() -> logits(folder)).isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("xielu").hasMessageContaining("silu");
        }
    }

    @Test
    void settingsThatWouldChangeTheNumbersAreRefusedByName() {
        refused(Kind.GEMMA2, "use_bidirectional_attention", true, "use_bidirectional_attention", "false");
        refused(Kind.GEMMA3, "use_bidirectional_attention", true, "use_bidirectional_attention", "false");
        refused(Kind.GEMMA3, "attn_logit_softcapping", 50.0, "attn_logit_softcapping", "50.0");
        refused(Kind.GEMMA2, "final_logit_softcapping", -1.0, "final_logit_softcapping", "-1.0");
        refused(Kind.GEMMA3, "layer_types", List.of("full_attention"), "layer_types", "3 layers");
        refused(Kind.QWEN3, "layer_types", List.of("full_attention", "full_attention", "chunked_attention"), "chunked_attention", "sliding_attention");
        refused(Kind.QWEN2, "use_sliding_window", false, "sliding_window", "use_sliding_window");
        refused(Kind.MISTRAL, "sliding_window", 0L, "sliding_window", "got 0");
        refused(Kind.GPT_NEOX, "rope_parameters", Map.of("rope_type", "dynamic"), "dynamic", "linear");
        refused(Kind.GPT_NEOX, "num_attention_heads", 5L, "5 heads", "width of 24");
        refused(Kind.QWEN3, "num_key_value_heads", 3L, "must divide", "3 and 4");
        refused(Kind.GPT_NEOX, "model_type", "gptj", "gptj", String.join(", ", Family.known()));
    }

    private static void refused(Kind kind, String key, Object value, String named, String also) {
        try (var model = kind.model(); var weights = new Weights(1, Weights.Stored.NONE)) {
            Map<String, Object> config = new LinkedHashMap<>(model.backbone().config());
            config.put(key, value);
            assertThatThrownBy(() -> Backbones.build(ConfigFile.of("config.json", config), weights, false, Backbones.Custom.NONE))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("config.json")
                    .hasMessageContaining(named)
                    .hasMessageContaining(also);
        }
    }

    /// Keys as they were before transformers 5, and what is taken where a file says nothing.
    @Test
    void olderConfigurationsSayTheSame() {
        Map<String, Object> sizes = Map.of("vocab_size", 23, "hidden_size", 32, "num_hidden_layers", 7, "num_attention_heads", 4,
                "num_key_value_heads", 2, "intermediate_size", 40, "head_dim", 8, "max_position_embeddings", 16);
        Gemma3Config gemma3 = Gemma3Config.of(with(sizes, "rope_scaling", Map.of("rope_type", "linear", "factor", 8.0)));
        assertThat(gemma3.full()).isEqualTo(new Rope(1_000_000, new Rope.Scaling.Linear(8)));
        assertThat(gemma3.sliding()).isEqualTo(new Rope(10_000, new Rope.Scaling.None()));
        assertThat(gemma3.sights().indexOf(Sight.FULL)).isEqualTo(5);
        assertThat(Gemma3Config.of(with(sizes, "sliding_window_pattern", 2L)).sights().indexOf(Sight.FULL)).isEqualTo(1);
        Gemma2Config gemma2 = Gemma2Config.of(with(sizes, "attn_logit_softcapping", null));
        assertThat(gemma2.scoresCap()).isEmpty();
        assertThat(gemma2.logitsCap()).contains(new SoftCap(30));
        assertThat(gemma2.sights()).startsWith(Sight.SLIDING, Sight.FULL);
        assertThat(MistralConfig.of(with(sizes, "sliding_window", null)).window()).isEmpty();
        assertThat(MistralConfig.of(with(sizes, "head_dim", null)).window()).hasValue(4096);
        assertThat(Qwen2Config.of(with(sizes, "sliding_window", 4L)).sights()).containsOnly(Sight.FULL);
        GptNeoXConfig neoX = GptNeoXConfig.of(with(sizes, "rotary_emb_base", 500.0));
        assertThat(neoX.rope()).isEqualTo(new Rope(500, new Rope.Scaling.None()));
        assertThat(neoX.turnedShare()).isEqualTo(0.25);
    }

    private static ConfigFile with(Map<String, Object> sizes, String key, @Nullable Object value) {
        Map<String, @Nullable Object> config = new LinkedHashMap<>(sizes);
        config.put(key, value);
        return new ConfigFile("config.json", config);
    }

    private static void change(Path folder, String key, Object value) {
        Map<String, Object> config = new LinkedHashMap<>(JsonFiles.read(folder.resolve("config.json")));
        config.put(key, value);
        JsonFiles.write(folder.resolve("config.json"), config);
    }

    @Test
    void aBackboneThatSeesAheadHasNoSuchHead() {
        try (var weights = new Weights(0, Weights.Stored.NONE)) {
            var bert = new Bert(weights, new BertConfig(VOCABULARY, WIDTH, 1, 2, 8, 8, 2, "gelu", 0, 0, 1e-12, 0.02, 0), false);
            assertThatThrownBy(() -> CausalLmHead.of(new Model(weights, bert)))
                    .isInstanceOf(CheckpointException.class).hasMessageContaining("bert").hasMessageContaining("gpt2");
        }
    }
}
