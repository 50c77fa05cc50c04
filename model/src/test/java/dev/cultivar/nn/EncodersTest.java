package dev.cultivar.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.Draw;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What holds for every encoder, without another implementation to compare with.
class EncodersTest {
    private static final Offset<Float> CLOSE = Offset.offset(2e-5f);
    private static final int VOCABULARY = 23;
    private static final int WIDTH = 24;
    private static final int PAD = 1;

    enum Kind {
        BERT,
        ELECTRA,
        ROBERTA,
        DISTILBERT,
        MODERNBERT,
        MODERNBERT_WITH_BIASES;

        Backbone build(Weights weights) {
            return switch (this) {
                case BERT -> new Bert(weights, bert(2, 1e-6), false);
                case ELECTRA -> new Electra(weights, new ElectraConfig(bert(2, 1e-6), 10, 0.1));
                case ROBERTA -> new Roberta(weights, new RobertaConfig(bert(1, 1e-6), 0.1));
                case DISTILBERT -> new DistilBert(weights, new DistilBertConfig(bert(0, 1e-12), 0.1));
                case MODERNBERT -> modern(weights, false, Pooling.CLS);
                case MODERNBERT_WITH_BIASES -> modern(weights, true, Pooling.MEAN);
            };
        }

        private static BertConfig bert(int segments, double epsilon) {
            return new BertConfig(VOCABULARY, WIDTH, 3, 4, 40, 14, segments, "gelu", 0.1, 0.1, epsilon, 0.3, PAD);
        }

        private static Backbone modern(Weights weights, boolean biases, Pooling pooling) {
            return new ModernBert(weights, new ModernBertConfig(
                    VOCABULARY, WIDTH, 3, 4, 40, 14, "gelu", 1e-5, 0.3,
                    new Rope(100, new Rope.Scaling.None()), new Rope(10, new Rope.Scaling.None()),
                    List.of(Sight.FULL, Sight.SLIDING, Sight.SLIDING), 4,
                    new ModernBertConfig.Biases(biases, biases, biases, !biases),
                    new ModernBertConfig.Drops(0.1, 0.1, 0.1),
                    new ModernBertConfig.Classifier("gelu", biases, pooling, 0.1),
                    SpecialIds.padding(PAD)));
        }

        Model model() {
            var weights = new Weights(7, Weights.Stored.NONE);
            return new Model(weights, build(weights));
        }
    }

    private static int[] ids(int rows, int length) {
        int[] ids = new int[rows * length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = PAD + 1 + Draw.below(VOCABULARY - PAD - 1, 3, i);
        }
        return ids;
    }

    private static Batch batch(int[] ids, int rows, int length) {
        return Batch.of(new long[rows]).ints("input_ids", ids, rows, length).build();
    }

    private static Batch masked(int[] ids, int... mask) {
        return Batch.of(0).ints("input_ids", ids, 1, mask.length).ints("attention_mask", mask, 1, mask.length).build();
    }

    private static float[] states(Model model, Batch batch) {
        try (var scope = Scope.open(); var without = new NoGradient()) {
            return Tensors.floats(model.backbone().forward(Inputs.of(batch), Mode.INFERENCE).states());
        }
    }

    private static Tensor pieces(Model model, Inputs inputs) {
        Hidden hidden = model.backbone().forward(inputs, Mode.INFERENCE);
        return model.backbone().maskedLmHead(model).orElseThrow().logits(hidden.states().reshape(-1, WIDTH));
    }

    private static Tensor labels(Model model, Inputs inputs) {
        return RowClassifier.of(model, Pooling.CLS, 3, 0.3).logits(inputs, Mode.INFERENCE);
    }

    /// Both heads that transformers has classes for.
    @ParameterizedTest
    @EnumSource
    void whatIsWrittenOpensAgainWithTheSameNumbers(Kind kind, @TempDir Path folder) {
        written(kind, folder.resolve("pieces"), "ForMaskedLM", model -> pieces(model, inputs()));
        written(kind, folder.resolve("labels"), "ForSequenceClassification", model -> labels(model, inputs()));
        written(kind, folder.resolve("bare"), "Model", model -> model.backbone().forward(inputs(), Mode.INFERENCE).states());
    }

    private static Inputs inputs() {
        return Inputs.of(Batch.of(0, 1)
                .ints("input_ids", ids(2, 6), 2, 6)
                .ints("attention_mask", new int[] {1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1}, 2, 6)
                .build());
    }

