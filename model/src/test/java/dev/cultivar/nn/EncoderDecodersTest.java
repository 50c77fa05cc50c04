package dev.cultivar.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.Batch;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Backbones of two halves: what they keep, where their parameters lie, and what their files say.
class EncoderDecodersTest {
    private static final Offset<Float> CLOSE = Offset.offset(2e-5f);
    private static final int VOCABULARY = 23;
    private static final SpecialIds SPECIAL = new SpecialIds(java.util.Optional.empty(), List.of(2), java.util.Optional.of(0));
    private static final EncoderDecoder.Targets TARGETS = new EncoderDecoder.Targets(1, 0, SPECIAL);

    @TempDir
    Path folder;

    enum Kind {
        T5(new T5Config(VOCABULARY, 12, 2, 3, 3, 5, 20, "relu", false, 8, 6, 0, 1e-6, 1, true, true, TARGETS).json()),
        T5_GATED(new T5Config(VOCABULARY, 12, 2, 1, 2, 6, 20, "gelu_new", true, 8, 6, 0, 1e-6, 1, false, false, TARGETS).json()),
        BART(new BartConfig(
                        VOCABULARY, 12, new BartConfig.Half(2, 3, 20), new BartConfig.Half(1, 2, 16), 16, "gelu", 0, 0, 0, 0.2, true, -1, TARGETS)
                .json());

        private final Map<String, Object> config;

        Kind(Map<String, Object> config) {
            this.config = config;
        }

        Model model() {
            var weights = new Weights(5, Weights.Stored.NONE);
            var model = new Model(weights, Backbones.build(ConfigFile.of("test", config), weights, false, Backbones.Custom.NONE));
            halves(model).head(model);
            return model;
        }
    }

    private static EncoderDecoder halves(Model model) {
        return model.backbone().encoderDecoder().orElseThrow();
    }

    /// Two sources, of which the second is shorter, then padding to a length.
    private static Batch source(int length) {
        int[] ids = new int[2 * length];
        int[] mask = new int[2 * length];
        for (int row = 0; row < 2; row++) {
            for (int i = 0; i < (row == 0 ? 7 : 4); i++) {
                ids[row * length + i] = 3 + (5 * i + row) % 19;
                mask[row * length + i] = 1;
            }
        }
        return Batch.of(0, 1).ints("input_ids", ids, 2, length).ints("attention_mask", mask, 2, length).build();
    }

    /// Columns of the texts that are written.
    private static Inputs target(int from, int to) {
        int[] ids = new int[2 * (to - from)];
        for (int i = 0; i < ids.length; i++) {
            int row = i / (to - from);
            ids[i] = 3 + (7 * (from + i % (to - from)) + 3 * row) % 19;
        }
        return Inputs.of(Batch.of(0, 1).ints("input_ids", ids, 2, to - from).build());
    }

    @ParameterizedTest
    @EnumSource
    void piecesAreTheWholeAndRowsMayChangePlaces(Kind kind) {
        try (var model = kind.model(); var scope = Scope.open(); var without = new NoGradient(); var past = new KeyValues(2, 6)) {
            Inputs source = Inputs.of(source(7));
            Tensor read = halves(model).encode(source, Mode.INFERENCE).states();
            int width = model.backbone().width();
            float[] whole = Tensors.floats(halves(model).decode(source, read, target(0, 6), Mode.INFERENCE).states());
            for (int[] part : new int[][] {{0, 3}, {3, 4}, {4, 6}}) {
                Tensor states = halves(model).decode(source, read, target(part[0], part[1]).after(past), Mode.INFERENCE).states();
                float[] got = Tensors.floats(states.select(0, 1));
                assertThat(got).containsExactly(Arrays.copyOfRange(whole, (6 + part[0]) * width, (6 + part[1]) * width), CLOSE);
                past.reorder(new int[] {0, 1});
            }
        }
    }

