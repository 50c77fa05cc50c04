package dev.cultivar.verify;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.PictureFacts;
import dev.cultivar.batch.PictureShape;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.loop.Event;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.ConfigFile;
import dev.cultivar.nn.FlatGroup;
import dev.cultivar.nn.Hidden;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.LatentPictures;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.nn.PictureDecoder;
import dev.cultivar.nn.VariationalEncoder;
import dev.cultivar.nn.Weights;
import dev.cultivar.objective.LabelFacts;
import dev.cultivar.objective.Loss;
import dev.cultivar.objective.Objective;
import dev.cultivar.objective.Objectives;
import dev.cultivar.recipe.PictureObjectiveRecipe;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Computes the cases of autoencoders: what is drawn, what lies between, the loss and its parts, every gradient, ten steps.
final class PictureCase {
    static final List<String> CLASSES = List.of("ConvAutoencoder", "Vae");

    private final GoldenCase golden;
    private final String name;
    private final boolean variational;
    private final List<Comparison> rows = new ArrayList<>();

    PictureCase(GoldenCase golden, String name, String type) {
        this.golden = golden;
        this.name = name;
        this.variational = type.equals("Vae");
    }

    GoldenCase.Outcome outcome() {
        try (var folder = ModelFolder.open(golden.folder().resolve("model"))) {
            var stored = folder.stored(hidden -> false);
            var renamed = new Renamed(stored, variational ? Map.of("net.0", "encoder") : Map.of());
            try (var weights = new Weights(0, renamed)) {
                var model = new Model(weights, Backbones.build(config(folder.config()), weights, false, Backbones.Custom.NONE));
                Objective objective = Objectives.build(recipe(folder.config()), model, LabelFacts.NONE.with(PictureFacts.plain(shape())), (custom, of, to) -> {
                    throw new IllegalStateException(custom);
                });
                stored.finish(weights, fresh -> false, left -> false);
                compute(model, objective, renamed);
            }
        }
        List<String> left = golden.uncompared(rows);
        return new GoldenCase.Outcome(name, rows, left.isEmpty() ? "" : "not computed: " + left);
    }

    /// The pictures: an autoencoder's as they are; a VAE's lie flat in the case.
    private Batch.Field.Floats pictures() {
        if (golden.inputs().get(variational ? "x" : "pixels") instanceof Batch.Field.Floats floats) {
            return floats;
        }
        throw new CheckpointException(golden.folder().resolve("inputs.safetensors") + ": the pictures are missing");
    }

    private PictureShape shape() {
        long[] shape = pictures().shape();
        return variational ? new PictureShape(1, 1, (int) shape[1]) : new PictureShape((int) shape[1], (int) shape[2], (int) shape[3]);
    }

