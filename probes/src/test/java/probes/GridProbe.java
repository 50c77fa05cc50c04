package probes;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.Draw;
import dev.cultivar.checkpoint.StateReader;
import dev.cultivar.checkpoint.StateWriter;
import dev.cultivar.loop.BatchSource;
import dev.cultivar.nn.Initial;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.Weights;
import dev.cultivar.objective.Denominators;
import dev.cultivar.objective.Loss;
import dev.cultivar.objective.Measurement;
import dev.cultivar.objective.Objective;
import dev.cultivar.run.Extensions;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Deep Q-learning (Mnih et al., 2015, algorithm 1) on a grid with walls: the environment, the replay buffer and the target
/// network are state, and a checkpoint may come in the middle of an episode.
final class GridProbe {
    private static final String[] MAP = {"S.#..", "..#.#", ".....", "#.##.", "....G"};
    private static final int SIDE = MAP.length;
    private static final int CELLS = SIDE * SIDE;
    private static final int[][] MOVES = {{-1, 0}, {1, 0}, {0, -1}, {0, 1}};
    private static final int LONGEST = 50;
    private static final int ROOM = 500;
    private static final int ROWS = 64;
    private static final double STEP_COST = 0.04;
    /// Eight steps lead to the goal, no fewer.
    static final double OPTIMAL = 1 - 7 * STEP_COST;

    static final Probe PROBE = new Probe("""
            backbone: {kind: custom, name: values}
            data: {kind: custom, name: grid}
            objective: {kind: custom, name: dqn, parameters: {discount: 0.95, follow: 20}}
            optimizer: {kind: adamw, learning_rate: 3e-3, weight_decay: 0}
            schedule: {kind: constant}
            horizon: {steps: 500}
            batching: {rows: 64}
            evaluate: {every: never, tasks: [validation]}
            checkpoint: {every: {steps: 20}}
            device: {kind: cpu, threads: 1, precision: float32}
            """,
            Extensions.builder()
                    .backbone("values", (parameters, weights) -> Mlp.declared("values", weights, CELLS, 64, 1))
                    .objective("dqn", (parameters, model) -> new Dqn(
                            value(model), (float) parameters.number("discount", 0.9), parameters.whole("follow", 10)))
                    .source("grid", (parameters, seed) -> new Grid(seed))
                    .build());

    /// The value of each action, by the weights that learn or by those that follow them.
    private record Value(Weights weights, Mlp mlp) {
        private static final List<String> PARTS = List.of("mlp.0.weight", "mlp.0.bias", "value.weight", "value.bias");

        Tensor of(Tensor x, String prefix) {
            return Mlp.linear(weights, prefix + "value", mlp.features(x, prefix + "mlp.").getLast()); // (B, cells) -> (B, 4)
        }
    }

    private static Value value(Model model) {
        return model.network("value", Value.class, weights -> {
            Mlp.declare(weights, "value", 64, MOVES.length);
            Value.PARTS.forEach(part -> weights.buffer("target." + part, new Initial.Constant(0), weights.shape(part)));
            return new Value(weights, (Mlp) model.backbone());
        });
    }

    private record Dqn(Value value, float discount, long every) implements Objective {
        @Override
        public Denominators denominators(Batch batch) {
            return Denominators.of("surprise", batch.rows());
        }

        @Override
        public Loss loss(Model model, Inputs inputs, Mode mode) {
            Tensor taken = value.of(inputs.tensor("x"), "").mul(inputs.tensor("action")).sum(1); // (B, 4) -> (B)
            Tensor next = value.of(inputs.tensor("next"), "target.").detach().amax(new long[] {1}, false);
            Tensor wanted = inputs.tensor("reward").add(next.mul(inputs.tensor("goes_on")).mul(new Scalar(discount)));
            return Loss.of(new Loss.Term("surprise", torch.huber_loss(taken, wanted, 2, 1), 1)); // 2: the sum
        }

        @Override
        public void stepped(Model model, long step) {
            if (step % every == 0) {
                Value.PARTS.forEach(part -> model.weights().set("target." + part, model.weights().master(part)));
            }
        }

        /// The return of the greedy policy, from the start.
        @Override
        public Measurement measurement(Model model) {
            return new Measured("return", inputs -> {
                var grid = new Grid(0);
                double total = 0;
                do {
                    total += grid.act(grid.greedy(model));
                } while (grid.time > 0);
                return total;
            });
        }
    }

    /// The environment and what was seen in it. Exploration is a function of the seed and of how many moves were made.
    private static final class Grid implements BatchSource {
        private final long seed;
        private double[] seen = new double[5 * ROOM]; // cell, action, reward, next cell, whether it goes on; each of every move
        private long moves;
        private int cell;
        private int time;

        Grid(long seed) {
            this.seed = seed;
        }

        int greedy(Model model) {
            try (var scope = Scope.open()) {
                return (int) Tensors.item(value(model).of(Tensors.ofFloats(Rows.oneHot(CELLS, cell), 1, CELLS), "").argmax());
            }
        }

        /// One move and its reward; the end of an episode leads back to the start.
        double act(int action) {
            int row = Math.clamp(cell / SIDE + MOVES[action][0], 0, SIDE - 1);
            int column = Math.clamp(cell % SIDE + MOVES[action][1], 0, SIDE - 1);
            int next = MAP[row].charAt(column) == '#' ? cell : row * SIDE + column;
            boolean goal = MAP[row].charAt(column) == 'G';
            double[] transition = {cell, action, goal ? 1 : -STEP_COST, next, goal ? 0 : 1};
            System.arraycopy(transition, 0, seen, 5 * (int) (moves++ % ROOM), 5);
            time = goal || time + 1 == LONGEST ? 0 : time + 1;
            cell = time == 0 ? 0 : next;
            return transition[2];
        }

        @Override
        public List<Batch> next(String turn, int count, Model model) {
            for (int i = 0; i < 8; i++) {
                boolean explores = Draw.unit(seed, moves, 0) < Math.max(0.1, 1 - moves / 1000.0);
                act(explores ? Draw.below(MOVES.length, seed, moves, 1) : greedy(model));
                Proof.sign(); // so that it may be killed in the middle of a rollout
            }
            int[] chosen = new int[ROWS];
            Arrays.setAll(chosen, i -> Draw.below((int) Math.min(moves, ROOM), seed, moves, 2, i));
            double[][] of = new double[5][];
            Arrays.setAll(of, k -> Arrays.stream(chosen).mapToDouble(i -> seen[5 * i + k]).toArray());
            return List.of(Batch.of(new long[ROWS])
                    .floats("x", Rows.oneHot(CELLS, of[0]), ROWS, CELLS).floats("action", Rows.oneHot(4, of[1]), ROWS, 4)
                    .floats("reward", Rows.floats(of[2]), ROWS).floats("next", Rows.oneHot(CELLS, of[3]), ROWS, CELLS)
                    .floats("goes_on", Rows.floats(of[4]), ROWS).build());
        }

        @Override
        public Map<String, Iterable<Batch>> tasks() {
            return Map.of("validation", List.of(Batch.of(0).build()));
        }

        @Override
        public void save(StateWriter out) {
            out.wholes("at", moves, cell, time);
            out.reals("seen", seen);
        }

        @Override
        public void restore(StateReader in) {
            long[] at = in.wholes("at");
            moves = at[0];
            cell = (int) at[1];
            time = (int) at[2];
            seen = in.reals("seen");
        }
    }
}
