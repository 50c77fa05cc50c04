package dev.cultivar.verify;

import dev.cultivar.batch.Batch;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.loop.Event;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.CnnConfig;
import dev.cultivar.nn.ConfigFile;
import dev.cultivar.nn.FlatGroup;
import dev.cultivar.nn.Hidden;
import dev.cultivar.nn.ImageShape;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.MlpConfig;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.nn.Pooling;
import dev.cultivar.nn.RowClassifier;
import dev.cultivar.nn.VggConfig;
import dev.cultivar.nn.Weights;
import dev.cultivar.objective.Classification;
import dev.cultivar.objective.Loss;
import dev.cultivar.objective.Objective;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/// Computes the cases of networks over images: outputs, hidden states, loss, every gradient, ten steps.
///
/// Those that transformers has no class for say in `config.json` what their constructor got; here that becomes Cultivar's own configuration.
final class VisionCase {
    static final List<String> CLASSES = List.of("Mlp", "Cnn28", "Vgg16", "ViTForImageClassification");
    private static final String LABELS = "labels";

    private final GoldenCase golden;
    private final String name;
    private final String type;
    private final List<Comparison> rows = new ArrayList<>();

    VisionCase(GoldenCase golden, String name, String type) {
        this.golden = golden;
        this.name = name;
        this.type = type;
    }

    /// Whether the case is one of these: images, or rows of numbers, with labels.
    static boolean is(GoldenCase golden, String type) {
        return CLASSES.contains(type) && golden.inputs().size() == 2 && golden.inputs().containsKey(LABELS);
    }

    GoldenCase.Outcome outcome() {
        try (var folder = ModelFolder.open(golden.folder().resolve("model"))) {
            var stored = folder.stored(hidden -> false);
            try (var weights = new Weights(0, stored)) {
                var model = new Model(weights, Backbones.build(config(folder.config()), weights, true, Backbones.Custom.NONE));
                int classes = golden.numbers("logits").length / batch().rows();
                var classifier = RowClassifier.of(model, Pooling.CLS, classes, 0);
                List<String> labels = IntStream.range(0, classes).mapToObj(label -> "LABEL_" + label).toList();
                stored.finish(weights, fresh -> false, left -> false);
                compute(model, classifier, new Classification(classifier, 0, new float[0], 0, labels));
            }
        }
        List<String> left = golden.uncompared(rows);
        return new GoldenCase.Outcome(name, rows, left.isEmpty() ? "" : "not computed: " + left);
    }

    /// Cultivar's configuration of the same network.
    private ConfigFile config(ConfigFile file) {
        return switch (type) {
            case "Mlp" -> ours(file, new MlpConfig(image(), inner(file, "sizes").subList(1, inner(file, "sizes").size()), file.text("activation", ""), 0).json());
            case "Cnn28" -> ours(file, new CnnConfig(
                    image(),
                    Collections.nCopies(file.whole("blocks"), file.whole("filters")),
                    5,
                    4,
                    file.text("pool", "").equals("last") ? CnnConfig.Pooled.LAST : CnnConfig.Pooled.EVERY_BLOCK).json());
            case "Vgg16" -> ours(file, new VggConfig(image(), inner(file, "channels"), whole(file, "channels").getLast(), 0).json());
            default -> file;
        };
    }

    private static ConfigFile ours(ConfigFile file, Map<String, Object> json) {
        return ConfigFile.of(file.place(), json);
    }

    /// A list without its last number, which is of another kind there.
    private static List<Integer> inner(ConfigFile file, String key) {
        List<Integer> all = whole(file, key);
        return all.subList(0, all.size() - 1);
    }

    private static List<Integer> whole(ConfigFile file, String key) {
        if (file.values().get(key) instanceof List<?> list && list.stream().allMatch(Number.class::isInstance)) {
            return list.stream().map(each -> ((Number) each).intValue()).toList();
        }
        throw new CheckpointException(file.place() + ": " + key + " must be a list of whole numbers, got " + file.values().get(key));
    }