    @Test
    void aRowThatTakesAnothersPlaceGoesOnFromWhatThatOneHasRead() {
        try (var model = Kind.T5.model(); var scope = Scope.open(); var without = new NoGradient(); var past = new KeyValues(2, 4)) {
            int[] same = {4, 5, 6, 4, 5, 6};
            Inputs source = Inputs.of(Batch.of(0, 1).ints("input_ids", same, 2, 3).build());
            Tensor read = halves(model).encode(source, Mode.INFERENCE).states();
            halves(model).decode(source, read, target(0, 3).after(past), Mode.INFERENCE);
            past.reorder(new int[] {1, 1});
            Inputs next = Inputs.of(Batch.of(0, 1).ints("input_ids", new int[] {9, 9}, 2, 1).build());
            float[] states = Tensors.floats(halves(model).decode(source, read, next.after(past), Mode.INFERENCE).states());
            int width = model.backbone().width();
            assertThat(Arrays.copyOf(states, width)).containsExactly(Arrays.copyOfRange(states, width, 2 * width), CLOSE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void paddingOfTheSourceChangesNothing(Kind kind) {
        try (var model = kind.model(); var scope = Scope.open(); var without = new NoGradient()) {
            float[] narrow = written(model, source(7));
            assertThat(written(model, source(11))).containsExactly(narrow, CLOSE);
        }
    }

    private static float[] written(Model model, Batch source) {
        var fields = new LinkedHashMap<>(source.fields());
        fields.put("decoder_input_ids", target(0, 5).batch().field("input_ids"));
        return Tensors.floats(model.backbone().forward(Inputs.of(new Batch(2, new long[2], fields)), Mode.INFERENCE).states());
    }

    /// The encoder's layers come first, and nothing lies above the decoder's last one but the head.
    @ParameterizedTest
    @EnumSource
    void depthsCountTheEncoderAndThenTheDecoder(Kind kind) {
        try (var model = kind.model(); var scope = Scope.open()) {
            Backbone backbone = model.backbone();
            assertThat(model.weights().parameters().stream().map(backbone::depth).filter(depth -> depth >= 0).distinct().sorted())
                    .containsExactlyElementsOf(IntStream.rangeClosed(0, backbone.layers()).boxed().toList());
            assertThat(model.weights().parameters()).allSatisfy(name -> {
                int encoder = backbone.layers() - (kind == Kind.T5 ? 3 : 1);
                if (name.contains("decoder.") && backbone.depth(name) > 0) {
                    assertThat(backbone.depth(name)).as(name).isGreaterThan(encoder);
                } else if (name.contains("encoder.")) {
                    assertThat(backbone.depth(name)).as(name).isBetween(0, encoder);
                }
            });
            var fields = new LinkedHashMap<>(source(7).fields());
            fields.put("decoder_input_ids", target(0, 5).batch().field("input_ids"));
            Inputs inputs = Inputs.of(new Batch(2, new long[2], fields));
            Hidden hidden = backbone.forward(inputs, Mode.INFERENCE);
            assertThat(hidden.layers()).hasSize(backbone.layers() + 1);
            Tensor first = backbone.forward(inputs.upTo(1), Mode.INFERENCE).states();
            float[] on = Tensors.floats(backbone.forward(inputs.from(new Inputs.Start(1, first)), Mode.INFERENCE).states());
            assertThat(on).containsExactly(Tensors.floats(hidden.states()), CLOSE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenIsReadAgain(Kind kind) throws Exception {
        try (var model = kind.model(); var scope = Scope.open(); var without = new NoGradient()) {
            if (kind == Kind.BART) {
                model.weights().set(Bart.BIAS, Tensors.ofFloats(new float[] {.5f}, 1, 1).expand(new long[] {1, VOCABULARY}, false));
            }
            Path place = Files.createDirectory(folder.resolve(kind.name()));
            ModelFolder.write(place, model, List.of(), Map.of());
            try (var read = ModelFolder.open(place)) {
                assertThat(read.config().values().get("architectures")).asString().endsWith("ForConditionalGeneration]");
                var stored = read.stored(name -> false);
                try (var weights = new Weights(9, stored)) {
                    var again = new Model(weights, Backbones.build(read.config(), weights, false, Backbones.Custom.NONE));
                    var head = halves(again).head(again);
                    assertThat(stored.finish(weights, name -> false, name -> false)).isEmpty();
                    assertThat(again.backbone().config()).isEqualTo(model.backbone().config());
                    Tensor states = Tensors.ofFloats(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 1, 12);
                    assertThat(Tensors.floats(head.logits(states))).isEqualTo(Tensors.floats(halves(model).head(model).logits(states)));
                }
            }
        }
    }

    /// Transformers 5 writes true for every T5; a head with values of its own is one all the same.
    @Test
    void theFileTellsWhetherAT5HasAHeadOfItsOwn() throws Exception {
        try (var model = Kind.T5_GATED.model()) {
            ModelFolder.write(folder, model, List.of(), Map.of());
        }
        Path config = folder.resolve("config.json");
        Files.writeString(config, Files.readString(config).replaceAll("(\"tie_word_embeddings\"\\s*:\\s*)false", "$1true"));
        try (var read = ModelFolder.open(folder); var weights = new Weights(9, read.stored(name -> false))) {
            assertThat(read.config().flag("tie_word_embeddings", false)).isTrue();
            var again = Backbones.build(read.config(), weights, false, Backbones.Custom.NONE);
            assertThat(again.config()).containsEntry("tie_word_embeddings", false);
        }
    }

    @Test
    void distancesFallIntoKinds() {
        var both = new RelativePositions(true, 8, 12);
        assertThat(IntStream.rangeClosed(0, 14).map(distance -> both.kind(-distance)).toArray())
                .containsExactly(0, 1, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3);
        assertThat(both.kind(1)).isEqualTo(5);
        var back = new RelativePositions(false, 8, 12);
        assertThat(back.kind(3)).isZero();
        assertThat(back.kind(-3)).isEqualTo(3);
        assertThat(back.kind(-100)).isEqualTo(7);
    }

    @Test
    void whatIsNotBuiltIsRefused() {
        assertThatThrownBy(() -> BartConfig.of(config(Kind.BART, "encoder_layerdrop", 0.1)))
                .isInstanceOf(CheckpointException.class).hasMessageContaining("encoder_layerdrop must be 0.0").hasMessageContaining("0.1");
        assertThatThrownBy(() -> BartConfig.of(config(Kind.BART, "tie_word_embeddings", false)))
                .isInstanceOf(CheckpointException.class).hasMessageContaining("tie_word_embeddings");
        assertThatThrownBy(() -> T5Config.of(config(Kind.T5, "feed_forward_proj", "gated-swish2")))
                .isInstanceOf(CheckpointException.class).hasMessageContaining("feed_forward_proj").hasMessageContaining("gated-swish2");
        assertThatThrownBy(() -> T5Config.of(config(Kind.T5, "relative_attention_num_buckets", 3)))
                .isInstanceOf(CheckpointException.class).hasMessageContaining("relative_attention_num_buckets");
    }

    private static ConfigFile config(Kind kind, String key, Object value) {
        Map<String, Object> config = new LinkedHashMap<>(kind.config);
        config.put(key, value);
        return ConfigFile.of("test", config);
    }

    @Test
    void labelsOneStepLateAreWhatTheDecoderReads() {
        assertThat(TARGETS.shifted(new int[] {4, 5, 2, 6, 2, -100}, 3)).containsExactly(1, 4, 5, 1, 6, 2);
        assertThat(TARGETS.shifted(new int[] {4, -100, -100}, 3)).containsExactly(1, 4, 0);
    }
}