    private static void written(Kind kind, Path folder, String architecture, Function<Model, Tensor> asked) {
        try (var weights = new Weights(7, Weights.Stored.NONE); var scope = Scope.open(); var without = new NoGradient()) {
            var model = new Model(weights, kind == Kind.BERT ? new Bert(weights, Kind.bert(2, 1e-6), true) : kind.build(weights));
            float[] expected = Tensors.floats(asked.apply(model));
            folder.toFile().mkdirs();
            ModelFolder.write(folder, model, List.of(), Map.of());
            try (var opened = ModelFolder.open(folder)) {
                assertThat(opened.config().values().get("architectures").toString()).endsWith(architecture + "]");
                var stored = opened.stored(name -> false);
                try (var again = new Weights(1, stored)) {
                    var other = new Model(again, Backbones.build(opened.config(), again, true, Backbones.Custom.NONE));
                    assertThat(Tensors.floats(asked.apply(other))).isEqualTo(expected);
                    assertThat(stored.finish(again, name -> false, name -> false)).isEmpty();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConfigurationIsReadAsItWasWritten(Kind kind) {
        try (var model = kind.model(); var weights = new Weights(1, Weights.Stored.NONE)) {
            Map<String, Object> written = model.backbone().config();
            Backbone again = Backbones.build(ConfigFile.of("again", written), weights, false, Backbones.Custom.NONE);
            assertThat(again.config()).isEqualTo(written);
            assertThat(again.positions()).isEqualTo(model.backbone().positions());
            assertThat(again.forwardFlops(8)).isEqualTo(model.backbone().forwardFlops(8));
        }
    }

    @ParameterizedTest
    @EnumSource
    void paddingOnTheRightChangesNothing(Kind kind) {
        try (var model = kind.model()) {
            int[] ids = ids(1, 8);
            Arrays.fill(ids, 5, 8, PAD);
            float[] alone = states(model, batch(Arrays.copyOf(ids, 5), 1, 5));
            float[] padded = states(model, masked(ids, 1, 1, 1, 1, 1, 0, 0, 0));
            assertThat(padded).doesNotContain(Float.NaN);
            assertThat(Arrays.copyOf(padded, 5 * WIDTH)).containsExactly(alone, CLOSE);
        }
    }

    /// Positions are counted over what is no padding, or matter only as differences.
    @ParameterizedTest
    @EnumSource(names = {"ROBERTA", "MODERNBERT"})
    void paddingOnTheLeftChangesNothing(Kind kind) {
        try (var model = kind.model()) {
            int[] ids = ids(1, 10);
            Arrays.fill(ids, 0, 5, PAD);
            float[] alone = states(model, batch(Arrays.copyOfRange(ids, 5, 10), 1, 5));
            float[] padded = states(model, masked(ids, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1));
            assertThat(padded).doesNotContain(Float.NaN);
            assertThat(Arrays.copyOfRange(padded, 5 * WIDTH, 10 * WIDTH)).containsExactly(alone, CLOSE);
        }
    }

    /// After one global layer on what it reads alone, two local ones carry what a token says no further than twice half the span.
    @Test
    void localLayersSeeHalfTheSpanOnEitherSide() {
        try (var model = Kind.MODERNBERT.model(); var scope = Scope.open(); var without = new NoGradient()) {
            Batch batch = batch(ids(1, 12), 1, 12);
            Tensor first = model.backbone().forward(Inputs.of(batch), Mode.INFERENCE).layers().get(1);
            Tensor other = first.clone();
            other.select(1, 0).zero_();
            float[] whole = Tensors.floats(model.backbone().forward(Inputs.of(batch).from(new Inputs.Start(1, first)), Mode.INFERENCE).states());
            float[] changed = Tensors.floats(model.backbone().forward(Inputs.of(batch).from(new Inputs.Start(1, other)), Mode.INFERENCE).states());
            assertThat(Arrays.copyOfRange(changed, 5 * WIDTH, 12 * WIDTH)).isEqualTo(Arrays.copyOfRange(whole, 5 * WIDTH, 12 * WIDTH));
            assertThat(Arrays.copyOfRange(changed, 4 * WIDTH, 5 * WIDTH)).isNotEqualTo(Arrays.copyOfRange(whole, 4 * WIDTH, 5 * WIDTH));
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyCutGoesOnToTheSameBits(Kind kind) {
        try (var model = kind.model(); var scope = Scope.open(); var without = new NoGradient()) {
            Inputs inputs = inputs();
            Hidden whole = model.backbone().forward(inputs, Mode.INFERENCE);
            assertThat(whole.layers()).hasSize(4);
            for (int cut = 0; cut <= 3; cut++) {
                var start = new Inputs.Start(cut, whole.layers().get(cut));
                Hidden rest = model.backbone().forward(inputs.from(start), Mode.INFERENCE);
                assertThat(Tensors.floats(rest.states())).isEqualTo(Tensors.floats(whole.states()));
                assertThat(model.backbone().forward(inputs.upTo(cut), Mode.INFERENCE).layers()).hasSize(cut + 1);
            }
        }
    }

    /// A head that says that it reads the first token alone, or the mean alone, gets along with that.
    @ParameterizedTest
    @EnumSource
    void aHeadReadsWhatItSays(Kind kind) {
        try (var weights = new Weights(7, Weights.Stored.NONE); var scope = Scope.open(); var without = new NoGradient()) {
            var model = new Model(weights, kind == Kind.BERT ? new Bert(weights, Kind.bert(2, 1e-6), true) : kind.build(weights));
            RowClassifier classifier = RowClassifier.of(model, Pooling.CLS, 3, 0.3);
            Inputs inputs = inputs();
            Tensor states = model.backbone().forward(inputs, Mode.INFERENCE).states();
            boolean mean = classifier.head().pooling().filter(pooling -> pooling == Pooling.MEAN).isPresent();
            var start = mean
                    ? new Inputs.Start(4, Pooling.MEAN.apply(model.backbone(), new Hidden(states, List.of()), inputs, Mode.INFERENCE))
                    : new Inputs.Start(3, states.narrow(1, 0, 1));
            assertThat(mean).isEqualTo(kind == Kind.MODERNBERT_WITH_BIASES);
            assertThat(Tensors.floats(classifier.logits(inputs.from(start), Mode.INFERENCE)))
                    .containsExactly(Tensors.floats(classifier.logits(inputs, Mode.INFERENCE)), CLOSE);
        }
    }

    /// Dropout on, the lowest block frozen or not: what is computed once more draws the same.
    @ParameterizedTest
    @EnumSource
    void recomputingGivesTheSameGradientsToTheBit(Kind kind) {
        for (int frozenBelow : new int[] {0, 2}) {
            try (var model = kind.model(); var other = kind.model()) {
                Map<String, float[]> kept = gradients(model, frozenBelow);
                Map<String, float[]> again = gradients(new Model(other.weights(), other.backbone().recomputing().orElseThrow()), frozenBelow);
                assertThat(kept).hasSizeGreaterThan(8);
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
            Hidden hidden = model.backbone().forward(inputs(), mode);
            hidden.states().mul(hidden.states()).mul(hidden.states()).sum().backward();
            trained.forEach(name -> gradients.put(name, Tensors.floats(weights.get(name).grad())));
        }
        return gradients;
    }

    @ParameterizedTest
    @EnumSource
    void everyParameterHasItsDepth(Kind kind) {
        try (var model = kind.model()) {
            assertThat(model.backbone().labelHead(model, 3, 0.3).isPresent()).isEqualTo(kind != Kind.BERT);
            assertThat(model.weights().names()).allSatisfy(name -> {
                boolean head = HeadNames.of(ConfigFile.of("config.json", model.backbone().config())).owns(name) || name.startsWith("head.");
                boolean embeddings = name.contains("embeddings");
                assertThat(model.backbone().depth(name)).isEqualTo(head ? -1 : embeddings ? 0 : name.contains("final_norm") ? 3
                        : 1 + Integer.parseInt(name.replaceFirst("^.*?\\.(\\d+)\\..*$", "$1")));
            });
        }
    }

    @Test
    void settingsThatWouldChangeTheNumbersAreRefusedByName() {
        refused(Kind.ROBERTA, "position_embedding_type", "relative_key", "position_embedding_type", "absolute");
        refused(Kind.ROBERTA, "tie_word_embeddings", false, "tie_word_embeddings", "true");
        refused(Kind.ROBERTA, "max_position_embeddings", 2L, "padding", "2 positions");
        refused(Kind.DISTILBERT, "sinusoidal_pos_embds", true, "sinusoidal_pos_embds", "false");
        refused(Kind.DISTILBERT, "activation", "mish", "mish", "gelu");
        refused(Kind.MODERNBERT, "classifier_pooling", "max", "classifier_pooling", "mean");
        refused(Kind.MODERNBERT, "layer_types", List.of("full_attention"), "layer_types", "3 layers");
        refused(Kind.MODERNBERT, "num_attention_heads", 5L, "5 heads", "width of 24");
        refused(Kind.MODERNBERT, "rope_parameters", Map.of("full_attention", Map.of("rope_type", "yarn")), "yarn", "default");
        refused(Kind.BERT, "model_type", "deberta", "deberta", String.join(", ", Family.known()));
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

    @Test
    void aRowThatIsTooLongIsRefused() {
        try (var model = Kind.ROBERTA.model()) {
            assertThat(model.backbone().positions()).isEqualTo(12);
            assertThat(states(model, batch(ids(1, 12), 1, 12))).hasSize(12 * WIDTH);
            assertThatThrownBy(() -> states(model, batch(ids(1, 13), 1, 13))).hasMessageContaining("13 tokens").hasMessageContaining("12 positions");
        }
    }

    /// Keys as they were before transformers 5.
    @Test
    void olderConfigurationsSayTheSame() {
        ModernBertConfig config = ModernBertConfig.of(ConfigFile.of("config.json", Map.of(
                "vocab_size", 23L, "hidden_size", 24L, "num_hidden_layers", 5L, "num_attention_heads", 4L, "intermediate_size", 40L,
                "global_attn_every_n_layers", 2L, "global_rope_theta", 500.0, "local_rope_theta", 50.0, "classifier_pooling", "mean")));
        assertThat(config.global()).isEqualTo(new Rope(500, new Rope.Scaling.None()));
        assertThat(config.local()).isEqualTo(new Rope(50, new Rope.Scaling.None()));
        assertThat(config.sights()).containsExactly(Sight.FULL, Sight.SLIDING, Sight.FULL, Sight.SLIDING, Sight.FULL);
        assertThat(config.localSpan()).isEqualTo(128);
        assertThat(config.classifier().pooling()).isEqualTo(Pooling.MEAN);
    }
}