    /// As the inputs are; a row of numbers is an image of one pixel.
    private ImageShape image() {
        long[] shape = batch().floats(ImageShape.PIXELS).shape();
        return shape.length == 2
                ? new ImageShape(Math.toIntExact(shape[1]), 1, 1)
                : new ImageShape(Math.toIntExact(shape[1]), Math.toIntExact(shape[2]), Math.toIntExact(shape[3]));
    }

    /// The inputs, whatever the case calls its images.
    private Batch batch() {
        Batch batch = golden.batch("");
        SequencedMap<String, Batch.Field> fields = new LinkedHashMap<>();
        batch.fields().forEach((field, values) -> fields.put(field.equals(LABELS) ? field : ImageShape.PIXELS, values));
        return new Batch(batch.rows(), batch.origin(), fields);
    }

    private void compute(Model model, RowClassifier classifier, Objective objective) {
        try (var scope = Scope.open(); var without = new NoGradient()) {
            Inputs inputs = Inputs.of(batch());
            Hidden hidden = model.backbone().forward(inputs, Mode.INFERENCE);
            for (int i = 0; i < hidden.layers().size(); i++) {
                compare("hidden_states." + i, hidden.layers().get(i));
            }
            compare("logits", classifier.logits(inputs, Mode.INFERENCE));
        }
        FlatGroup group = model.weights().pack(model.weights().parameters(), false, 1);
        gradients(model, objective, group);
        trajectory(model, objective, group);
    }

    /// Compares where the case expects the tensor.
    private void compare(String output, Tensor got) {
        float[] expected = golden.expected().get(output);
        if (expected != null) {
            add(output, Tensors.floats(got), expected, "outputs");
        }
    }

    private void add(String what, float[] got, float[] expected, String kind) {
        double[] tolerance = golden.tolerance(kind);
        rows.add(Comparison.of(what, got, expected, tolerance[0], tolerance[1], null));
    }

    private void gradients(Model model, Objective objective, FlatGroup group) {
        try (var scope = Scope.open()) {
            Batch batch = batch();
            Loss loss = objective.loss(model, Inputs.of(batch), Mode.INFERENCE);
            loss.backward(objective.denominators(batch));
            add("loss", new float[] {(float) loss.over(objective.denominators(batch))}, golden.numbers("loss"), "loss");
            for (String parameter : model.weights().parameters()) {
                add("grad." + parameter, Tensors.floats(model.weights().get(parameter).grad()), golden.numbers("grad." + parameter), "grad");
            }
            try (var without = new NoGradient()) {
                group.gradient().zero_();
            }
        }
    }

    private void trajectory(Model model, Objective objective, FlatGroup group) {
        float[] expected = golden.trajectory("losses");
        List<Event.Stepped> steps = TenSteps.run(model, objective, batch(), group, expected.length);
        add("trajectory.losses", EncoderCase.numbers(steps, step -> step.losses().get("loss")), expected, "trajectory");
        add("trajectory.grad_norms", EncoderCase.numbers(steps, Event.Stepped::gradientNorm), golden.trajectory("grad_norms"), "trajectory");
        add("trajectory.rates", EncoderCase.numbers(steps, Event.Stepped::learningRate), golden.trajectory("rates"), "trajectory");
        try (var scope = Scope.open(); var without = new NoGradient()) {
            Batch batch = batch();
            double after = objective.loss(model, Inputs.of(batch), Mode.INFERENCE).over(objective.denominators(batch));
            add("trajectory.loss_after", new float[] {(float) after}, golden.trajectory("loss_after"), "trajectory");
            golden.norms().forEach((parameter, norm) -> add(
                    "weight_l2_after." + parameter,
                    Tensors.floats(model.weights().get(parameter).norm()),
                    new float[] {norm},
                    "trajectory"));
        }
    }
}
