package dev.cultivar.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.Batch;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Adapters on one backbone: which layers they stand on, switched, merged, and what of PEFT's configurations is refused.
class AdaptersTest {
    private static final Batch ROWS = Batch.of(2).ints("input_ids", new int[] {1, 2, 3, 4, 5, 6}, 2, 3).build();

    @TempDir
    Path folder;

    private static ConfigFile gpt2() {
        return ConfigFile.of("config", Map.of(
                "model_type", "gpt2", "vocab_size", 11, "n_embd", 8, "n_layer", 2, "n_head", 2, "n_positions", 16, "n_inner", 16));
    }

    private static AdapterConfig read(String json) {
        return AdapterConfigReader.read(new ConfigFile("adapter_config.json", JsonFiles.parse(json, "adapter_config.json")));
    }

    private static float[] states(Model model) {
        try (var scope = Scope.open(); var without = new NoGradient()) {
            return Tensors.floats(model.backbone().forward(Inputs.of(ROWS), Mode.INFERENCE).states());
        }
    }

    private static Model opened(AdapterConfig config) {
        var weights = new Weights(5, Weights.Stored.NONE);
        var model = new Model(weights, Backbones.build(gpt2().with(config), weights, false, Backbones.Custom.NONE));
        try (var scope = Scope.open()) {
            for (String own : weights.adapters().own()) { // a new adapter changes nothing yet
                weights.set(own, Tensors.ofFloats(new Initial.Normal(0.5).values((int) weights.count(List.of(own)), 3, own), weights.shape(own)));
            }
        }
        return model;
    }

    /// GPT-2's matrices are stored the other way round.
    @ParameterizedTest
    @ValueSource(strings = {
        "{\"peft_type\": \"LORA\", \"r\": 2}",
        "{\"peft_type\": \"LORA\", \"r\": 2, \"use_dora\": true, \"target_modules\": \"transformer\\\\.h\\\\.\\\\d+\\\\.(attn|mlp)\\\\.c_.*\"}",
        "{\"peft_type\": \"IA3\"}",
    })
    void mergedIsUnmergedAndTheBaseComesBackToTheBit(String json) {
        try (var model = opened(read(json))) {
            float[] adapted = states(model);
            model.weights().adapters().useNone();
            float[] base = states(model);
            assertThat(base).isNotEqualTo(adapted);
            model.weights().adapters().use(Adapters.OPENED);
            try (var merged = Merged.of(model.weights())) {
                assertThat(model.weights().adapters().inUse()).isEmpty();
                float[] whole = states(model);
                for (int i = 0; i < whole.length; i++) {
                    assertThat(whole[i]).isCloseTo(adapted[i], org.assertj.core.api.Assertions.within(1e-5f));
                }
            }
            assertThat(states(model)).isEqualTo(adapted);
            model.weights().adapters().useNone();
            assertThat(states(model)).isEqualTo(base);
        }
    }

