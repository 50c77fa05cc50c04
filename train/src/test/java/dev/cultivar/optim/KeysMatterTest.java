package dev.cultivar.optim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.recipe.OptimizerRecipe;
import dev.cultivar.recipe.RecipeReader;
import dev.cultivar.recipe.ScheduleRecipe;
import dev.cultivar.recipe.TurnRecipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// No key of an optimizer or a schedule is read and then ignored: another value gives other weights after a few steps, or other rates.
class KeysMatterTest {
    private static final String RECIPE = """
            backbone: {kind: bert, layers: 1, width: 8, heads: 1, positions: 16}
            tokenizer: {kind: wordpiece, vocabulary: 60}
            data: {train: {file: rows.csv}}
            objective: masked_lm
            optimizer: {kind: OPTIMIZER}
            schedule: {kind: SCHEDULE}
            horizon: {steps: 10}
            batching: {rows: 8, max_length: 16}
            """;

    private static TurnRecipe turn(String optimizer, String schedule, String... overrides) {
        String yaml = RECIPE.replace("OPTIMIZER", optimizer).replace("SCHEDULE", schedule);
        return RecipeReader.read(yaml, "keys.yaml", Arrays.asList(overrides)).turns().getFirst();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            adamw, learning_rate: 1e-2                      | betas: [0.5, 0.999] ; betas: [0.9, 0.9] ; epsilon: 1e-3 ; weight_decay: 0.5 ; decay: all
            adam, learning_rate: 1e-2, weight_decay: 0.1    | betas: [0.5, 0.999] ; betas: [0.9, 0.9] ; epsilon: 1e-3 ; amsgrad: true ; weight_decay: 0.5 ; decay: all
            adamax, learning_rate: 1e-2, weight_decay: 0.1  | betas: [0.5, 0.999] ; betas: [0.9, 0.5] ; epsilon: 1e-2 ; weight_decay: 0.5 ; decay: all
            nadam, learning_rate: 1e-2, weight_decay: 0.1   | betas: [0.5, 0.999] ; betas: [0.9, 0.9] ; epsilon: 1e-3 ; momentum_decay: 0.4 ; weight_decay: 0.5 ; decay: all
            radam, learning_rate: 1e-2, weight_decay: 0.1   | betas: [0.5, 0.999] ; betas: [0.9, 0.9] ; epsilon: 1e-3 ; weight_decay: 0.5 ; decay: all
            adagrad, learning_rate: 1e-2, weight_decay: 0.1 | rate_decay: 0.5 ; accumulator: 0.1 ; epsilon: 1e-2 ; weight_decay: 0.5 ; decay: all
            adadelta, learning_rate: 1, weight_decay: 0.1   | rho: 0.5 ; epsilon: 1e-3 ; weight_decay: 0.5 ; decay: all
            rmsprop, learning_rate: 1e-2, weight_decay: 0.1 | alpha: 0.5 ; epsilon: 1e-3 ; momentum: 0.5 ; centered: true ; weight_decay: 0.5 ; decay: all
            sgd, learning_rate: 1e-2, momentum: 0.5, weight_decay: 0.1 | momentum: 0.9 ; dampening: 0.5 ; nesterov: true ; weight_decay: 0.5 ; decay: all
            lion, learning_rate: 1e-3, weight_decay: 0.1    | betas: [0.1, 0.99] ; betas: [0.9, 0.5] ; weight_decay: 0.5 ; decay: all
            adafactor, learning_rate: 1, weight_decay: 0.1  | relative_step: false ; scale_parameter: false ; decay_rate: 0.3 ; clip_threshold: 0.1 ; epsilon: 1e-3 ; momentum: 0.5 ; weight_decay: 0.5 ; decay: all
            muon, learning_rate: 1e-2, adamw: {learning_rate: 1e-3} | momentum: 0.5 ; nesterov: false ; iterations: 2 ; scale: match_rms_adamw ; weight_decay: 0.5
            muon, learning_rate: 1e-2, adamw: {learning_rate: 1e-3, weight_decay: 0.1} | adamw.learning_rate: 1e-2 ; adamw.betas: [0.5, 0.999] ; adamw.betas: [0.9, 0.9] ; adamw.epsilon: 1e-3 ; adamw.weight_decay: 0.5 ; adamw.decay: all
            """)
    void ofOptimizers(String kind, String changes) {
        eachMatters("optimizer", changes + " ; learning_rate: 3e-3",
                overrides -> weights(turn(kind, "constant", overrides).optimizer()));
    }

    private static List<Float> weights(OptimizerRecipe recipe) {
        boolean all = Optimizers.decayed(recipe) == OptimizerRecipe.Decayed.ALL;
        try (var bench = new Bench(recipe, 7)) {
            List<Segment> segments = bench.apart().stream()
                    .map(s -> new Segment(s.group(), s.index(), s.first(), s.last(), 1, all || s.group().members().get(s.first()).shape().length > 1))
                    .toList();
            for (int step = 0; step < 8; step++) { // rectified Adam divides only after a few
                bench.draw();
                bench.consume(segments, 1);
            }
            List<Float> weights = new ArrayList<>();
            for (float weight : bench.values()) {
                weights.add(weight);
            }
            return weights;
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            constant                                     | warmup: 0.5 ; warmup: {steps: 3}
            linear                                       | warmup: 0.5
            cosine                                       | cycles: 1.5 ; warmup: 0.5
            cosine_with_restarts, cycles: 2              | cycles: 3 ; warmup: 0.5
            cosine_with_min_lr, minimum_rate: 0.1        | cycles: 1.5 ; minimum_rate: 0.5 ; warmup: 0.5
            cosine_warmup_with_min_lr, minimum_rate: 0.1 | cycles: 1.5 ; minimum_rate: 0.5 ; warmup: 0.5
            polynomial                                   | power: 3 ; minimum_rate: 0.5 ; warmup: 0.5
            inverse_sqrt                                 | timescale: 2 ; warmup: 0.5
            warmup_stable_decay, decay: 0.5, warmup: 0.3 | decay: 0.2 ; decay: {steps: 1} ; decay_shape: sqrt ; warmup_shape: cosine ; minimum_rate: 0.5 ; warmup: 0.5
            """)
    void ofSchedules(String kind, String changes) {
        eachMatters("schedule", changes, overrides -> rates(turn("adamw, learning_rate: 1", kind, overrides).schedule()));
    }

    private static List<Double> rates(ScheduleRecipe recipe) {
        Schedule schedule = Schedules.build(recipe, (name, parameters) -> {
            throw new IllegalStateException(name);
        });
        List<Double> rates = new ArrayList<>();
        for (int step = 0; step < 10; step++) {
            rates.add(schedule.factor(step, 10));
        }
        return rates;
    }

    private static void eachMatters(String path, String changes, Function<String[], List<?>> outcome) {
        List<?> plain = outcome.apply(new String[0]);
        assertThat(outcome.apply(new String[0])).as("the same gives the same").isEqualTo(plain);
        for (String change : changes.split(" ; ")) {
            int colon = change.indexOf(':');
            String override = path + "." + change.substring(0, colon).strip() + "=" + change.substring(colon + 1).strip();
            assertThat(outcome.apply(new String[] {override}).equals(plain)).as(override + " changes nothing").isFalse();
        }
    }
}