    private ConfigFile config(ConfigFile stored) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("image_size", List.of(shape().height(), shape().width()));
        config.put("num_channels", shape().channels());
        if (variational) {
            config.put("model_type", "mlp");
            config.put("hidden_act", "relu");
            config.put("hidden_sizes", List.of(stored.whole("hidden")));
        } else {
            config.put("model_type", "conv_encoder");
            config.put("channels", stored.values().get("channels"));
        }
        return ConfigFile.of(stored.place(), config);
    }

    private PictureObjectiveRecipe recipe(ConfigFile stored) {
        return variational
                ? new PictureObjectiveRecipe.Vae(stored.whole("latent"), 1, false, PictureObjectiveRecipe.Likelihood.BERNOULLI)
                : new PictureObjectiveRecipe.Autoencoder(new PictureObjectiveRecipe.Corruption.None(), PictureObjectiveRecipe.Reconstruction.MSE);
    }

    private Batch batch() {
        Batch.Field.Floats pictures = pictures();
        int count = (int) pictures.shape()[0];
        long[] shape = {count, shape().channels(), shape().height(), shape().width()};
        var batch = Batch.of(new long[count]).floats("pixel_values", pictures.values(), shape).floats("pixels", pictures.values(), shape);
        if (variational) {
            batch.field("noise", java.util.Objects.requireNonNull(golden.inputs().get("noise"), "inputs.safetensors has no noise"));
        }
        return batch.build();
    }

    private void compute(Model model, Objective objective, Renamed renamed) {
        Batch batch = batch();
        try (var scope = Scope.open(); var without = new NoGradient()) {
            if (variational) {
                variationalOutputs(model, Inputs.of(batch));
            } else {
                outputs(model, Inputs.of(batch));
            }
        }
        FlatGroup group = model.weights().pack(model.weights().parameters(), false, 1);
        gradients(model, objective, batch, renamed, group);
        trajectory(model, objective, batch, renamed, group);
    }

    private void outputs(Model model, Inputs inputs) {
        Hidden hidden = model.backbone().forward(inputs, Mode.INFERENCE);
        compare("code", hidden.states());
        PictureDecoder decoder = model.network("decoder", PictureDecoder.class, weights -> unreachable());
        compare("reconstruction", torch.sigmoid(decoder.logits(model.backbone().pooled(hidden, inputs, Mode.INFERENCE), Mode.INFERENCE)));
    }

    private void variationalOutputs(Model model, Inputs inputs) {
        VariationalEncoder encoder = VariationalEncoder.of(model, 0, 0);
        VariationalEncoder.Posterior posterior = encoder.posterior(encoder.features(inputs, Mode.INFERENCE), Optional.empty());
        compare("mu", posterior.mean());
        compare("logvar", posterior.logVariance());
        LatentPictures decoder = LatentPictures.built(model, LatentPictures.Kind.VAE, "the objective has built it");
        compare("logits", decoder.logits(posterior.sample(inputs.tensor("noise")), Optional.empty(), Mode.INFERENCE));
    }

    private static <T> T unreachable() {
        throw new IllegalStateException("the objective has built its networks");
    }

    private void compare(String output, Tensor got) {
        add(output, Tensors.floats(got), golden.numbers(output), "outputs");
    }

    private void add(String what, float[] got, float[] expected, String kind) {
        double[] tolerance = golden.tolerance(kind);
        rows.add(Comparison.of(what, got, expected, tolerance[0], tolerance[1], null));
    }

    private void gradients(Model model, Objective objective, Batch batch, Renamed renamed, FlatGroup group) {
        try (var scope = Scope.open()) {
            Loss loss = objective.loss(model, Inputs.of(batch), Mode.INFERENCE);
            loss.backward(objective.denominators(batch));
            add("loss", new float[] {(float) loss.over(objective.denominators(batch))}, golden.numbers("loss"), "loss");
            if (variational) {
                for (Loss.Term term : loss.terms()) {
                    String part = term.name().equals("kl") ? "kl" : "reconstruction_loss";
                    double mean = Tensors.item(term.sum()) / objective.denominators(batch).of(term.name());
                    add(part, new float[] {(float) mean}, golden.numbers(part), "loss");
                }
            }
            for (String parameter : model.weights().parameters()) {
                String stored = "grad." + renamed.of(parameter);
                add(stored, Tensors.floats(model.weights().get(parameter).grad()), golden.numbers(stored), "grad");
            }
            try (var without = new NoGradient()) {
                group.gradient().zero_();
            }
        }
    }

    private void trajectory(Model model, Objective objective, Batch batch, Renamed renamed, FlatGroup group) {
        float[] losses = golden.trajectory("losses");
        List<Event.Stepped> steps = TenSteps.run(model, objective, batch, group, losses.length);
        add("trajectory.losses", numbers(steps, step -> step.losses().get("loss")), losses, "trajectory");
        add("trajectory.grad_norms", numbers(steps, Event.Stepped::gradientNorm), golden.trajectory("grad_norms"), "trajectory");
        add("trajectory.rates", numbers(steps, Event.Stepped::learningRate), golden.trajectory("rates"), "trajectory");
        try (var scope = Scope.open(); var without = new NoGradient()) {
            double after = objective.loss(model, Inputs.of(batch), Mode.INFERENCE).over(objective.denominators(batch));
            add("trajectory.loss_after", new float[] {(float) after}, golden.trajectory("loss_after"), "trajectory");
            Map<String, Float> norms = golden.norms();
            for (String parameter : model.weights().parameters()) {
                float norm = norms.getOrDefault(renamed.of(parameter), Float.NaN);
                add("weight_l2_after." + renamed.of(parameter), Tensors.floats(model.weights().get(parameter).norm()), new float[] {norm}, "trajectory");
            }
        }
    }

    static float[] numbers(List<Event.Stepped> steps, ToDoubleFunction<Event.Stepped> of) {
        return EncoderCase.numbers(steps, of);
    }
}
