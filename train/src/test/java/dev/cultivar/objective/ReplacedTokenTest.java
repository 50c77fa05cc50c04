package dev.cultivar.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cultivar.batch.Batch;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.loop.Evaluations;
import dev.cultivar.nn.BertConfig;
import dev.cultivar.nn.Electra;
import dev.cultivar.nn.ElectraConfig;
import dev.cultivar.nn.GeneratorShape;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.Weights;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a generator replaces, who learns from it, and that a step means the same however its rows are cut.
class ReplacedTokenTest {
    private static final int PIECES = 40;
    private static final int MASK = 4;

    private Scope scope = Scope.open();
    private Weights weights = new Weights(5, Weights.Stored.NONE);
    private Model model = model(0);

    @BeforeEach
    void open() {
        scope.close();
        scope = Scope.open();
    }

    @AfterEach
    void close() {
        model.close();
        scope.close();
    }

    private Model model(double dropout) {
        weights.close();
        weights = new Weights(5, Weights.Stored.NONE);
        var encoder = new BertConfig(PIECES, 16, 2, 2, 32, 16, 2, "gelu", dropout, dropout, 1e-12, 0.3, 0);
        return new Model(weights, new Electra(weights, new ElectraConfig(encoder, 12, dropout)));
    }

    private ReplacedToken objective(boolean shared, Sampling.Uniforms uniforms) {
        var detection = model.backbone().detection(model, new GeneratorShape.Scaled(0.5, shared)).orElseThrow();
        return new ReplacedToken(detection, shared, 50, new Sampling(1, uniforms));
    }

    /// A row of 4 to 12 pieces, of which every third is masked.
    private static Map<String, int[]> row(int number) {
        var random = new Random(number);
        int length = 4 + random.nextInt(9);
        int[] pieces = IntStream.range(0, length).map(i -> 5 + random.nextInt(PIECES - 5)).toArray();
        int[] labels = new int[length];
        Arrays.fill(labels, CrossEntropy.IGNORED);
        for (int i = 1; i < length; i += 3) {
            labels[i] = pieces[i];
            pieces[i] = MASK;
        }
        int[] ones = new int[length];
        Arrays.fill(ones, 1);
        return new LinkedHashMap<>(Map.of("input_ids", pieces, "labels", labels, "attention_mask", ones));
    }

    /// Rows, padded to the longest of them, and filler after them.
    private static Batch batch(int[] numbers, int filler) {
        List<Map<String, int[]>> rows = Arrays.stream(numbers).mapToObj(ReplacedTokenTest::row).toList();
        int width = rows.stream().mapToInt(row -> row.get("input_ids").length).max().orElseThrow();
        var batch = Batch.of(Arrays.stream(numbers).asLongStream().toArray());
        for (String name : List.of("input_ids", "labels", "attention_mask")) {
            int pad = name.equals("labels") ? CrossEntropy.IGNORED : 0;
            int[] values = new int[(rows.size() + filler) * width];
            Arrays.fill(values, pad);
            for (int r = 0; r < rows.size() + filler; r++) {
                int[] of = rows.get(r < rows.size() ? r : 0).get(name);
                if (r < rows.size() || !name.equals("labels")) {
                    System.arraycopy(of, 0, values, r * width, of.length);
                }
            }
            batch.ints(name, values, rows.size() + filler, width);
        }
        return batch.build();
    }

    private static Mode training(long seed) {
        Generator draws = torch.make_generator_cpu(seed);
        return new Mode(true, 0, draws);
    }

    @Test
    void theFirstPieceWhoseSummedProbabilityPassesTheNumberIsDrawn() {
        double[] numbers = {0, 0.49, 0.51, 0.74, 0.76, 0.999999, 1 - 0x1p-53};
        float[] logits = new float[numbers.length * 4];
        float[] each = {(float) Math.log(0.5), (float) Math.log(0.25), -200, (float) Math.log(0.25)};
        for (int i = 0; i < numbers.length; i++) {
            System.arraycopy(each, 0, logits, 4 * i, 4);
        }
        int[] places = IntStream.range(0, numbers.length).toArray();
        Batch any = batch(new int[] {1}, 0);
        Tensor given = Tensors.ofFloats(logits, numbers.length, 4);
        assertThat(new Sampling(1, (batch, at, mode) -> numbers).pieces(given, any, places, Mode.INFERENCE)).containsExactly(0, 0, 1, 1, 3, 3, 3);
        assertThat(new Sampling(0.01, (batch, at, mode) -> numbers).pieces(given, any, places, Mode.INFERENCE)).containsOnly(0);
        assertThat(new Sampling(1, Sampling.Uniforms.BY_PLACE).pieces(given.narrow(0, 0, 0), any, new int[0], training(1))).isEmpty();
    }

