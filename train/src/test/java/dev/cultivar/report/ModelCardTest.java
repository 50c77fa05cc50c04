package dev.cultivar.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.evaluate.Direction;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.report.Block.Fact;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class ModelCardTest {

    @Test
    void theFrontMatterIsWhatTheHubReads() {
        Map<?, ?> front = frontMatter(card(Optional.of("apache-2.0"), Optional.of("google-bert/bert-base"), "intents: \"no\" # 1"));

        assertThat(front.get("license")).isEqualTo("apache-2.0");
        assertThat(front.get("base_model")).isEqualTo("google-bert/bert-base");
        assertThat(front.get("pipeline_tag")).isEqualTo("text-classification");
        assertThat(front.get("language")).isEqualTo(List.of("en", "no"));
        assertThat(front.get("metrics")).isEqualTo(List.of("accuracy", "f1"));
        Map<?, ?> model = (Map<?, ?>) ((List<?>) front.get("model-index")).getFirst();
        assertThat(model.get("name")).isEqualTo("intents: \"no\" # 1");
        Map<?, ?> result = (Map<?, ?>) ((List<?>) model.get("results")).getFirst();
        assertThat(result.get("dataset")).isEqualTo(Map.of("name", "tickets", "type", "tickets"));
        assertThat(((List<?>) result.get("metrics")).getFirst())
                .isEqualTo(Map.of("type", "accuracy", "name", "accuracy", "value", 0.5));
    }

    @Test
    void whatIsNotKnownIsNotClaimed() {
        ModelCard card = card(Optional.empty(), Optional.of("runs/a b/checkpoints/best"), "intents");

        assertThat(frontMatter(card).get("license")).isEqualTo("unknown");
        assertThat(frontMatter(card).containsKey("base_model")).isFalse();
        assertThat(card.markdown()).contains("Trained from runs/a b/checkpoints/best.");
    }

    @Test
    void theTextSaysDataStrategyMetricsLimitsAndCost() {
        assertThat(card(Optional.empty(), Optional.empty(), "intents").markdown()).contains("""
                ## Data

                - rows: 500

                ## Strategy

                - kind: full

                ## Metrics

                Measured on tickets; intervals hold 95 %.

                | metric | value | better is |
                | :-- | --: | :-- |
                | accuracy | 0.5000 \\[0.4000, 0.6000\\] | higher |
                | macro_f1 | 0.4000 \\[0.3000, 0.5000\\] | higher |

                ## Limits

                - English only.

                ## Cost

                - seconds: 12
                """);
    }

    private static ModelCard card(Optional<String> license, Optional<String> base, String name) {
        return new ModelCard(name, "Sorts tickets.", license, base, List.of("en", "no"), "text-classification",
                List.of("cultivar", "bert"), "tickets",
                List.of(new Metric("accuracy", 0.5, 0.4, 0.6, Direction.HIGHER), new Metric("macro_f1", 0.4, 0.3, 0.5, Direction.HIGHER)),
                List.of(new Fact("rows", "500")), List.of(new Fact("kind", "full")), List.of("English only."),
                List.of(new Fact("seconds", "12")), "./cultivar predict .");
    }

    private static Map<?, ?> frontMatter(ModelCard card) {
        String text = card.markdown();
        assertThat(text).startsWith("---\n");
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(text.substring(4, text.indexOf("\n---\n", 4)));
    }
}
