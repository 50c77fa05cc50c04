package dev.cultivar.verify;

import dev.cultivar.batch.Batch;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.loop.Event;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.ConfigFile;
import dev.cultivar.nn.DiscriminatorHead;
import dev.cultivar.nn.Electra;
import dev.cultivar.nn.FlatGroup;
import dev.cultivar.nn.Hidden;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.LinearHead;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.nn.Pooling;
import dev.cultivar.nn.RowClassifier;
import dev.cultivar.nn.SpanFinder;
import dev.cultivar.nn.TokenClassifier;
import dev.cultivar.nn.Weights;
import dev.cultivar.objective.BinaryCrossEntropy;
import dev.cultivar.objective.Denominators;
import dev.cultivar.objective.LabelFacts;
import dev.cultivar.objective.Loss;
import dev.cultivar.objective.Objective;
import dev.cultivar.objective.Objectives;
import dev.cultivar.objective.QuestionAnswering;
import dev.cultivar.objective.TokenClassification;
import dev.cultivar.predict.Spans;
import dev.cultivar.recipe.ObjectiveRecipe;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/// Computes the cases of Hugging Face's encoder classes: outputs, hidden states, loss, every gradient, ten steps.
final class EncoderCase {
    static final List<String> CLASSES = List.of(
            "BertModel", "BertForMaskedLM", "BertForPreTraining", "BertForSequenceClassification",
            "BertForTokenClassification", "BertForQuestionAnswering",
            "ElectraForPreTraining", "ElectraForMaskedLM", "ElectraForSequenceClassification",
            "ElectraForTokenClassification", "ElectraForQuestionAnswering",
            "RobertaForMaskedLM", "RobertaForSequenceClassification", "DistilBertForMaskedLM", "DistilBertForSequenceClassification",
            "ModernBertForMaskedLM", "ModernBertForSequenceClassification");

    private final GoldenCase golden;
    private final String name;
    private final String type;
    private final List<Comparison> rows = new ArrayList<>();

    EncoderCase(GoldenCase golden, String name, String type) {
        this.golden = golden;
        this.name = name;
        this.type = type;
    }

    GoldenCase.Outcome outcome() {
        try (var folder = ModelFolder.open(golden.folder().resolve("model"))) {
            var stored = folder.stored(hidden -> false);
            try (var weights = new Weights(0, stored)) {
                var model = new Model(weights, Backbones.build(folder.config(), weights, hasPooler(), Backbones.Custom.NONE));
                Objective objective = objective(model, folder.config());
                stored.finish(weights, fresh -> false, left -> false);
                compute(model, objective, type.equals("BertModel"));
            }
        }
        List<String> left = golden.uncompared(rows);
        return new GoldenCase.Outcome(name, rows, left.isEmpty() ? "" : "not computed: " + left);
    }

    private boolean hasPooler() {
        return type.startsWith("Bert") && !type.equals("BertForMaskedLM") && !ofTokens() && !ofSpans();
    }

    private boolean ofTokens() {
        return type.endsWith("ForTokenClassification");
    }

    private boolean ofSpans() {
        return type.endsWith("ForQuestionAnswering");
    }

    private Objective objective(Model model, ConfigFile config) {
        int labels = config.values().get("id2label") instanceof Map<?, ?> map ? map.size() : 2;
        if (ofTokens()) {
            return new TokenClassification(TokenClassifier.of(model, labels, 0), names(labels));
        }
        if (ofSpans()) {
            return new QuestionAnswering(SpanFinder.of(model, 0), new Spans.Rules(30, false, 0));
        }
        return switch (type) {
            case "BertModel" -> new HiddenTargets();
            case "BertForMaskedLM", "ElectraForMaskedLM", "RobertaForMaskedLM", "DistilBertForMaskedLM", "ModernBertForMaskedLM" -> build(model, new ObjectiveRecipe.MaskedLm(0.15, false), 0);
            case "BertForPreTraining" -> build(model, new ObjectiveRecipe.MaskedLmNextSentence(0.15, false, 1), 0);
            case "ElectraForPreTraining" -> new Labelled(((Electra) model.backbone()).discriminatorHead(model));
            default -> build(model, ofRow(config.text("problem_type", labels == 1 ? "regression" : "single_label_classification")), labels);
        };
    }