    @Test
    void whatIsDrawnInTrainingFollowsTheProbabilitiesAndTheGenerator() {
        int draws = 4000;
        Tensor logits = Tensors.ofFloats(new float[] {(float) Math.log(0.6), (float) Math.log(0.3), (float) Math.log(0.1)}, 1, 3).expand(draws, 3);
        int[] places = IntStream.range(0, draws).toArray();
        var sampling = new Sampling(1, Sampling.Uniforms.BY_PLACE);
        Batch any = batch(new int[] {1}, 0);
        int[] drawn = sampling.pieces(logits, any, places, training(3));
        for (int piece = 0; piece < 3; piece++) {
            int wanted = piece;
            double expected = new double[] {0.6, 0.3, 0.1}[piece];
            assertThat(Arrays.stream(drawn).filter(one -> one == wanted).count() / (double) draws).isCloseTo(expected, within(0.03));
        }
        assertThat(sampling.pieces(logits, any, places, training(3))).isEqualTo(drawn);
        assertThat(sampling.pieces(logits, any, places, training(4))).isNotEqualTo(drawn);
    }

    @Test
    void onlyMaskedPiecesAreReplacedAndARightGuessCountsAsOriginal() {
        Batch batch = batch(IntStream.range(0, 60).toArray(), 0);
        int[] labels = batch.ints("labels").values();
        var corrupted = objective(true, Sampling.Uniforms.BY_ROW).corrupt(Inputs.of(batch), Mode.INFERENCE);
        int[] pieces = corrupted.inputs().batch().ints("input_ids").values();
        int right = 0;
        for (int i = 0; i < labels.length; i++) {
            boolean masked = labels[i] != CrossEntropy.IGNORED;
            int original = masked ? labels[i] : batch.ints("input_ids").values()[i];
            assertThat(corrupted.replaced()[i]).isEqualTo(pieces[i] != original);
            assertThat(masked || !corrupted.replaced()[i]).as("what is not masked stays").isTrue();
            right += masked && pieces[i] == original ? 1 : 0;
        }
        assertThat(right).as("some guesses are right").isBetween(1, corrupted.places().length / 2);
    }

    private Set<String> learning(ReplacedToken objective, String term) {
        Batch batch = batch(new int[] {1, 2, 3}, 0);
        weights.parameters().forEach(name -> weights.requireGradient(name, true));
        objective.loss(model, Inputs.of(batch), training(1)).terms().stream()
                .filter(one -> one.name().equals(term)).findFirst().orElseThrow().sum().backward();
        Set<String> learning = new TreeSet<>();
        for (String name : weights.parameters()) {
            Tensor gradient = weights.get(name).grad();
            if (gradient.defined() && Tensors.item(gradient.abs().sum()) > 0) {
                learning.add(name);
            }
        }
        weights.parameters().forEach(name -> weights.get(name).mutable_grad().reset());
        return learning;
    }

