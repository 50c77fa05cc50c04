package dev.cultivar.verify;

import dev.cultivar.batch.Batch;
import dev.cultivar.format.Safetensors;
import dev.cultivar.nn.FlatGroup;
import dev.cultivar.nn.Initial;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.nn.Weights;
import dev.cultivar.optim.Optimizer;
import dev.cultivar.optim.Optimizers;
import dev.cultivar.optim.Segment;
import dev.cultivar.recipe.OptimizerRecipe.Decayed;
import dev.cultivar.recipe.OptimizerRecipe.Muon.Scale;
import dev.cultivar.recipe.OptimizerRecipe;
import dev.cultivar.torch.Owned;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeSet;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Computes the case of many optimizers: a small network with one hidden layer of tanh, twenty steps down the mean squared error of
/// one batch, by each of the product's own optimizers.
final class OptimizersCase {
    private static final int STEPS = 20;
    private static final SequencedMap<String, OptimizerRecipe> RECIPES = recipes();

    private final GoldenCase golden;
    private final Map<?, ?> values;

    OptimizersCase(GoldenCase golden) {
        this.golden = golden;
        values = golden.values();
    }

    /// The settings that the case names, in the recipe's words.
    private static SequencedMap<String, OptimizerRecipe> recipes() {
        Decayed all = Decayed.ALL;
        SequencedMap<String, OptimizerRecipe> recipes = new LinkedHashMap<>();
        recipes.put("sgd", new OptimizerRecipe.Sgd(0.05, 0, 0, false, 0, all));
        recipes.put("sgd_momentum", new OptimizerRecipe.Sgd(0.02, 0.9, 0, false, 0, all));
        recipes.put("sgd_dampening", new OptimizerRecipe.Sgd(0.02, 0.9, 0.3, false, 0, all));
        recipes.put("sgd_nesterov", new OptimizerRecipe.Sgd(0.02, 0.9, 0, true, 0, all));
        recipes.put("sgd_l2", new OptimizerRecipe.Sgd(0.02, 0.9, 0, false, 0.1, all));
        recipes.put("adam", new OptimizerRecipe.Adam(0.01, 0.9, 0.999, 1e-8, false, 0, all));
        recipes.put("adam_l2", new OptimizerRecipe.Adam(0.01, 0.9, 0.999, 1e-8, false, 0.1, all));
        recipes.put("adam_amsgrad", new OptimizerRecipe.Adam(0.01, 0.9, 0.999, 1e-8, true, 0, all));
        recipes.put("adamw", new OptimizerRecipe.AdamW(0.01, 0.9, 0.999, 1e-8, 0.1, all));
        recipes.put("adamax", new OptimizerRecipe.Adamax(0.01, 0.9, 0.999, 1e-8, 0, all));
        recipes.put("nadam", new OptimizerRecipe.NAdam(0.01, 0.9, 0.999, 1e-8, 0.004, 0, all));
        recipes.put("radam", new OptimizerRecipe.RAdam(0.01, 0.9, 0.999, 1e-8, 0, all));
        recipes.put("adagrad", new OptimizerRecipe.Adagrad(0.05, 0, 0, 1e-10, 0, all));
        recipes.put("adadelta", new OptimizerRecipe.Adadelta(1, 0.9, 1e-6, 0, all));
        recipes.put("rmsprop", new OptimizerRecipe.RmsProp(0.01, 0.99, 1e-8, 0, false, 0, all));
        recipes.put("rmsprop_momentum_centered", new OptimizerRecipe.RmsProp(0.005, 0.99, 1e-8, 0.9, true, 0, all));
        recipes.put("lion", new OptimizerRecipe.Lion(0.002, 0.9, 0.99, 0.1, all));
        OptimizerRecipe relative = new OptimizerRecipe.Adafactor(0.01, true, true, 0.8, 1, 1e-30, 0, 0, all);
        recipes.put("adafactor_torch", relative);
        recipes.put("adafactor_relative", relative);
        recipes.put("adafactor_fixed_lr", new OptimizerRecipe.Adafactor(0.01, false, false, 0.8, 1, 1e-30, 0, 0, all));
        var others = new OptimizerRecipe.AdamW(0.01, 0.9, 0.999, 1e-8, 0, all);
        recipes.put("muon", new OptimizerRecipe.Muon(0.02, 0.95, true, 5, Scale.ORIGINAL, 0.1, others));
        recipes.put("muon_rms", new OptimizerRecipe.Muon(0.02, 0.95, true, 5, Scale.MATCH_RMS_ADAMW, 0.1, others));
        return recipes;
    }

