package dev.cultivar.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The scores are scikit-learn's: all values of the stored case.
class ClassificationParityTest {

    @Test
    void everyStoredValueIsReproduced() throws IOException {
        Path folder = Path.of(System.getProperty("cultivar.root")).resolve("../shared/fixtures/metrics-classification");
        Assumptions.assumeTrue(Files.isDirectory(folder), "the stored cases are absent (../shared/fixtures)");
        JsonNode stored = JsonMapper.shared().readTree(Files.readString(folder.resolve("case.json"))).get("values");
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("inputs.safetensors"))).order(ByteOrder.LITTLE_ENDIAN);
        int header = (int) file.getLong(0);
        JsonNode tensors = JsonMapper.shared().readTree(new String(file.array(), 8, header));
        ByteBuffer labels = data(file, header, tensors.get("labels"));
        ByteBuffer logits = data(file, header, tensors.get("logits"));
        int[] gold = new int[tensors.get("labels").get("shape").get(0).asInt()];
        int K = tensors.get("logits").get("shape").get(1).asInt();
        float[] scores = new float[gold.length * K];
        for (int row = 0; row < gold.length; row++) {
            gold[row] = (int) labels.getLong();
        }
        logits.asFloatBuffer().get(scores);

        var ours = ClassificationScores.of(gold, Probabilities.ofLogits(K, scores), List.of("a", "b", "c", "d", "e"));

        Confusion counts = ours.confusion();
        Map<String, Double> values = new TreeMap<>(Map.of(
                "accuracy", ours.accuracy().value(),
                "balanced_accuracy", counts.balancedAccuracy(),
                "mcc", counts.matthews(),
                "cohen_kappa", counts.cohenKappa(),
                "log_loss", ours.logLoss().value(),
                "top2_accuracy", ours.topAccuracy(2).value(),
                "roc_auc_ovr_macro", ours.rocAucOneVersusRest().orElseThrow(),
                "roc_auc_ovo_macro", ours.rocAucOneVersusOne().orElseThrow(),
                "ece_15", ours.calibrationError().value()));
        values.putAll(Map.of(
                "f1_micro", counts.accuracy(), "precision_micro", counts.accuracy(), "recall_micro", counts.accuracy(),
                "f1_macro", ours.macroF1().value(),
                "precision_macro", counts.macroPrecision(), "recall_macro", counts.macroRecall(),
                "f1_weighted", counts.weightedF1(), "precision_weighted", counts.weightedPrecision(),
                "recall_weighted", counts.accuracy()));
        values.forEach((name, value) -> assertThat(value).as(name).isCloseTo(stored.get(name).asDouble(), within(1e-6)));
        for (int g = 0; g < K; g++) {
            assertThat(counts.f1(g)).isCloseTo(stored.get("f1_per_class").get(g).asDouble(), within(1e-9));
            for (int p = 0; p < K; p++) {
                assertThat(counts.count(g, p)).isEqualTo(stored.get("confusion").get(g).get(p).asLong());
            }
        }
        assertThat(stored.propertyNames()).hasSize(values.size() + 2);
    }

    private static ByteBuffer data(ByteBuffer file, int header, JsonNode tensor) {
        int from = tensor.get("data_offsets").get(0).asInt();
        int to = tensor.get("data_offsets").get(1).asInt();
        return file.slice(8 + header + from, to - from).order(ByteOrder.LITTLE_ENDIAN);
    }
}
