package dev.cultivar.verify;

import dev.cultivar.batch.Batch;
import dev.cultivar.loop.Event;
import dev.cultivar.nn.AdapterConfig;
import dev.cultivar.nn.AdapterFolder;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.CausalLmHead;
import dev.cultivar.nn.FlatGroup;
import dev.cultivar.nn.Hidden;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Merged;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.nn.Pooling;
import dev.cultivar.nn.RowClassifier;
import dev.cultivar.nn.Weights;
import dev.cultivar.objective.CrossEntropy;
import dev.cultivar.objective.Denominators;
import dev.cultivar.objective.Loss;
import dev.cultivar.objective.Objective;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/// Computes the cases of PEFT's adapters on a base: outputs with the adapter, without it and with it merged, loss, gradients, ten steps.
///
/// A classifier's adapter is added to the opened base, and switched; a decoder's folder is opened as the model that it is.
final class AdapterCase {
    private static final String ADDED = "case";

    private final GoldenCase golden;
    private final String name;
    private final boolean classifies;
    private final Path adapter;
    private final List<Comparison> rows = new ArrayList<>();

    AdapterCase(GoldenCase golden, String name, String type) {
        this.golden = golden;
        this.name = name;
        this.classifies = type.endsWith("ForSequenceClassification");
        this.adapter = golden.folder().resolve("adapter");
    }

    GoldenCase.Outcome outcome() {
        Path base = golden.folder().resolve("model");
        try (var folder = classifies ? ModelFolder.open(base) : ModelFolder.open(adapter, base)) {
            var stored = folder.stored(hidden -> false);
            try (var weights = new Weights(0, stored)) {
                var model = new Model(weights, Backbones.build(folder.config(), weights, classifies, Backbones.Custom.NONE));
                Objective objective = classifies ? rows(model, folder.classes()) : tokens(model);
                stored.finish(weights, fresh -> false, left -> false);
                if (classifies) {
                    AdapterFolder.add(model, folder, ADDED, adapter);
                }
                compute(model, objective);
            }
        }
        List<String> left = golden.uncompared(rows);
        return new GoldenCase.Outcome(name, rows, left.isEmpty() ? "" : "not computed: " + left);
    }

    private static Objective rows(Model model, int labels) {
        RowClassifier network = RowClassifier.of(model, Pooling.CLS, labels, 0);
        return new Logits(inputs -> network.logits(inputs, Mode.INFERENCE));
    }

    /// Logits of the virtual tokens too, where there are any.
    private static Objective tokens(Model model) {
        CausalLmHead head = CausalLmHead.of(model);
        return new Logits(inputs -> {
            Hidden hidden = model.backbone().forward(inputs, Mode.INFERENCE).whole();
            return head.logits(hidden.states().reshape(-1, model.backbone().width())); // (B (P + T), V)
        });
    }

    private void compute(Model model, Objective objective) {
        var adapters = model.weights().adapters();
        String used = adapters.inUse().orElseThrow();
        Function<Inputs, Tensor> logits = ((Logits) objective).logits();
        Batch batch = batch(prompt(model));
        Batch plain = batch(0);
        try (var scope = Scope.open(); var without = new NoGradient()) {
            compare("logits", logits.apply(Inputs.of(plain)), real(batch));
            adapters.useNone();
            compare("base_logits", logits.apply(Inputs.of(plain)), real(plain));
            adapters.use(used);
            if (golden.expected().containsKey("merged_logits")) {
                merged(model, logits, plain);
            }
        }
        List<String> moved = model.weights().parameters().stream().filter(each -> trained(model, each)).toList();
        FlatGroup group = model.weights().pack(moved, false, 1);
        gradients(model, objective, batch, group, moved);
        trajectory(model, objective, batch, group);
    }

    /// Whether a parameter is the adapter's, or holds the values of one that is stored with it.
    private boolean trained(Model model, String parameter) {
        return classifies ? parameter.startsWith(ADDED + "/") : model.weights().adapters().trains(parameter);
    }

    private static int prompt(Model model) {
        return model.weights().adapters().config().orElseThrow().kind() instanceof AdapterConfig.Prompt(int tokens) ? tokens : 0;
    }

    private void merged(Model model, Function<Inputs, Tensor> logits, Batch batch) {
        Map<String, float[]> before = values(model.weights());
        try (var merged = Merged.of(model.weights())) {
            compare("merged_logits", logits.apply(Inputs.of(batch)), real(batch));
            for (String parameter : model.weights().parameters()) {
                compare("merged." + parameter, model.weights().master(parameter), null);
            }
        }
        Map<String, float[]> after = values(model.weights());
        after.forEach((parameter, value) -> {
            float[] then = before.getOrDefault(parameter, new float[0]);
            if (!Arrays.equals(value, then)) {
                rows.add(Comparison.of("unmerged." + parameter, value, then, 0, 0, null));
            }
        });
    }

