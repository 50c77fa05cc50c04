package dev.cultivar.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cultivar.batch.Batch;
import dev.cultivar.evaluate.Direction;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.loop.Evaluations;
import dev.cultivar.nn.CriticHead;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.LatentPictures;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Weights;
import dev.cultivar.recipe.PictureObjectiveRecipe;
import dev.cultivar.recipe.PictureObjectiveRecipe.CriticLoss;
import dev.cultivar.recipe.PictureObjectiveRecipe.Drawing;
import dev.cultivar.recipe.PictureObjectiveRecipe.Game;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a GAN's halves pay, whom a gradient reaches, and what stays as it was.
class GanTest {
    private static final int ROWS = 6;
    private static final int LATENT = 5;
    private static final Drawing DENSE = new Drawing.Mlp(List.of(16));
    private static final Drawing DCGAN = new Drawing.Dcgan(List.of(8, 4));

    private static PictureObjectiveRecipe.GanCritic critic(CriticLoss loss, boolean conditional, boolean classes) {
        return new PictureObjectiveRecipe.GanCritic(loss, conditional, classes);
    }

    private static PictureObjectiveRecipe.GanGenerator generator(Drawing drawing, Game game, boolean conditional, boolean features) {
        return new PictureObjectiveRecipe.GanGenerator(drawing, LATENT, game, conditional, features);
    }

    private static CriticLoss loss(Game game) {
        return switch (game) {
            case NON_SATURATING -> new CriticLoss.NonSaturating();
            case HINGE -> new CriticLoss.Hinge();
            case WASSERSTEIN -> new CriticLoss.Wasserstein(10);
        };
    }

    private static PictureTrial gan(Game game, Drawing drawing, boolean conditional) {
        return PictureTrial.of(
                PictureTrial.encoder(3, 4), PictureTrial.LABELLED, critic(loss(game), conditional, false), generator(drawing, game, conditional, false));
    }

    private static Batch batch(int from, int to) {
        return PictureTrial.pictures(from, to)
                .floats("noise", PictureTrial.numbers("noise", from, to, LATENT, true), to - from, LATENT)
                .floats("mix", PictureTrial.numbers("mix", from, to, 1, false), to - from, 1)
                .build();
    }

    private static Map<String, Double> terms(PictureTrial trial, int turn, Batch batch, Mode mode) {
        Map<String, Double> means = new LinkedHashMap<>();
        Objective objective = trial.objectives().get(turn);
        for (Loss.Term term : objective.loss(trial.model(), Inputs.of(batch), mode).terms()) {
            means.put(term.name(), Tensors.item(term.sum()) / objective.denominators(batch).of(term.name()));
        }
        return means;
    }

