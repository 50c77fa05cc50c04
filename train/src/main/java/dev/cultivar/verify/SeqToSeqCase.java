package dev.cultivar.verify;

import dev.cultivar.batch.Batch;
import dev.cultivar.generate.Continuation;
import dev.cultivar.generate.TargetGenerator;
import dev.cultivar.generate.Writing;
import dev.cultivar.loop.Event;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.EncoderDecoder;
import dev.cultivar.nn.FlatGroup;
import dev.cultivar.nn.Hidden;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.nn.TargetHead;
import dev.cultivar.nn.Weights;
import dev.cultivar.objective.LabelFacts;
import dev.cultivar.objective.Loss;
import dev.cultivar.objective.Objective;
import dev.cultivar.objective.Objectives;
import dev.cultivar.recipe.ObjectiveRecipe;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Computes the cases of encoder-decoders: outputs and hidden states of both halves, what the decoder reads where labels are given, loss,
/// every gradient, ten steps, texts that are written greedily and by beam search.
final class SeqToSeqCase {
    static final List<String> CLASSES = List.of("T5ForConditionalGeneration", "BartForConditionalGeneration");

    private final GoldenCase golden;
    private final String name;
    private final List<Comparison> rows = new ArrayList<>();

    SeqToSeqCase(GoldenCase golden, String name) {
        this.golden = golden;
        this.name = name;
    }

    GoldenCase.Outcome outcome() {
        try (var folder = ModelFolder.open(golden.folder().resolve("model"))) {
            var stored = folder.stored(hidden -> false);
            try (var weights = new Weights(0, stored)) {
                var model = new Model(weights, Backbones.build(folder.config(), weights, false, Backbones.Custom.NONE));
                Objective objective = Objectives.build(
                        new ObjectiveRecipe.SequenceToSequence(128, 0, false), model, LabelFacts.NONE, (custom, parameters, of) -> {
                            throw new IllegalStateException(custom);
                        });
                stored.finish(weights, fresh -> false, left -> false);
                compute(model, objective);
            }
        }
        List<String> left = golden.uncompared(rows);
        return new GoldenCase.Outcome(name, rows, left.isEmpty() ? "" : "not computed: " + left);
    }

    private void compute(Model model, Objective objective) {
        EncoderDecoder halves = model.backbone().encoderDecoder().orElseThrow();
        try (var scope = Scope.open(); var without = new NoGradient()) {
            shifted(halves);
            outputs(halves, halves.head(model));
            written(model, "generated", 1);
            written(model, "generated_beam3", 3);
        }
        FlatGroup group = model.weights().pack(model.weights().parameters(), false, 1);
        gradients(model, objective, group);
        trajectory(model, objective, group);
    }

    /// What the decoder reads is made of the labels alone.
    private void shifted(EncoderDecoder halves) {
        Batch.Field.Ints labels = golden.ints("labels");
        int[] made = halves.targets().shifted(labels.values(), Math.toIntExact(labels.shape()[1]));
        add("decoder_input_ids of the labels", floats(made), floats(golden.ints("decoder_input_ids").values()), "outputs", null);
    }

    private static float[] floats(int[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values[i];
        }
        return floats;
    }

    private void outputs(EncoderDecoder halves, TargetHead head) {
        Batch batch = batch();
        boolean[] source = real(batch.ints("attention_mask").values(), 1);
        boolean[] target = real(batch.ints("labels").values(), 0);
        Hidden read = halves.encode(Inputs.of(batch), Mode.INFERENCE);
        compare("encoder_last_hidden_state", Tensors.floats(read.states()), source);
        layers("encoder_hidden_states.", read, source);
        int rows = batch.rows();
        Inputs said = Inputs.of(new Batch(rows, new long[rows], new LinkedHashMap<>(Map.of("input_ids", batch.field("decoder_input_ids")))));
        Hidden written = halves.decode(Inputs.of(batch), read.states(), said, Mode.INFERENCE);
        layers("decoder_hidden_states.", written, target);
        compare("logits", Tensors.floats(head.logits(written.states())), target);
    }

    private void layers(String prefix, Hidden hidden, boolean[] counted) {
        for (int i = 0; i < hidden.layers().size(); i++) {
            compare(prefix + i, Tensors.floats(hidden.layers().get(i)), counted);
        }
    }

    /// Outputs at padding mean nothing.
    private static boolean[] real(int[] values, int least) {
        boolean[] real = new boolean[values.length];
        for (int i = 0; i < real.length; i++) {
            real[i] = values[i] >= least;
        }
        return real;
    }

    /// The texts that the case has, (B, T); it sets no token that ends one.
    private void written(Model model, String output, int beams) {
        Batch batch = batch();
        int tokens = golden.numbers(output).length / batch.rows();
        var generator = new TargetGenerator(model, model.backbone().vocabulary(), Set.of());
        List<Continuation> texts = generator.write(batch, Writing.greedy(tokens).withBeams(beams, 1));
        float[] said = new float[batch.rows() * tokens];
        for (int row = 0; row < texts.size(); row++) {
            System.arraycopy(floats(texts.get(row).tokens()), 0, said, row * tokens, tokens);
        }
        compare(output, said, null);
    }

    private Batch batch() {
        SequencedMap<String, Batch.Field> fields = new LinkedHashMap<>(golden.inputs());
        int count = Math.toIntExact(golden.ints("input_ids").shape()[0]);
        return new Batch(count, new long[count], fields);
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
            Batch batch = batch();
            Loss loss = objective.loss(model, Inputs.of(batch), Mode.INFERENCE);
            loss.backward(objective.denominators(batch));
            add("loss", new float[] {(float) loss.over(objective.denominators(batch))}, golden.numbers("loss"), "loss", null);
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
        Batch batch = batch();
        List<Event.Stepped> steps = TenSteps.run(model, objective, batch, group, expected.length);
        add("trajectory.losses", numbers(steps, step -> step.losses().get("loss")), expected, "trajectory", null);
        add("trajectory.grad_norms", numbers(steps, Event.Stepped::gradientNorm), golden.trajectory("grad_norms"), "trajectory", null);
        add("trajectory.rates", numbers(steps, Event.Stepped::learningRate), golden.trajectory("rates"), "trajectory", null);
        try (var scope = Scope.open(); var without = new NoGradient()) {
            double after = objective.loss(model, Inputs.of(batch), Mode.INFERENCE).over(objective.denominators(batch));
            add("trajectory.loss_after", new float[] {(float) after}, golden.trajectory("loss_after"), "trajectory", null);
            golden.norms().forEach((parameter, norm) -> add(
                    "weight_l2_after." + parameter,
                    Tensors.floats(model.weights().get(parameter).norm()),
                    new float[] {norm},
                    "trajectory",
                    null));
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