    GoldenCase.Outcome outcome(String name) {
        var unknown = new TreeSet<String>();
        List<Comparison> rows = new ArrayList<>();
        values.forEach((key, of) -> {
            OptimizerRecipe recipe = RECIPES.get(String.valueOf(key));
            if (recipe == null) {
                unknown.add(String.valueOf(key));
            } else if (of instanceof Map<?, ?> expected) {
                rows.addAll(compare(String.valueOf(key), recipe, expected));
            }
        });
        List<String> left = golden.uncompared(rows);
        String problem = unknown.isEmpty() ? left.isEmpty() ? "" : "not compared: " + left : "optimizers " + unknown + " are not built yet";
        return new GoldenCase.Outcome(name, rows, problem);
    }

    private List<Comparison> compare(String name, OptimizerRecipe recipe, Map<?, ?> expected) {
        boolean loose = recipe instanceof OptimizerRecipe.Muon;
        double[] ofLoss = loose ? golden.tolerance(golden.json().get("tolerance_muon"), "tolerance_muon") : golden.tolerance("loss");
        double[] ofWeights = loose ? ofLoss : golden.tolerance("outputs");
        Trained trained = train(recipe);
        List<Comparison> rows = new ArrayList<>();
        rows.add(Comparison.of(name + ".losses", trained.losses(), GoldenCase.numbers(expected.get("losses")), ofLoss[0], ofLoss[1], null));
        rows.add(Comparison.of(name + ".loss_after", trained.after(), GoldenCase.numbers(expected.get("loss_after")), ofLoss[0], ofLoss[1], null));
        trained.weights().forEach((weight, got) -> {
            String row = name + "." + weight;
            rows.add(Comparison.of(row, got, golden.expected().getOrDefault(row, new float[0]), ofWeights[0], ofWeights[1], null));
        });
        return rows;
    }

    /// @param losses  before each step
    /// @param after   the loss after the last, alone
    /// @param weights after the last step
    private record Trained(float[] losses, float[] after, Map<String, float[]> weights) {}

    private Trained train(OptimizerRecipe recipe) {
        try (var file = Safetensors.open(golden.folder().resolve("model").resolve("model.safetensors"));
                var weights = new Weights(0, (name, shape) -> Optional.of(Tensors.ofFloats(file.floats(name), shape)));
                var memory = new Owned()) {
            file.entries().forEach((name, entry) -> weights.parameter(name, new Initial.Constant(0), entry.shape()));
            FlatGroup group = weights.pack(weights.parameters(), false, 1);
            Optimizer optimizer = Optimizers.build(recipe, List.of(group), memory, name -> true, (custom, of, owner) -> {
                throw new IllegalStateException(custom.name());
            });
            List<Segment> segments = List.of(new Segment(group, 0, 0, group.members().size() - 1, 1, true));
            float[] losses = new float[STEPS];
            for (int step = 0; step < STEPS; step++) {
                try (var scope = Scope.open()) {
                    Tensor loss = loss(weights);
                    losses[step] = (float) Tensors.item(loss);
                    loss.backward();
                    try (var without = new NoGradient()) {
                        optimizer.consume(segments, 1, 1);
                    }
                }
            }
            try (var scope = Scope.open()) {
                Map<String, float[]> after = new LinkedHashMap<>();
                weights.parameters().forEach(name -> after.put(name, Tensors.floats(weights.get(name))));
                return new Trained(losses, new float[] {(float) Tensors.item(loss(weights))}, after);
            }
        }
    }

    private Tensor loss(Weights weights) {
        Tensor x = input("x"); // (B, 6)
        Tensor hidden = torch.linear(x, weights.get("net.0.weight"), weights.get("net.0.bias")).tanh();
        Tensor predicted = torch.linear(hidden, weights.get("net.2.weight"), weights.get("net.2.bias"));
        return predicted.sub(input("y")).square().mean();
    }

    private Tensor input(String name) {
        Batch.Field field = Objects.requireNonNull(golden.inputs().get(name), name);
        return Tensors.of(field);
    }
}