    /// Scores of the batch's pictures, and of what the generator draws from its noise.
    private static float[][] scores(PictureTrial trial, Batch batch, boolean conditional) {
        Inputs inputs = Inputs.of(batch);
        Optional<Tensor> labels = conditional ? Optional.of(inputs.tensor("labels")) : Optional.empty();
        Judge judge = Judge.built(trial.model());
        LatentPictures drawer = LatentPictures.built(trial.model(), LatentPictures.Kind.GAN, "");
        Tensor fake = drawer.pictures(inputs.tensor("noise"), labels, Mode.INFERENCE);
        return new float[][] {
            Tensors.floats(judge.scores(inputs, labels, Mode.INFERENCE)),
            Tensors.floats(judge.scores(new Normalizing(PictureTrial.FACTS).inputs(inputs, fake), labels, Mode.INFERENCE))
        };
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    private static double real(Game game, double score) {
        return switch (game) {
            case NON_SATURATING -> softplus(-score);
            case HINGE -> Math.max(0, 1 - score);
            case WASSERSTEIN -> -score;
        };
    }

    private static double fake(Game game, double score) {
        return switch (game) {
            case NON_SATURATING -> softplus(score);
            case HINGE -> Math.max(0, 1 + score);
            case WASSERSTEIN -> score;
        };
    }

    private static double mean(float[] scores, java.util.function.DoubleUnaryOperator cost) {
        return IntStream.range(0, scores.length).mapToDouble(i -> cost.applyAsDouble(scores[i])).average().orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(Game.class)
    void bothHalvesPayWhatTheFormulasSay(Game game) {
        Batch batch = batch(0, ROWS);
        for (boolean conditional : List.of(false, true)) {
            try (var trial = gan(game, DENSE, conditional); var scope = Scope.open()) {
                float[][] scores = scores(trial, batch, conditional);
                Map<String, Double> ofCritic = terms(trial, 0, batch, Mode.INFERENCE);
                assertThat(ofCritic.get("real")).isCloseTo(mean(scores[0], score -> real(game, score)), within(1e-5));
                assertThat(ofCritic.get("fake")).isCloseTo(mean(scores[1], score -> fake(game, score)), within(1e-5));
                assertThat(ofCritic.keySet()).hasSize(game == Game.WASSERSTEIN ? 3 : 2);
                assertThat(terms(trial, 1, batch, Mode.INFERENCE).get("generator"))
                        .isCloseTo(mean(scores[1], score -> game == Game.NON_SATURATING ? softplus(-score) : -score), within(1e-5));
            }
        }
    }

    /// Of a score that is linear in the picture, the slope is the same everywhere: the penalty and its gradient are known.
    @Test
    void thePenaltyOfALinearScoreIsThatOfItsSlope() {
        try (var scope = Scope.open()) {
            float[] w = {0.3f, -1.2f, 0.8f, 0.1f};
            double length = Math.sqrt(IntStream.range(0, 4).mapToDouble(i -> w[i] * w[i]).sum());
            Tensor weight = Tensors.ofFloats(w, 4, 1).set_requires_grad(true);
            Tensor between = Tensors.ofFloats(PictureTrial.numbers("x", 0, 3, 4, true), 3, 1, 2, 2).set_requires_grad(true);
            Tensor penalty = GanLosses.penalty(between, between.reshape(3, 4).matmul(weight).squeeze(1));
            for (float each : Tensors.floats(penalty)) {
                assertThat((double) each).isCloseTo(Math.pow(length - 1, 2), within(1e-6));
            }
            penalty.mean().backward();
            float[] gradient = Tensors.floats(weight.grad());
            for (int i = 0; i < 4; i++) {
                assertThat((double) gradient[i]).isCloseTo(2 * (length - 1) * w[i] / length, within(1e-5));
            }
        }
    }

    /// The gradient of the penalty by the critic's parameters is that of finite differences of it.
    @Test
    void thePenaltyIsDifferentiatedAgain() {
        Batch batch = batch(0, 3);
        try (var trial = PictureTrial.of(PictureTrial.mlp(8), PictureTrial.LABELLED, critic(loss(Game.WASSERSTEIN), false, false), generator(DENSE, Game.WASSERSTEIN, false, false))) {
            Weights weights = trial.model().weights();
            weights.parameters().forEach(name -> weights.requireGradient(name, trial.objective().moves(name)));
            for (String name : List.of("net.0.weight", "critic.weight")) {
                float[] gradient;
                try (var scope = Scope.open()) {
                    penalty(trial, batch).backward();
                    gradient = Tensors.floats(weights.get(name).grad());
                    weights.parameters().forEach(each -> weights.get(each).mutable_grad().put(new Tensor()));
                }
                float[] values = Tensors.floats(weights.master(name));
                double most = IntStream.range(0, gradient.length).mapToDouble(i -> Math.abs(gradient[i])).max().orElseThrow();
                assertThat(most).isGreaterThan(1e-3);
                for (int i = 0; i < gradient.length; i += 1 + gradient.length / 7) {
                    double difference = (at(trial, batch, name, values, i, 2e-3f) - at(trial, batch, name, values, i, -2e-3f)) / 4e-3;
                    assertThat((double) gradient[i]).as(name + " " + i).isCloseTo(difference, within(0.02 * most));
                }
            }
        }
    }

    private static Tensor penalty(PictureTrial trial, Batch batch) {
        return trial.objective().loss(trial.model(), Inputs.of(batch), Mode.INFERENCE).terms().stream()
                .filter(term -> term.name().equals("penalty"))
                .findFirst()
                .orElseThrow()
                .sum();
    }

    private static double at(PictureTrial trial, Batch batch, String name, float[] values, int i, float step) {
        float[] moved = values.clone();
        moved[i] += step;
        try (var scope = Scope.open()) {
            set(trial, name, moved);
            double penalty = Tensors.item(penalty(trial, batch));
            set(trial, name, values);
            return penalty;
        }
    }

    private static void set(PictureTrial trial, String name, float[] values) {
        trial.model().weights().set(name, Tensors.ofFloats(values, trial.model().weights().shape(name)));
    }

    @Test
    void aTurnMovesItsOwnHalfAlone() {
        Batch batch = batch(0, ROWS);
        try (var trial = gan(Game.NON_SATURATING, DENSE, true)) {
            Weights weights = trial.model().weights();
            for (int turn = 0; turn < 2; turn++) {
                Objective objective = trial.objectives().get(turn);
                assertThat(weights.parameters().stream().filter(objective::moves)).isNotEmpty().allMatch(
                        turn == 0 ? name -> !name.startsWith("generator.") : name -> name.startsWith("generator."));
                weights.parameters().forEach(name -> weights.requireGradient(name, true)); // even where all would take a gradient
                try (var scope = Scope.open()) {
                    objective.loss(trial.model(), Inputs.of(batch), Mode.INFERENCE).backward(objective.denominators(batch));
                    for (String name : weights.parameters()) {
                        Tensor gradient = weights.get(name).grad();
                        boolean reached = gradient.defined() && gradient.abs().sum().item_double() > 0;
                        assertThat(reached).as(turn + " " + name).isEqualTo(turn == 1 || objective.moves(name));
                        weights.get(name).mutable_grad().put(new Tensor());
                    }
                }
            }
        }
    }

    /// A critic that is told classes adds the product of its features with the class's vector.
    @Test
    void aConditionalCriticProjects() {
        Batch batch = batch(0, ROWS);
        try (var trial = gan(Game.HINGE, DENSE, true); var scope = Scope.open()) {
            Weights weights = trial.model().weights();
            Inputs inputs = Inputs.of(batch);
            float[] features = Tensors.floats(Judge.built(trial.model()).features(inputs, Mode.INFERENCE));
            float[] w = Tensors.floats(weights.master("critic.weight"));
            float[] bias = Tensors.floats(weights.master("critic.bias"));
            float[] classes = Tensors.floats(weights.master("critic.labels.weight"));
            float[] scores = Tensors.floats(CriticHead.of(trial.model(), 3)
                    .scores(Judge.built(trial.model()).features(inputs, Mode.INFERENCE), Optional.of(inputs.tensor("labels"))));
            for (int row = 0; row < ROWS; row++) {
                double expected = bias[0];
                for (int f = 0; f < w.length; f++) {
                    expected += features[row * w.length + f] * (w[f] + classes[row % 3 * w.length + f]);
                }
                assertThat((double) scores[row]).isCloseTo(expected, within(1e-5));
            }
        }
    }

    /// With one class more: the chance that a picture is of the data is that of the other classes together.
    @Test
    void aCriticWithClassesTellsThemAndWhatWasDrawn() {
        Batch batch = PictureTrial.pictures(0, ROWS).ints("labels", new int[] {0, -100, 2, -100, 1, 2}, ROWS)
                .floats("noise", PictureTrial.numbers("noise", 0, ROWS, LATENT, true), ROWS, LATENT).build();
        try (var trial = PictureTrial.of(PictureTrial.encoder(3, 4), PictureTrial.LABELLED, generator(DENSE, Game.NON_SATURATING, false, true),
                critic(new CriticLoss.NonSaturating(), false, true)); var scope = Scope.open()) {
            Objective objective = trial.objectives().get(1);
            assertThat(objective.denominators(batch).counts()).containsOnly(
                    Map.entry("real", 6.0), Map.entry("fake", 6.0), Map.entry("classification", 4.0));
            float[] logits = Tensors.floats(((Judge.Classes) Judge.built(trial.model())).classifier().logits(Inputs.of(batch), Mode.INFERENCE));
            double real = 0;
            double classes = 0;
            for (int row = 0; row < ROWS; row++) {
                double z = 0;
                for (int k = 0; k < 3; k++) {
                    z += Math.exp(logits[row * 3 + k]);
                }
                real -= Math.log(z / (z + 1)) / ROWS;
                int label = batch.ints("labels").values()[row];
                classes -= label < 0 ? 0 : Math.log(Math.exp(logits[row * 3 + label]) / z) / 4;
            }
            Map<String, Double> terms = terms(trial, 1, batch, Mode.INFERENCE);
            assertThat(terms.get("real")).isCloseTo(real, within(1e-5));
            assertThat(terms.get("classification")).isCloseTo(classes, within(1e-5));
            assertThat(trial.model().weights().parameters()).contains("classifier.weight").doesNotContain("critic.weight");
            List<Metric> metrics = Evaluations.measure(objective.measurement(trial.model()), List.of(batch(0, 30)));
            assertThat(metrics).extracting(Metric::name).startsWith("accuracy").contains("critic_accuracy", "critic_gap");
        }
    }

    /// Pictures without labels are then those of the data, in the critic's turn and in the generator's; those with labels tell classes alone.
    @Test
    void aCriticWithClassesLearnsFromPicturesWithoutLabels() {
        Batch others = PictureTrial.pictures(20, 24).build();
        float[] pixels = others.floats("pixels").values();
        Batch batch = PictureTrial.pictures(0, ROWS).floats("noise", PictureTrial.numbers("noise", 0, ROWS, LATENT, true), ROWS, LATENT)
                .floats("unlabelled", pixels, 4, 1, 8, 8).build();
        try (var trial = PictureTrial.of(PictureTrial.encoder(3, 4), PictureTrial.LABELLED, generator(DENSE, Game.NON_SATURATING, false, true),
                critic(new CriticLoss.NonSaturating(), false, true)); var scope = Scope.open()) {
            assertThat(trial.objectives().get(1).denominators(batch).counts()).containsOnly(
                    Map.entry("real", 4.0), Map.entry("fake", 6.0), Map.entry("classification", 6.0));
            Map<String, Double> terms = terms(trial, 1, batch, Mode.INFERENCE);
            Map<String, Double> alone = terms(trial, 1, batch(0, ROWS), Mode.INFERENCE);
            Judge judge = Judge.built(trial.model());
            float[] scores = Tensors.floats(judge.scores(Inputs.of(others), Optional.empty(), Mode.INFERENCE));
            double real = 0;
            for (float score : scores) {
                real += Math.log1p(Math.exp(-score)) / scores.length;
            }
            assertThat(terms.get("real")).isCloseTo(real, within(1e-5)).isNotCloseTo(alone.get("real"), within(1e-5));
            assertThat(terms.get("classification")).isCloseTo(alone.get("classification"), within(1e-5));
            assertThat(terms.get("fake")).isCloseTo(alone.get("fake"), within(1e-5));
            assertThat(terms(trial, 0, batch, Mode.INFERENCE).get("features"))
                    .isNotCloseTo(terms(trial, 0, batch(0, ROWS), Mode.INFERENCE).get("features"), within(1e-7));
            var told = Evaluations.measure(trial.objectives().get(1).measurement(trial.model()), List.of(batch(0, 30)));
            var measurement = trial.objectives().get(1).measurement(trial.model());
            measurement.add(Inputs.of(batch(0, 30)));
            assertThat(measurement.classified().orElseThrow().accuracy()).isEqualTo(told.getFirst().value());
            assertThat(measurement.classified().orElseThrow().predicted()).containsAnyOf(0, 1, 2).doesNotContain(3);
        }
    }

    /// The mean of the features, not of the squares.
    @Test
    void aGeneratorMayMeetTheMeanOfTheFeatures() {
        Batch batch = batch(0, ROWS);
        try (var trial = PictureTrial.of(PictureTrial.encoder(3, 4), PictureTrial.LABELLED, critic(new CriticLoss.NonSaturating(), false, false),
                generator(DENSE, Game.NON_SATURATING, false, true)); var scope = Scope.open()) {
            Judge judge = Judge.built(trial.model());
            Inputs inputs = Inputs.of(batch);
            Tensor fake = LatentPictures.built(trial.model(), LatentPictures.Kind.GAN, "").pictures(inputs.tensor("noise"), Optional.empty(), Mode.INFERENCE);
            float[] ofReal = Tensors.floats(judge.features(inputs, Mode.INFERENCE));
            float[] ofFake = Tensors.floats(judge.features(new Normalizing(PictureTrial.FACTS).inputs(inputs, fake), Mode.INFERENCE));
            int width = ofReal.length / ROWS;
            double expected = 0;
            for (int f = 0; f < width; f++) {
                double apart = 0;
                for (int row = 0; row < ROWS; row++) {
                    apart += (ofFake[row * width + f] - ofReal[row * width + f]) / ROWS;
                }
                expected += apart * apart / width;
            }
            assertThat(terms(trial, 1, batch, Mode.INFERENCE).get("features")).isCloseTo(expected, within(1e-6));
            assertThat(trial.objectives().get(1).indivisible()).isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource(Game.class)
    void stepsMeanTheSameHoweverTheirRowsAreCut(Game game) {
        PictureTrial.Outcome whole = outcome(game, 1, batch(0, ROWS));
        assertThat(whole.losses()).hasSize(2);
        assertThat(whole.gradients()).hasSize(4); // two turns, twice
        assertThat(outcome(game, 1, batch(0, 1), batch(1, 3), batch(3, ROWS)).from(whole)).isLessThan(1e-4);
        assertThat(outcome(game, 2, batch(0, ROWS)).from(whole)).isLessThan(1e-4);
    }

    private static PictureTrial.Outcome outcome(Game game, int replicas, Batch... micro) {
        try (var trial = gan(game, DENSE, true)) {
            return trial.steps(2, 0.01, replicas, micro);
        }
    }

    private static Map<String, float[]> buffers(PictureTrial trial) {
        Map<String, float[]> buffers = new LinkedHashMap<>();
        Weights weights = trial.model().weights();
        weights.names().stream().filter(name -> !weights.parameters().contains(name)).forEach(name -> buffers.put(name, Tensors.floats(weights.master(name))));
        return buffers;
    }

    private static boolean same(Map<String, float[]> a, Map<String, float[]> b, String prefix) {
        return a.keySet().stream().filter(name -> name.startsWith(prefix)).allMatch(name -> Arrays.equals(a.get(name), b.get(name)));
    }

    /// Running statistics of the half that is held fixed stay; those of the other move, and a backward pass goes through all the same.
    @Test
    void theHalfThatIsHeldRemembersNothing() {
        Batch batch = batch(0, ROWS);
        Map<String, Object> resnet = PictureTrial.config(
                "resnet", "embedding_size", 4, "hidden_sizes", List.of(4, 8), "depths", List.of(1, 1), "layer_type", "basic", "stem", "small");
        try (var trial = PictureTrial.of(resnet, PictureTrial.LABELLED, critic(loss(Game.HINGE), false, false), generator(DCGAN, Game.HINGE, false, false));
                var scope = Scope.open()) {
            Weights weights = trial.model().weights();
            Generator draws = torch.make_generator_cpu(1);
            Map<String, float[]> before = buffers(trial);
            assertThat(before.keySet()).anyMatch(name -> name.startsWith("generator.")).anyMatch(name -> name.startsWith("resnet."));
            for (int turn = 0; turn < 2; turn++) {
                Objective objective = trial.objectives().get(turn);
                weights.parameters().forEach(name -> weights.requireGradient(name, objective.moves(name)));
                objective.loss(trial.model(), Inputs.of(batch), new Mode(true, 0, draws)).backward(objective.denominators(batch));
                Map<String, float[]> after = buffers(trial);
                assertThat(same(before, after, "generator.")).isEqualTo(turn == 0);
                assertThat(same(before, after, "resnet.")).isEqualTo(turn == 1);
                before = after;
            }
        }
    }

    /// In the critic's turn the generator draws as in its own: from the statistics of what is drawn.
    @Test
    void theCriticSeesWhatTheGeneratorsTurnDraws() {
        Batch batch = batch(0, ROWS);
        try (var trial = gan(Game.WASSERSTEIN, DCGAN, false); var scope = Scope.open()) {
            Mode training = new Mode(true, 0, torch.make_generator_cpu(1));
            double seen = terms(trial, 0, batch, training).get("fake");
            assertThat(terms(trial, 1, batch, training).get("generator")).isCloseTo(-seen, within(1e-5));
            assertThat(terms(trial, 0, batch, Mode.INFERENCE).get("fake")).isNotCloseTo(seen, within(1e-5));
            assertThat(trial.objectives()).allMatch(objective -> objective.indivisible().isPresent());
        }
    }

    @Test
    void aSlopeOfRowsThatDependOnEachOtherIsRefused() {
        Map<String, Object> resnet = PictureTrial.config(
                "resnet", "embedding_size", 4, "hidden_sizes", List.of(4), "depths", List.of(1), "layer_type", "basic", "stem", "small");
        assertThatThrownBy(() -> PictureTrial.of(resnet, PictureTrial.LABELLED, critic(loss(Game.WASSERSTEIN), false, false)))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("depend on the other pictures of the batch");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void measurementSaysWhoIsAhead(boolean wasserstein) {
        Game game = wasserstein ? Game.WASSERSTEIN : Game.NON_SATURATING;
        Batch batch = batch(0, 40);
        try (var trial = gan(game, DENSE, false)) {
            List<Metric> ofCritic = Evaluations.measure(trial.objectives().get(0).measurement(trial.model()), List.of(batch));
            List<Metric> ofGenerator = Evaluations.measure(trial.objectives().get(1).measurement(trial.model()), List.of(batch));
            assertThat(ofCritic).extracting(Metric::name)
                    .containsExactlyElementsOf(wasserstein ? List.of("critic_gap") : List.of("critic_accuracy", "fooled", "critic_gap"));
            for (int i = 0; i < ofCritic.size(); i++) {
                assertThat(ofGenerator.get(i).value()).isEqualTo(ofCritic.get(i).value());
                assertThat(ofGenerator.get(i).direction()).isNotEqualTo(ofCritic.get(i).direction());
            }
            assertThat(ofCritic.getLast().direction()).isEqualTo(Direction.HIGHER);
            try (var scope = Scope.open()) {
                float[][] scores = scores(trial, batch, false);
                assertThat(ofCritic.getLast().value())
                        .isCloseTo(mean(scores[0], score -> score) - mean(scores[1], score -> score), within(1e-5));
            }
        }
    }
}