    @Test
    void severalStandOnOneBackbone() {
        try (var first = opened(read("{\"peft_type\": \"LORA\", \"r\": 2}"))) {
            Path saved = folder.resolve("first");
            saved.toFile().mkdirs();
            ModelFolder.write(saved, first, List.of(), Map.of());
            Path whole = folder.resolve("whole");
            whole.toFile().mkdirs();
            first.weights().adapters().useNone();
            float[] base = states(first);
            ModelFolder.write(whole, first, List.of(), Map.of());
            first.weights().adapters().use(Adapters.OPENED);
            try (var opened = ModelFolder.open(whole); var weights = new Weights(0, opened.stored(name -> false))) {
                var model = new Model(weights, Backbones.build(opened.config(), weights, false, Backbones.Custom.NONE));
                AdapterFolder.add(model, opened, "one", saved);
                AdapterFolder.add(model, opened, "two", saved);
                assertThatThrownBy(() -> AdapterFolder.add(model, opened, "two", saved)).hasMessageContaining("a name of its own");
                assertThat(weights.adapters().names()).containsExactly("one", "two");
                assertThat(states(model)).isEqualTo(states(first));
                try (var scope = Scope.open()) {
                    String b = "two/transformer.h.0.attn.c_attn.lora_B.weight";
                    weights.set(b, Tensors.ofFloats(new float[24 * 2], 24, 2));
                }
                assertThat(states(model)).isNotEqualTo(states(first));
                weights.adapters().use("one");
                assertThat(states(model)).isEqualTo(states(first));
                weights.adapters().useNone();
                assertThat(states(model)).isEqualTo(base);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"peft_type": "LOHA"}                                                  | LOHA is not built
            {"peft_type": "LORA", "layer_replication": [[0, 2]]}                   | layer_replication
            {"peft_type": "LORA", "megatron_config": {"a": 1}}                     | megatron_config
            {"peft_type": "LORA", "use_qalora": true}                              | use_qalora
            {"peft_type": "LORA", "init_lora_weights": "pissa"}                    | pissa starts from another base
            {"peft_type": "LORA", "bias": "some"}                                  | none, all or lora_only
            {"peft_type": "LORA", "lora_dropout": 1}                               | below 1
            {"peft_type": "LORA", "target_modules": "(c_attn"}                     | no regular expression
            {"peft_type": "LORA", "target_modules": 3}                             | list of module names
            {"peft_type": "PROMPT_TUNING"}                                         | num_virtual_tokens
            {"peft_type": "PREFIX_TUNING", "num_virtual_tokens": 2, "prefix_projection": true} | prefix_projection
            {"r": 4}                                                               | peft_type is missing
            """)
    void whatIsNotBuiltIsRefusedByName(String json, String said) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(CheckpointException.class).hasMessageContaining(said);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "target_modules": ["c_attn"]                                              | 0.attn.c_attn 1.attn.c_attn
            "target_modules": ["mlp.c_proj"], "layers_to_transform": [1]              | 1.mlp.c_proj
            "target_modules": ["c_proj"], "exclude_modules": ["attn.c_proj"]          | 0.mlp.c_proj 1.mlp.c_proj
            "target_modules": "transformer.h.(?P<n>[01]).attn.c_attn"                 | 0.attn.c_attn 1.attn.c_attn
            "target_modules": "h.1.*c_fc", "exclude_modules": "h.0.*"                 | 1.mlp.c_fc
            "target_modules": ".*c_proj", "exclude_modules": "transformer.h.*mlp.*"   | 0.attn.c_proj 1.attn.c_proj
            "target_modules": "all-linear", "layers_to_transform": 0, "layers_pattern": "h" | 0.attn.c_attn 0.attn.c_proj 0.mlp.c_fc 0.mlp.c_proj
            """)
    void targetsAreThoseOfPeft(String keys, String modules) {
        try (var model = opened(read("{\"peft_type\": \"LORA\", \"r\": 1, " + keys + "}"))) {
            Set<String> stood = model.weights().adapters().own().stream()
                    .map(name -> name.replaceFirst("transformer\\.h\\.", "").replaceFirst("\\.lora_[AB]\\.weight", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(stood).isEqualTo(new TreeSet<>(Arrays.asList(modules.split(" "))));
        }
    }

    /// PEFT's class has other names with a head than without; a name's ending holds for both.
    @Test
    void whatAPatternChoseIsWrittenByName() {
        String ia3 = "{\"peft_type\": \"IA3\", \"target_modules\": \"h.*(c_attn|c_fc)\", \"feedforward_modules\": \".*c_fc\"}";
        try (var model = opened(read(ia3))) {
            assertThat(model.weights().adapters().config().orElseThrow().json("", model.backbone(), true))
                    .containsEntry("target_modules", List.of("h.0.attn.c_attn", "h.0.mlp.c_fc", "h.1.attn.c_attn", "h.1.mlp.c_fc"))
                    .containsEntry("feedforward_modules", List.of("h.0.mlp.c_fc", "h.1.mlp.c_fc"));
        }
        assertThatThrownBy(() -> opened(read("{\"peft_type\": \"LORA\", \"target_modules\": \"c_attn\"}")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("must match a name as a whole").hasMessageContaining("transformer.h.N.attn.c_attn");
    }

    @Test
    void ranksAndScalesGoByPattern() {
        var low = (AdapterConfig.LowRank) read("{\"peft_type\": \"LORA\", \"r\": 4, \"lora_alpha\": 8, \"use_rslora\": true, "
                        + "\"rank_pattern\": {\"query\": 16}, \"alpha_pattern\": {\"0.key\": 2}}").kind();
        assertThat(low.rank("a.query")).isEqualTo(16);
        assertThat(low.rank("a.subquery")).isEqualTo(4);
        assertThat(low.scale("a.query")).isEqualTo(2);
        assertThat(low.scale("0.key")).isEqualTo(1);
    }

    /// A question that a backbone learns to answer must reach the one that stands behind virtual tokens.
    @Test
    void virtualTokensHandEveryQuestionOn() {
        Set<String> asked = Arrays.stream(Backbone.class.getMethods()).map(Method::getName).collect(Collectors.toCollection(TreeSet::new));
        Set<String> answered = Arrays.stream(VirtualTokens.class.getDeclaredMethods()).map(Method::getName).collect(Collectors.toCollection(TreeSet::new));
        assertThat(answered).containsAll(asked);
    }
}
