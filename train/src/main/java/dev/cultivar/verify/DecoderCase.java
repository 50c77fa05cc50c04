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
import dev.cultivar.objective.CrossEntropy;
import dev.cultivar.objective.LabelFacts;
import dev.cultivar.objective.Loss;
import dev.cultivar.objective.Objective;
import dev.cultivar.objective.Objectives;
import dev.cultivar.recipe.ObjectiveRecipe;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
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
    static final List<String> CLASSES = List.of(
            "GPT2LMHeadModel", "LlamaForCausalLM", "MistralForCausalLM", "Qwen2ForCausalLM", "Qwen3ForCausalLM", "Gemma2ForCausalLM",
            "Gemma3ForCausalLM", "GPTNeoXForCausalLM");

    private static final String TARGETS = "targets";
    private static final List<String> FIELDS = List.of("input_ids", "attention_mask", "position_ids", "segment_ids");

    /// Gradients below this are rounding in float32.
    private static final double ROUNDING = 1e-7;

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
            packing(model, head);
            var speech = new DecoderSpeech(golden, (output, got) -> compare(output, got, null));
            if (speech.asked()) {
                speech.compute(model, head);
            }
        }
        FlatGroup group = model.weights().pack(model.weights().parameters(), false, 1);
        Objective objective = Objectives.build(
                new ObjectiveRecipe.CausalLm(ObjectiveRecipe.Rows.STREAM, 0), model, LabelFacts.NONE, (custom, parameters, of) -> {
                    throw new IllegalStateException(custom);
                });
        gradients(model, objective, group);
        trajectory(model, objective, group);
    }

    /// @param positions whether the positions that the case has are given, or counted from the left edge
    private void outputs(Model model, CausalLmHead head, String prefix, String logits, boolean positions) {
        Batch batch = batch(prefix, positions);
        boolean[] real = real(batch);
        Hidden hidden = model.backbone().forward(Inputs.of(batch), Mode.INFERENCE);
        for (int i = 0; positions && i < hidden.layers().size(); i++) {
            compare(prefix + "hidden_states." + i, Tensors.floats(hidden.layers().get(i)), real);
        }
        compare(logits, Tensors.floats(head.logits(hidden.states())), real);
    }

    /// The sequences of packed rows, each alone: their logits are those of the packed rows.
    private void packing(Model model, CausalLmHead head) {
        if (!(golden.inputs().get("segment_ids") instanceof Batch.Field.Ints segments)) {
            return;
        }
        int[] ids = batch("", true).ints("input_ids").values();
        int length = Math.toIntExact(segments.shape()[1]);
        float[] logits = new float[golden.numbers("logits").length];
        int vocabulary = logits.length / ids.length;
        for (int from = 0, to; from < ids.length; from = to) {
            to = from + 1;
            while (to % length != 0 && segments.values()[to] == segments.values()[from]) {
                to++;
            }
            if (segments.values()[from] != 0) {
                Batch alone = Batch.of(0).ints("input_ids", Arrays.copyOfRange(ids, from, to), 1, to - from).build();
                float[] got = Tensors.floats(head.logits(model.backbone().forward(Inputs.of(alone), Mode.INFERENCE).states()));
                System.arraycopy(got, 0, logits, from * vocabulary, got.length);
            }
        }
        add("logits of each sequence alone", logits, golden.numbers("logits"), "outputs", real(batch("", true)));
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
            fields.put(TARGETS, new Batch.Field.Ints(shifted(labels.values(), length), labels.shape()));
        }
        int rows = Math.toIntExact(fields.firstEntry().getValue().shape()[0]);
        return new Batch(rows, new long[rows], fields);
    }

    /// Labels (B, T) as Hugging Face's models take them, moved so that each position holds the label of the next one.
    private static int[] shifted(int[] labels, int length) {
        int[] targets = new int[labels.length];
        Arrays.fill(targets, CrossEntropy.IGNORED);
        for (int i = 0; i + 1 < labels.length; i++) {
            if ((i + 1) % length != 0) {
                targets[i] = labels[i + 1];
            }
        }
        return targets;
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
    private void compare(String output, float[] got, boolean @Nullable [] counted) {
        float[] expected = golden.expected().get(output);
        if (expected != null) {
            add(output, got, expected, "outputs", counted);
        }
    }

    private void add(String what, float[] got, float[] expected, String kind, boolean @Nullable [] counted) {
        double[] tolerance = golden.tolerance(kind);
        rows.add(Comparison.of(what, got, expected, tolerance[0], tolerance[1], counted));
    }

    private void gradients(Model model, Objective objective, FlatGroup group) {
        try (var scope = Scope.open()) {
            Batch batch = batch("", true);
            Loss loss = objective.loss(model, Inputs.of(batch), Mode.INFERENCE);
            loss.backward(objective.denominators(batch));
            add("loss", new float[] {(float) loss.over(objective.denominators(batch))}, golden.expected().getOrDefault("loss", new float[0]), "loss", null);
            for (String parameter : model.weights().parameters()) {
                float[] expected = golden.expected().get("grad." + parameter);
                if (expected != null) {
                    add("grad." + parameter, Tensors.floats(model.weights().get(parameter).grad()), expected, "grad", null);
                }
            }
            group.clear();
        }
    }

    private void trajectory(Model model, Objective objective, FlatGroup group) {
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
            double after = objective.loss(model, Inputs.of(batch), Mode.INFERENCE).over(objective.denominators(batch));
            add("trajectory.loss_after", new float[] {(float) after}, golden.trajectory("loss_after"), "trajectory", null);
            for (Map.Entry<String, Float> norm : golden.norms().entrySet()) {
                Tensor values = model.weights().get(norm.getKey());
                double[] tolerance = golden.tolerance("trajectory");
                rows.add(Comparison.of(
                        "weight_l2_after." + norm.getKey(),
                        Tensors.floats(values.norm()),
                        new float[] {norm.getValue()},
                        tolerance[0] + movedByNoise(norm.getKey()),
                        tolerance[1],
                        null));
            }
        }
    }

    /// How far apart two runs' norms of a parameter may end because of elements whose gradient is nothing but rounding: Adam turns that
    /// into steps of full size, in either direction. Softmax does not see key biases, so those of the part of a head that GPT-NeoX does
    /// not turn are such; they lie among biases that count, in one parameter.
    private double movedByNoise(String parameter) {
        int elements = 0;
        for (float gradient : golden.expected().getOrDefault("grad." + parameter, new float[0])) {
            elements += gradient != 0 && Math.abs(gradient) < ROUNDING ? 1 : 0;
        }
        double furthest = 0;
        for (float rate : golden.trajectory("rates")) {
            furthest += rate;
        }
        return 2 * Math.sqrt(elements) * furthest;
    }

    private static float[] numbers(List<Event.Stepped> steps, ToDoubleFunction<Event.Stepped> of) {
        float[] numbers = new float[steps.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) of.applyAsDouble(steps.get(i));
        }
        return numbers;
    }
}
