package dev.cultivar.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.Draw;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What layers attend to, as a listener hears it, of every family that attends.
class AttentionListenerTest {
    private static final int LENGTH = 9;
    private static final int PADDED = 3;
    private static final int HEADS = 4;

    /// A small network of each kind, and which token sees which where nothing is padding.
    enum Kind {
        BERT("bert", Map.of(), (from, to) -> true),
        ROBERTA("roberta", Map.of("pad_token_id", 1L), (from, to) -> true),
        ELECTRA("electra", Map.of("embedding_size", 8L), (from, to) -> true),
        DISTILBERT("distilbert", Map.of("dim", 16L, "hidden_dim", 24L, "n_heads", 4L, "n_layers", 2L), (from, to) -> true),
        MODERNBERT("modernbert", Map.of("local_attention", 4L, "global_attn_every_n_layers", 9L, "layer_types",
                List.of("sliding_attention", "sliding_attention")), (from, to) -> Math.abs(from - to) <= 2),
        GPT2("gpt2", Map.of("n_embd", 16L, "n_head", 4L, "n_layer", 2L, "n_positions", 20L), (from, to) -> to <= from),
        GPT_NEOX("gpt_neox", Map.of("rotary_pct", 0.5), (from, to) -> to <= from),
        LLAMA("llama", Map.of("num_key_value_heads", 2L), (from, to) -> to <= from),
        MISTRAL("mistral", Map.of("num_key_value_heads", 1L, "sliding_window", 3L), (from, to) -> to <= from && from - to < 3),
        GEMMA2("gemma2", Map.of("num_key_value_heads", 2L, "head_dim", 4L, "attn_logit_softcapping", 5.0, "query_pre_attn_scalar", 4L,
                "layer_types", List.of("full_attention", "full_attention")), (from, to) -> to <= from),
        T5("t5", Map.of("d_model", 16L, "d_kv", 4L, "d_ff", 24L, "num_layers", 2L, "num_heads", 4L, "decoder_start_token_id", 0L), (from, to) -> true),
        BART("bart", Map.of("d_model", 16L, "encoder_layers", 2L, "decoder_layers", 1L, "encoder_attention_heads", 4L, "decoder_attention_heads", 2L,
                "encoder_ffn_dim", 24L, "decoder_ffn_dim", 24L, "decoder_start_token_id", 2L), (from, to) -> true);

        private final String type;
        private final Map<String, Object> more;
        private final BiPredicate<Integer, Integer> sees;

        Kind(String type, Map<String, Object> more, BiPredicate<Integer, Integer> sees) {
            this.type = type;
            this.more = more;
            this.sees = sees;
        }

        Model model() {
            Map<String, Object> json = new LinkedHashMap<>(Map.of("model_type", type, "vocab_size", 30L, "hidden_size", 16L, "intermediate_size", 24L,
                    "num_hidden_layers", 2L, "num_attention_heads", 4L, "max_position_embeddings", 20L, "initializer_range", 0.4, "pad_token_id", 0L,
                    "type_vocab_size", 2L));
            json.putAll(more);
            var weights = new Weights(7, Weights.Stored.NONE);
            return new Model(weights, Backbones.build(ConfigFile.of("config.json", json), weights, false, Backbones.Custom.NONE));
        }
    }

    private record Heard(int depth, long[] shape, float[] values) {}

    /// Two rows, of which the second ends in padding.
    private static Batch batch(int padded) {
        int[] ids = new int[2 * LENGTH];
        int[] mask = new int[2 * LENGTH];
        for (int i = 0; i < ids.length; i++) {
            boolean real = i < ids.length - padded;
            ids[i] = real ? 3 + (int) (Draw.unit(3, i) * 27) : 0;
            mask[i] = real ? 1 : 0;
        }
        return Batch.of(0, 1).ints("input_ids", ids, 2, LENGTH).ints("attention_mask", mask, 2, LENGTH).build();
    }

    private static float[] states(Model model, Batch batch, Mode mode) {
        var inputs = Inputs.of(batch);
        Tensor states = model.backbone().encoderDecoder().map(halves -> halves.encode(inputs, mode)).orElseGet(() -> model.backbone().forward(inputs, mode)).states();
        return Tensors.floats(states);
    }

    private static List<Heard> heard(Model model, Batch batch, Mode mode) {
        List<Heard> heard = new ArrayList<>();
        states(model, batch, mode.heardBy((depth, probabilities) ->
                heard.add(new Heard(depth, Weights.shape(probabilities), Tensors.floats(probabilities)))));
        return heard;
    }

    @ParameterizedTest
    @EnumSource
    void eachTokenSharesOneAmongThoseThatItSees(Kind kind) {
        try (var scope = Scope.open(); var model = kind.model()) {
            for (int padded : new int[] {0, PADDED}) {
                List<Heard> heard = heard(model, batch(padded), Mode.INFERENCE);
                assertThat(heard).extracting(Heard::depth).containsExactly(1, 2);
                for (Heard layer : heard) {
                    assertThat(layer.shape()).containsExactly(2, HEADS, LENGTH, LENGTH); // as many heads as ask, however few share keys
                    rowsAreRight(kind, layer.values(), padded);
                }
            }
        }
    }

