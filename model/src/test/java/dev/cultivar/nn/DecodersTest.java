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
import java.util.function.UnaryOperator;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.global.torch;
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
        LLAMA_UNTIED;

        Backbone build(Weights weights) {
            return switch (this) {
                case GPT2 -> new Gpt2(weights, new Gpt2Config(
                        VOCABULARY, WIDTH, 3, 4, 40, 16, "gelu_new", 0.1, 0.1, 0.1, 1e-5, 0.3, true, false, true, SpecialIds.padding(0)));
                case LLAMA -> llama(weights, new Rope(100, new Rope.Scaling.Llama3(4, 1, 4, 8)), true);
                case LLAMA_UNTIED -> llama(weights, new Rope(10_000, new Rope.Scaling.Linear(2)), false);
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
            rename(folder, name -> name.replaceFirst("^(transformer|model)\\.", ""), Optional.empty());
            assertThat(logits(folder)).isEqualTo(expected);
            String table = kind == Kind.GPT2 ? "wte.weight" : "embed_tokens.weight";
            rename(folder, UnaryOperator.identity(), kind == Kind.LLAMA_UNTIED ? Optional.empty() : Optional.of(table));
            assertThat(logits(folder)).isEqualTo(expected);
        }
    }

    @Test
    void aTiedHeadWithOtherValuesIsRefused(@TempDir Path folder) {
        try (var model = Kind.GPT2.model()) {
            ModelFolder.write(folder, model, List.of(), Map.of());
            rename(folder, UnaryOperator.identity(), Optional.of("transformer.h.0.mlp.c_fc.weight"));
            assertThatThrownBy(() -> logits(folder)).isInstanceOf(CheckpointException.class).hasMessageContaining("differ");
        }
    }

    /// Writes the tensors anew, under other names, with old constants, and one once more as `lm_head.weight`.
    private static void rename(Path folder, UnaryOperator<String> names, Optional<String> twice) {
        Path file = folder.resolve("model.safetensors");
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        try (var stored = Safetensors.open(file)) {
            stored.entries().forEach((name, entry) -> {
                String other = names.apply(name);
                bytes.put(other, stored.bytes(name).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
                tensors.add(tensor(other, entry.shape(), bytes.get(other)));
                if (twice.filter(name::equals).isPresent()) {
                    tensors.add(tensor("lm_head.weight", entry.shape(), bytes.get(other)));
                }
            });
        }
        boolean gpt2 = bytes.keySet().stream().anyMatch(name -> name.contains("c_attn"));
        String constant = gpt2 ? names.apply("transformer.h.0.attn.bias") : names.apply("model.layers.0.self_attn.rotary_emb.inv_freq");
        tensors.add(tensor(constant, new long[] {1}, new byte[4]));
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
                boolean embeddings = name.contains("wte") || name.contains("wpe") || name.contains("embed_tokens");
                boolean last = name.contains("ln_f") || name.startsWith("model.norm");
                assertThat(depth).isEqualTo(name.startsWith("lm_head") ? -1 : embeddings ? 0 : last ? 3
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