    private static ObjectiveRecipe ofRow(String problemType) {
        var cls = ObjectiveRecipe.Pooling.CLS;
        var head = ObjectiveRecipe.Head.AUTO;
        return switch (problemType) {
            case "single_label_classification" -> new ObjectiveRecipe.Classification(cls, 0, head);
            case "multi_label_classification" -> new ObjectiveRecipe.MultiLabel(cls, head, "|");
            case "regression" -> new ObjectiveRecipe.Regression(cls, head, ObjectiveRecipe.RegressionLoss.MSE, false);
            default -> throw new CheckpointException("problem_type " + problemType + " is none of transformers'");
        };
    }

    private static Objective build(Model model, ObjectiveRecipe recipe, int labels) {
        return Objectives.build(recipe, model, LabelFacts.of(names(labels)), (custom, parameters, of) -> {
            throw new IllegalStateException(custom);
        });
    }

    private static List<String> names(int labels) {
        return IntStream.range(0, labels).mapToObj(label -> "LABEL_" + label).toList();
    }

    private void compute(Model model, Objective objective, boolean bare) {
        try (var scope = Scope.open(); var without = new NoGradient()) {
            outputs("", model);
            if (golden.inputs().containsKey("left.input_ids")) {
                outputs("left.", model);
            }
        }
        FlatGroup group = model.weights().pack(model.weights().parameters(), false, 1);
        gradients(model, objective, bare, group);
        trajectory(model, objective, bare, group);
    }

    private void outputs(String prefix, Model model) {
        Inputs inputs = Inputs.of(golden.batch(prefix));
        boolean[] real = real(inputs.batch());
        Hidden hidden = model.backbone().forward(inputs, Mode.INFERENCE);
        for (int i = 0; i < hidden.layers().size(); i++) {
            compare(prefix + "hidden_states." + i, hidden.layers().get(i), real);
        }
        compare(prefix + "last_hidden_state", hidden.states(), real);
        if (ofTokens()) {
            compare(prefix + "logits", TokenClassifier.of(model, 0, 0).head().logits(hidden.states(), Mode.INFERENCE), real);
        } else if (ofSpans()) {
            Tensor spans = SpanFinder.of(model, 0).head().logits(hidden.states()); // (B, T, 2)
            compare(prefix + "start_logits", spans.select(2, 0), real);
            compare(prefix + "end_logits", spans.select(2, 1), real);
        }
        switch (type) {
            case "BertForMaskedLM", "ElectraForMaskedLM", "RobertaForMaskedLM", "DistilBertForMaskedLM", "ModernBertForMaskedLM" -> compare(prefix + "logits", pieces(model, hidden), real);
            case "BertForPreTraining" -> {
                compare(prefix + "prediction_logits", pieces(model, hidden), real);
                Tensor pooled = model.backbone().pooled(hidden, inputs, Mode.INFERENCE);
                var head = model.network(LinearHead.NEXT_SENTENCE, LinearHead.class, weights -> unreachable());
                compare(prefix + "seq_relationship_logits", head.logits(pooled), null);
            }
            case "ElectraForPreTraining" -> compare(
                    prefix + "logits", ((Electra) model.backbone()).discriminatorHead(model).logits(hidden.states()), real);
            case "BertForSequenceClassification", "ElectraForSequenceClassification", "RobertaForSequenceClassification",
                    "DistilBertForSequenceClassification", "ModernBertForSequenceClassification" -> compare(
                    prefix + "logits", RowClassifier.of(model, Pooling.CLS, 0, 0).head().logits(hidden, inputs, Mode.INFERENCE), null);
            default -> {}
        }
        if (hasPooler()) {
            compare(prefix + "pooler_output", model.backbone().pooled(hidden, inputs, Mode.INFERENCE), null);
        }
    }

    /// (B T, V)
    private static Tensor pieces(Model model, Hidden hidden) {
        return model.backbone().maskedLmHead(model).orElseThrow().logits(hidden.states().reshape(-1, model.backbone().width()));
    }

    private static <T> T unreachable() {
        throw new IllegalStateException("the objective has built its heads");
    }

    /// Outputs at padding mean nothing.
    private static boolean[] real(Batch batch) {
        int[] mask = batch.ints("attention_mask").values();
        boolean[] real = new boolean[mask.length];
        for (int i = 0; i < mask.length; i++) {
            real[i] = mask[i] != 0;
        }
        return real;
    }

    /// Compares where the case expects the tensor.
    private void compare(String output, Tensor got, boolean @org.jspecify.annotations.Nullable [] counted) {
        float[] expected = golden.expected().get(output);
        if (expected != null) {
            add(output, Tensors.floats(got), expected, "outputs", counted);
        }
    }

