package dev.cultivar.verify;

import dev.cultivar.batch.Batch;
import dev.cultivar.loop.Event;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.CausalLmHead;
import dev.cultivar.nn.FlatGroup;
import dev.cultivar.nn.Hidden;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.nn.Weights;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/// Computes the cases of decoders that predict the next token: outputs, hidden states, loss, every gradient, ten steps,
/// rows padded on the left, packed rows.
final class DecoderCase {
    private static final List<String> FIELDS = List.of("input_ids", "attention_mask", "position_ids", "segment_ids");

    private final GoldenCase golden;
    private final String name;
    private final List<Comparison> rows = new ArrayList<>();

    DecoderCase(GoldenCase golden, String name) {
        this.golden = golden;
        this.name = name;
    }

    GoldenCase.Outcome outcome() {
        try (var folder = ModelFolder.open(golden.folder().resolve("model"))) {
            var stored = folder.stored(hidden -> false);
            try (var weights = new Weights(0, stored)) {
                var model = new Model(weights, Backbones.build(folder.config(), weights, false, Backbones.Custom.NONE));
                var head = CausalLmHead.of(model);
                stored.finish(weights, fresh -> false, left -> false);
                compute(model, head);
            }
        }
        List<String> left = golden.uncompared(rows);
        return new GoldenCase.Outcome(name, rows, left.isEmpty() ? "" : "not computed: " + left);
    }

    private void compute(Model model, CausalLmHead head) {
        try (var scope = Scope.open(); var without = new NoGradient()) {
            outputs(model, head, "", "logits", true);
            if (golden.inputs().containsKey("left.input_ids")) {
                outputs(model, head, "left.", "left.logits", true);
                outputs(model, head, "left.", "left.logits_default_positions", false);
            }
        }
        FlatGroup group = model.weights().pack(model.weights().parameters(), false, 1);
        var objective = new NextToken(head);
        gradients(model, objective, group);
        trajectory(model, objective, group);
    }

    /// @param positions whether the positions that the case has are given, or counted from the left edge
    private void outputs(Model model, CausalLmHead head, String prefix, String logits, boolean positions) {
        Batch batch = batch(prefix, positions);
        boolean[] real = real(batch);
        Hidden hidden = model.backbone().forward(Inputs.of(batch), Mode.INFERENCE);
        for (int i = 0; positions && i < hidden.layers().size(); i++) {
            compare(prefix + "hidden_states." + i, hidden.layers().get(i), real);
        }
        compare(logits, head.logits(hidden.states()), real);
    }

    private Batch batch(String prefix, boolean positions) {
        SequencedMap<String, Batch.Field> fields = new LinkedHashMap<>();
        for (String field : FIELDS) {
            Batch.Field stored = golden.inputs().get(prefix + field);
            if (stored != null && (positions || !field.equals("position_ids"))) {
                fields.put(field, stored);
            }
        }
        if (prefix.isEmpty() && golden.inputs().get("labels") instanceof Batch.Field.Ints labels) {
            int length = Math.toIntExact(labels.shape()[1]);
            fields.put(NextToken.TARGETS, new Batch.Field.Ints(NextToken.shifted(labels.values(), length), labels.shape()));
        }
        int rows = Math.toIntExact(fields.firstEntry().getValue().shape()[0]);
        return new Batch(rows, new long[rows], fields);
    }

    /// Outputs at padding mean nothing.
    private static boolean[] real(Batch batch) {
        int[] mask = batch.ints(batch.has("attention_mask") ? "attention_mask" : "segment_ids").values();
        boolean[] real = new boolean[mask.length];
        for (int i = 0; i < mask.length; i++) {
            real[i] = mask[i] != 0;
        }
        return real;
    }

    /// Compares where the case expects the tensor.
    private void compare(String output, Tensor got, boolean @Nullable [] counted) {
        float[] expected = golden.expected().get(output);
        if (expected != null) {
            add(output, Tensors.floats(got), expected, "outputs", counted);
        }
    }

    private void add(String what, float[] got, float[] expected, String kind, boolean @Nullable [] counted) {
        double[] tolerance = golden.tolerance(kind);
        rows.add(Comparison.of(what, got, expected, tolerance[0], tolerance[1], counted));
    }

    private void gradients(Model model, NextToken objective, FlatGroup group) {
        try (var scope = Scope.open()) {
            Batch batch = batch("", true);
            Tensor loss = objective.loss(model, Inputs.of(batch), Mode.INFERENCE).over(objective.denominators(batch));
            loss.backward();
            add("loss", Tensors.floats(loss), golden.expected().getOrDefault("loss", new float[0]), "loss", null);
            for (String parameter : model.weights().parameters()) {
                float[] expected = golden.expected().get("grad." + parameter);
                if (expected != null) {
                    add("grad." + parameter, Tensors.floats(model.weights().get(parameter).grad()), expected, "grad", null);
                }
            }
            group.clear();
        }
    }

    private void trajectory(Model model, NextToken objective, FlatGroup group) {
        float[] expected = golden.trajectory("losses");
        if (expected.length == 0) {
            return;
        }
        Batch batch = batch("", true);
        List<Event.Stepped> steps = TenSteps.run(model, objective, batch, group, expected.length);
        add("trajectory.losses", numbers(steps, step -> step.losses().get("loss")), expected, "trajectory", null);
        add("trajectory.grad_norms", numbers(steps, Event.Stepped::gradientNorm), golden.trajectory("grad_norms"), "trajectory", null);
        add("trajectory.rates", numbers(steps, Event.Stepped::learningRate), golden.trajectory("rates"), "trajectory", null);
        try (var scope = Scope.open(); var without = new NoGradient()) {
            Tensor after = objective.loss(model, Inputs.of(batch), Mode.INFERENCE).over(objective.denominators(batch));
            add("trajectory.loss_after", Tensors.floats(after), golden.trajectory("loss_after"), "trajectory", null);
            for (Map.Entry<String, Float> norm : golden.norms().entrySet()) {
                Tensor values = model.weights().get(norm.getKey());
                add("weight_l2_after." + norm.getKey(), Tensors.floats(values.norm()), new float[] {norm.getValue()}, "trajectory", null);
            }
        }
    }

    private static float[] numbers(List<Event.Stepped> steps, ToDoubleFunction<Event.Stepped> of) {
        float[] numbers = new float[steps.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) of.applyAsDouble(steps.get(i));
        }
        return numbers;
    }
}