    private static void rowsAreRight(Kind kind, float[] values, int padded) {
        for (int i = 0; i < values.length; i += LENGTH) {
            int from = i / LENGTH % LENGTH;
            int real = i / LENGTH / LENGTH / HEADS == 1 ? LENGTH - padded : LENGTH;
            double sum = 0;
            for (int to = 0; to < LENGTH; to++) {
                boolean seen = kind.sees.test(from, to) && to < real;
                if (from < real) {
                    assertThat(values[i + to] > 0).as("%s: token %d of %d sees %d", kind, from, real, to).isEqualTo(seen);
                }
                sum += values[i + to];
            }
            assertThat(sum).isCloseTo(1, Offset.offset(1e-5));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoListensChangesNoBit(Kind kind) {
        try (var scope = Scope.open(); var model = kind.model()) {
            Batch batch = batch(PADDED);
            float[] alone = states(model, batch, Mode.INFERENCE);
            List<Heard> heard = new ArrayList<>();
            float[] listened = states(model, batch, Mode.INFERENCE.heardBy((depth, p) -> heard.add(new Heard(depth, Weights.shape(p), Tensors.floats(p)))));
            assertThat(heard).hasSize(2);
            assertThat(listened).containsExactly(alone);
            Mode drawn = new Mode(true, 0, torch.make_generator_cpu(5));
            float[] trained = states(model, batch, drawn);
            assertThat(states(model, batch, new Mode(true, 0, torch.make_generator_cpu(5)).heardBy((depth, p) -> {}))).containsExactly(trained);
        }
    }

    @Test
    void whatIsHeardIsBeforeDropout() {
        try (var scope = Scope.open(); var model = Kind.BERT.model()) {
            List<Heard> heard = heard(model, batch(0), new Mode(true, 0, torch.make_generator_cpu(5)));
            for (Heard layer : heard) {
                rowsAreRight(Kind.BERT, layer.values(), 0);
            }
            assertThat(heard.getLast().values()).isNotEqualTo(heard(model, batch(0), Mode.INFERENCE).getLast().values()); // of states that were dropped
        }
    }

    @Test
    void whatIsHeardIsMultipliedWithTheValues() {
        try (var scope = Scope.open()) {
            Tensor q = torch.randn(2, 4, 5, 3);
            Tensor k = torch.randn(2, 2, 5, 3);
            Tensor v = torch.randn(2, 2, 5, 3);
            List<Tensor> heard = new ArrayList<>();
            Tensor seen = Attention.apply(q, k, v, null, 0, Mode.INFERENCE.heardBy((depth, p) -> heard.add(p)), 1); // (2, 4, 5, 3)
            Tensor each = v.index_select(1, Tensors.ofInts(new int[] {0, 0, 1, 1}, 4)); // (2, 4, 5, 3): heads 0 and 1 share the first
            assertThat(torch.allclose(torch.matmul(heard.getFirst(), each), seen, 1e-5, 1e-6, false)).isTrue();
            assertThat(torch.allclose(torch.matmul(heard.getFirst().flip(1), each), seen, 1e-5, 1e-6, false)).isFalse();
        }
    }

    @Test
    void patchesOfAPictureAttendToo() {
        var config = new VitConfig(new ImageShape(1, 8, 12), 4, 12, 2, 3, 20, "gelu", 0.1, 0.1, 1e-12, 0.3, true).json();
        var weights = new Weights(7, Weights.Stored.NONE);
        try (var scope = Scope.open(); var model = new Model(weights, Backbones.build(ConfigFile.of("config.json", config), weights, false, Backbones.Custom.NONE))) {
            float[] pixels = new float[2 * 96];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (float) Draw.unit(5, i) - 0.5f;
            }
            var inputs = Inputs.of(Batch.of(0, 1).floats(ImageShape.PIXELS, pixels, 2, 1, 8, 12).build());
            List<long[]> shapes = new ArrayList<>();
            float[] alone = Tensors.floats(model.backbone().forward(inputs, Mode.INFERENCE).states());
            float[] listened = Tensors.floats(model.backbone().forward(inputs, Mode.INFERENCE.heardBy((depth, p) -> {
                shapes.add(Weights.shape(p));
                assertThat(Tensors.floats(p.sum(-1))).usingComparatorWithPrecision(1e-5f).containsOnly(1f);
            })).states());
            assertThat(shapes).containsExactly(new long[] {2, 3, 7, 7}, new long[] {2, 3, 7, 7});
            assertThat(listened).containsExactly(alone);
            shapes.clear();
            model.backbone().forward(inputs.firstToken(), Mode.INFERENCE.heardBy((depth, p) -> shapes.add(Weights.shape(p))));
            assertThat(shapes).containsExactly(new long[] {2, 3, 7, 7}, new long[] {2, 3, 1, 7}); // of the last layer the class token alone
        }
    }
}