    private void add(String what, float[] got, float[] expected, String kind, boolean @org.jspecify.annotations.Nullable [] counted) {
        double[] tolerance = golden.tolerance(kind);
        rows.add(Comparison.of(what, got, expected, tolerance[0], tolerance[1], counted));
    }

    private void gradients(Model model, Objective objective, boolean bare, FlatGroup group) {
        try (var scope = Scope.open()) {
            Batch batch = golden.batch("");
            Loss loss = objective.loss(model, Inputs.of(batch), Mode.INFERENCE);
            loss.backward(objective.denominators(batch));
            add("loss", new float[] {(float) loss.over(objective.denominators(batch))}, golden.expected().getOrDefault("loss", new float[0]), "loss", null);
            for (String parameter : model.weights().parameters()) {
                String stored = "grad." + (bare ? parameter.replaceFirst("^bert\\.", "") : parameter);
                float[] expected = golden.expected().get(stored);
                if (expected != null) {
                    add(stored, Tensors.floats(model.weights().get(parameter).grad()), expected, "grad", null);
                }
            }
            try (var without = new NoGradient()) {
                group.gradient().zero_();
            }
        }
    }

    private void trajectory(Model model, Objective objective, boolean bare, FlatGroup group) {
        float[] expected = golden.trajectory("losses");
        if (expected.length == 0) {
            return;
        }
        Batch batch = golden.batch("");
        List<Event.Stepped> steps = TenSteps.run(model, objective, batch, group, expected.length);
        add("trajectory.losses", numbers(steps, step -> step.losses().get("loss")), expected, "trajectory", null);
        add("trajectory.grad_norms", numbers(steps, Event.Stepped::gradientNorm), golden.trajectory("grad_norms"), "trajectory", null);
        add("trajectory.rates", numbers(steps, Event.Stepped::learningRate), golden.trajectory("rates"), "trajectory", null);
        try (var scope = Scope.open(); var without = new NoGradient()) {
            double after = objective.loss(model, Inputs.of(batch), Mode.INFERENCE).over(objective.denominators(batch));
            add("trajectory.loss_after", new float[] {(float) after}, golden.trajectory("loss_after"), "trajectory", null);
            Map<String, Float> norms = new LinkedHashMap<>(golden.norms());
            norms.forEach((stored, norm) -> {
                Tensor values = model.weights().get(bare ? "bert." + stored : stored);
                add("weight_l2_after." + stored, Tensors.floats(values.norm()), new float[] {norm}, "trajectory", null);
            });
        }
    }

    static float[] numbers(List<Event.Stepped> steps, java.util.function.ToDoubleFunction<Event.Stepped> of) {
        float[] numbers = new float[steps.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) of.applyAsDouble(steps.get(i));
        }
        return numbers;
    }

    /// `mean((pooler_output - target.pooled)^2) + sum(mask (last_hidden_state - target.hidden)^2) / (sum(mask) C)`: what
    /// the cases of the bare class minimise.
    private static final class HiddenTargets implements Objective {
        @Override
        public Denominators denominators(Batch batch) {
            long width = batch.floats("target.pooled").shape()[1];
            return Denominators.of("pooled", batch.floats("target.pooled").values().length)
                    .plus(Denominators.of("hidden", batch.tokens() * width));
        }

        @Override
        public Loss loss(Model model, Inputs inputs, Mode mode) {
            Hidden hidden = model.backbone().forward(inputs, mode);
            Tensor pooled = model.backbone().pooled(hidden, inputs, mode).sub(inputs.tensor("target.pooled"));
            Tensor states = hidden.states().sub(inputs.tensor("target.hidden"));
            Tensor mask = inputs.tensor("attention_mask").unsqueeze(-1); // (B, T, 1)
            return Loss.of(
                    new Loss.Term("pooled", pooled.mul(pooled).sum(), 1),
                    new Loss.Term("hidden", states.mul(states).mul(mask).sum(), 1));
        }
    }

    /// Replaced-token detection where the case says which tokens are replaced; no generator is asked.
    private record Labelled(DiscriminatorHead head) implements Objective {
        @Override
        public Denominators denominators(Batch batch) {
            return Denominators.of("detection", batch.tokens());
        }

        @Override
        public Loss loss(Model model, Inputs inputs, Mode mode) {
            Tensor logits = head.logits(model.backbone().forward(inputs, mode).states());
            return Loss.of(new Loss.Term("detection", BinaryCrossEntropy.sum(logits, inputs.tensor("labels"), inputs), 1));
        }
    }
}