    private static Map<String, float[]> values(Weights weights) {
        Map<String, float[]> values = new LinkedHashMap<>();
        weights.parameters().forEach(each -> values.put(each, Tensors.floats(weights.master(each))));
        return values;
    }

    /// The case's batch. Labels of tokens are moved so that each position holds that of the next one; a prompt's last position guesses
    /// the first token.
    private Batch batch(int prompt) {
        SequencedMap<String, Batch.Field> fields = new LinkedHashMap<>(golden.inputs());
        Batch.Field.Ints ids = golden.ints("input_ids");
        int count = Math.toIntExact(ids.shape()[0]);
        if (!classifies) {
            int[] labels = lengthened(golden.ints("labels").values(), count, prompt);
            int length = labels.length / count;
            int[] targets = new int[labels.length];
            for (int i = 0; i < targets.length; i++) {
                targets[i] = (i + 1) % length == 0 ? CrossEntropy.IGNORED : labels[i + 1];
            }
            fields.put("labels", new Batch.Field.Ints(targets, targets.length));
        }
        return new Batch(count, new long[count], fields);
    }

    private static int[] lengthened(int[] labels, int rows, int prompt) {
        int length = labels.length / rows;
        int[] longer = new int[labels.length + rows * prompt];
        Arrays.fill(longer, CrossEntropy.IGNORED);
        for (int row = 0; row < rows; row++) {
            System.arraycopy(labels, row * length, longer, row * (length + prompt) + prompt, length);
        }
        return longer;
    }

    /// Outputs at padding mean nothing; a prompt's count. A classifier's outputs are of rows, and all count.
    private boolean @Nullable [] real(Batch batch) {
        if (classifies) {
            return null;
        }
        int[] mask = batch.ints("attention_mask").values();
        int count = batch.rows();
        int all = batch.ints("labels").values().length / count;
        int own = mask.length / count;
        boolean[] real = new boolean[count * all];
        for (int i = 0; i < real.length; i++) {
            int at = i % all - (all - own);
            real[i] = at < 0 || mask[i / all * own + at] != 0;
        }
        return real;
    }

    private void gradients(Model model, Objective objective, Batch batch, FlatGroup group, List<String> moved) {
        try (var scope = Scope.open()) {
            Loss loss = objective.loss(model, Inputs.of(batch), Mode.INFERENCE);
            loss.backward(objective.denominators(batch));
            add("loss", new float[] {(float) loss.over(objective.denominators(batch))}, golden.numbers("loss"), "loss", null);
            for (String parameter : moved) {
                float[] expected = golden.expected().get("grad." + stored(parameter));
                if (expected != null) {
                    add("grad." + stored(parameter), Tensors.floats(model.weights().get(parameter).grad()), expected, "grad", null);
                }
            }
            group.clear();
        }
    }

    /// What PEFT's file calls a parameter.
    private String stored(String parameter) {
        String own = classifies ? parameter.substring(ADDED.length() + 1) : parameter;
        return own.startsWith("prompt_") ? own : "base_model.model." + own;
    }

    private void trajectory(Model model, Objective objective, Batch batch, FlatGroup group) {
        float[] expected = golden.trajectory("losses");
        if (expected.length == 0) {
            return;
        }
        List<Event.Stepped> steps = TenSteps.run(model, objective, batch, group, expected.length);
        add("trajectory.losses", numbers(steps, step -> step.losses().get("loss")), expected, "trajectory", null);
        add("trajectory.grad_norms", numbers(steps, Event.Stepped::gradientNorm), golden.trajectory("grad_norms"), "trajectory", null);
        add("trajectory.rates", numbers(steps, Event.Stepped::learningRate), golden.trajectory("rates"), "trajectory", null);
        Map<String, String> named = new LinkedHashMap<>();
        group.members().forEach(member -> named.put(stored(member.name()), member.name()));
        try (var scope = Scope.open(); var without = new NoGradient()) {
            double after = objective.loss(model, Inputs.of(batch), Mode.INFERENCE).over(objective.denominators(batch));
            add("trajectory.loss_after", new float[] {(float) after}, golden.trajectory("loss_after"), "trajectory", null);
            golden.norms().forEach((stored, norm) -> add(
                    "weight_l2_after." + stored,
                    named.containsKey(stored) ? Tensors.floats(model.weights().master(named.get(stored)).norm()) : new float[0],
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

    /// Mean cross entropy of logits, (N, K) against `labels` (N).
    private record Logits(Function<Inputs, Tensor> logits) implements Objective {
        @Override
        public Denominators denominators(Batch batch) {
            return Denominators.of("labels", Arrays.stream(batch.ints("labels").values()).filter(each -> each != CrossEntropy.IGNORED).count());
        }

        @Override
        public Loss loss(Model model, Inputs inputs, Mode mode) {
            return Loss.of(new Loss.Term("labels", CrossEntropy.sum(logits.apply(inputs), inputs.tensor("labels"), 0), 1));
        }
    }
}