    /// The generator is no adversary: what it draws carries no gradient back to it.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eachNetworkLearnsFromItsOwnTerm(boolean shared) {
        ReplacedToken objective = objective(shared, Sampling.Uniforms.BY_PLACE);
        Set<String> guessing = learning(objective, ReplacedToken.GUESSES);
        Set<String> telling = learning(objective, ReplacedToken.DETECTION);
        assertThat(telling).noneMatch(name -> name.startsWith("generator.")).contains("discriminator_predictions.dense_prediction.weight",
                "electra.encoder.layer.0.attention.self.value.weight", "electra.embeddings_project.weight", "electra.embeddings.word_embeddings.weight");
        assertThat(guessing).contains("generator.generator_lm_head.bias", "generator.electra.encoder.layer.0.output.dense.weight",
                "generator.electra.embeddings_project.weight", "generator.generator_predictions.dense.weight");
        Set<String> ofBackbone = new TreeSet<>(guessing);
        ofBackbone.removeIf(name -> name.startsWith("generator."));
        List<String> embeddings = List.of("LayerNorm.bias", "LayerNorm.weight", "position_embeddings.weight", "token_type_embeddings.weight", "word_embeddings.weight");
        assertThat(ofBackbone).containsExactlyElementsOf(shared ? embeddings.stream().map(name -> "electra.embeddings." + name).toList() : List.of());
        assertThat(weights.has("generator.electra.embeddings.word_embeddings.weight")).isEqualTo(!shared);
    }

    @Test
    void frozenSharedEmbeddingsStayFrozenForTheGeneratorTooWhichItselfNeverIs() {
        model = model(0.5);
        ReplacedToken objective = objective(true, Sampling.Uniforms.BY_ROW);
        Batch batch = batch(new int[] {1, 2, 3}, 0);
        Generator draws = torch.make_generator_cpu(1);
        float[] still = Tensors.floats(objective.corrupt(Inputs.of(batch), Mode.INFERENCE).guesses());
        float[] frozen = Tensors.floats(objective.corrupt(Inputs.of(batch), new Mode(true, 3, draws)).guesses());
        assertThat(frozen).as("dropout of its own layers goes on").isNotEqualTo(still);
        assertThat(model.backbone().depth("generator.electra.encoder.layer.0.output.dense.weight")).isEqualTo(-1);
        assertThat(model.backbone().depth("discriminator_predictions.dense.weight")).isEqualTo(-1);
        assertThat(model.backbone().depth("electra.embeddings_project.weight")).isZero();
        assertThat(model.backbone().depth("electra.encoder.layer.1.output.dense.weight")).isEqualTo(2);
    }

    private Map<String, float[]> gradients(ReplacedToken objective, int[]... cuts) {
        weights.parameters().forEach(name -> weights.requireGradient(name, true));
        List<Batch> micro = Arrays.stream(cuts).map(cut -> batch(cut, 0)).toList();
        Denominators per = Denominators.NONE;
        for (Batch one : micro) {
            per = per.plus(objective.denominators(one));
        }
        double total = 0;
        for (Batch one : micro) {
            Loss loss = objective.loss(model, Inputs.of(one), Mode.INFERENCE);
            loss.backward(per);
            total += loss.over(per);
        }
        Map<String, float[]> gradients = new TreeMap<>();
        gradients.put("loss", new float[] {(float) total});
        for (String name : weights.parameters()) {
            gradients.put(name, Tensors.floats(weights.get(name).grad()));
            weights.get(name).mutable_grad().reset();
        }
        return gradients;
    }

    /// What is drawn by row is the same in every cut. What training draws depends on the micro-batch, as dropout does, so there a
    /// cut changes which pieces are replaced, and not what their loss means.
    @Test
    void eightTimesOneIsOneTimesEight() {
        ReplacedToken objective = objective(true, Sampling.Uniforms.BY_ROW);
        Map<String, float[]> whole = gradients(objective, new int[] {1, 2, 3, 4, 5, 6, 7, 8});
        assertThat(whole.get("loss")[0]).isGreaterThan(10);
        int[][] single = {{1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}};
        int[][] ragged = {{8, 3}, {1}, {2, 7, 4, 6}, {5}};
        for (int[][] cuts : List.of(single, ragged)) {
            Map<String, float[]> other = gradients(objective, cuts);
            whole.forEach((name, values) -> {
                float[] got = other.get(name);
                assertThat(got).as(name).hasSameSizeAs(values);
                for (int i = 0; i < values.length; i++) {
                    assertThat(got[i]).as(name).isCloseTo(values[i], within(2e-4f));
                }
            });
        }
    }

    @Test
    void denominatorsAreMaskedPiecesAndTokens() {
        Batch batch = batch(new int[] {1, 2, 3}, 0);
        var per = objective(true, Sampling.Uniforms.BY_ROW).denominators(batch);
        long masked = Arrays.stream(batch.ints("labels").values()).filter(label -> label >= 0).count();
        assertThat(per.counts()).isEqualTo(Map.of("masked_lm", (double) masked, "replaced_token", (double) batch.tokens()));
        assertThat((double) batch.tokens()).isLessThan(batch.ints("input_ids").values().length);
    }

    /// Training's own draws must not reach an evaluation, and neither must who else is in the batch.
    @Test
    void aMeasurementDependsOnTheRowsAlone() {
        ReplacedToken objective = objective(true, Sampling.Uniforms.BY_PLACE);
        List<Batch> together = List.of(batch(new int[] {1, 2, 3, 4, 5}, 3), batch(new int[] {6, 7, 8}, 0));
        List<Batch> alone = new ArrayList<>();
        IntStream.rangeClosed(1, 8).forEach(row -> alone.add(batch(new int[] {row}, 1)));
        List<Metric> measured = Evaluations.measure(objective.measurement(model), together);
        assertThat(Evaluations.measure(objective.measurement(model), together)).isEqualTo(measured);
        List<Metric> apart = Evaluations.measure(objective.measurement(model), alone);
        assertThat(measured.stream().map(Metric::name)).containsExactly("discriminator_loss", "generator_loss", "accuracy", "original_share",
                "replaced_precision", "replaced_recall", "replaced_f1");
        for (int i = 0; i < measured.size(); i++) {
            assertThat(apart.get(i).value()).as(measured.get(i).name()).isCloseTo(measured.get(i).value(), within(1e-5));
        }
        Batch all = batch(IntStream.rangeClosed(1, 8).toArray(), 0);
        var terms = objective.loss(model, Inputs.of(all), Mode.INFERENCE).terms();
        var per = objective.denominators(all);
        assertThat(measured.get(1).value()).isCloseTo(Tensors.item(terms.get(0).sum()) / per.of("masked_lm"), within(1e-5));
        assertThat(measured.get(0).value()).isCloseTo(Tensors.item(terms.get(1).sum()) / per.of("replaced_token"), within(1e-5));
    }

    @Test
    void countsOfTokensToldRightAndWrong() {
        var counts = new DetectionCounts();
        var row = new DetectionCounts.Row();
        for (int i = 0; i < 10; i++) {
            row.add(i < 4, i % 2 == 0); // replaced 0 to 3, told 0, 2, 4, 6, 8: 2 found, 2 missed, 3 suspected, 3 left
        }
        counts.add(row);
        assertThat(counts.metrics().stream().map(Metric::value)).usingElementComparator((a, b) -> Math.abs(a - b) < 1e-12 ? 0 : 1)
                .containsExactly(0.5, 0.6, 0.4, 0.5, 4 / 9.0);
        assertThat(new DetectionCounts().metrics().stream().map(Metric::value)).containsOnly(0.0);
    }
}
