package dev.cultivar.verify;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.PictureFacts;
import dev.cultivar.batch.PictureShape;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.loop.Event;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.ConfigFile;
import dev.cultivar.nn.CriticHead;
import dev.cultivar.nn.FlatGroup;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.LatentPictures;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.nn.PictureDrawing;
import dev.cultivar.nn.StoredWeights;
import dev.cultivar.nn.Weights;
import dev.cultivar.objective.LabelFacts;
import dev.cultivar.objective.Objective;
import dev.cultivar.objective.Objectives;
import dev.cultivar.recipe.ObjectiveRecipe;
import dev.cultivar.recipe.PictureObjectiveRecipe;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/// Computes the case of a GAN: what is drawn, the scores, both losses, every gradient, and ten steps of two turns each, by the product's own loop.
///
/// The case's discriminator is the backbone, an MLP, and a critic's score above it.
final class GanCase {
    private static final String CRITIC = "critic";
    private static final String GENERATOR = "generator";

    private final GoldenCase golden;
    private final String name;
    private final List<Comparison> rows = new ArrayList<>();

    GanCase(GoldenCase golden, String name) {
        this.golden = golden;
        this.name = name;
    }

    /// Both models' tensors: what belongs to the generator lies in one folder, the rest in the other.
    ///
    /// @param ofGenerator   names here begin with `generator.`, there with `net.`
    /// @param discriminator the critic's score is its last layer
    private record Both(StoredWeights ofGenerator, Renamed discriminator) implements Weights.Stored {

        private static String inFile(String name) {
            return "net" + name.substring(GENERATOR.length());
        }

        @Override
        public Optional<Tensor> find(String name, long... shape) {
            return LatentPictures.Kind.GAN.owns(name) ? ofGenerator.find(inFile(name), shape) : discriminator.find(name, shape);
        }

        /// What the case calls a parameter's gradient.
        String gradient(String name) {
            return LatentPictures.Kind.GAN.owns(name) ? "g.grad." + inFile(name) : "d.grad." + discriminator.of(name);
        }
    }

    GoldenCase.Outcome outcome() {
        try (var generator = ModelFolder.open(golden.folder().resolve("generator"));
                var discriminator = ModelFolder.open(golden.folder().resolve("discriminator"))) {
            List<Integer> ofGenerator = sizes(generator.config());
            List<Integer> ofDiscriminator = sizes(discriminator.config());
            String score = "net." + 2 * (ofDiscriminator.size() - 2);
            StoredWeights stored = discriminator.stored(hidden -> false);
            var both = new Both(generator.stored(hidden -> false), new Renamed(stored, Map.of(CriticHead.NAME, score)));
            try (var weights = new Weights(0, both)) {
                var model = new Model(weights, Backbones.build(config(discriminator.config(), ofDiscriminator), weights, false, Backbones.Custom.NONE));
                compute(model, ofGenerator, both);
                stored.finish(weights, fresh -> false, left -> false);
                both.ofGenerator().finish(weights, fresh -> false, left -> false);
            }
        }
        List<String> left = golden.uncompared(rows);
        return new GoldenCase.Outcome(name, rows, left.isEmpty() ? "" : "not computed: " + left);
    }

    private static List<Integer> sizes(ConfigFile config) {
        if (config.values().get("sizes") instanceof List<?> list && list.size() > 2) {
            return list.stream().map(size -> ((Number) size).intValue()).toList();
        }
        throw new CheckpointException(config.place() + ": sizes must be those of at least three layers");
    }

    private static ConfigFile config(ConfigFile stored, List<Integer> sizes) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("model_type", "mlp");
        config.put("hidden_act", "leaky_relu");
        config.put("hidden_sizes", sizes.subList(1, sizes.size() - 1));
        config.put("image_size", List.of(1, sizes.getFirst()));
        config.put("num_channels", 1);
        return ConfigFile.of(stored.place(), config);
    }

    private Batch batch() {
        if (golden.inputs().get("real") instanceof Batch.Field.Floats real && golden.inputs().get("noise") instanceof Batch.Field.Floats noise) {
            int count = (int) real.shape()[0];
            return Batch.of(new long[count])
                    .floats("pixels", real.values(), count, 1, 1, real.shape()[1])
                    .field("noise", noise)
                    .build();
        }
        throw new CheckpointException(golden.folder().resolve("inputs.safetensors") + ": real and noise must be real numbers");
    }

    private void compute(Model model, List<Integer> sizes, Both both) {
        Batch batch = batch();
        var shape = new PictureShape(1, 1, sizes.getLast());
        LatentPictures generator = LatentPictures.of(model, new LatentPictures.Settings(
                LatentPictures.Kind.GAN, sizes.getFirst(), 0, new PictureDrawing.Dense(sizes.subList(1, sizes.size() - 1), 0.2), shape, false));
        Objective critic = objective(model, shape, new PictureObjectiveRecipe.GanCritic(
                new PictureObjectiveRecipe.CriticLoss.NonSaturating(), false, false));
        Objective drawer = objective(model, shape, new PictureObjectiveRecipe.GanGenerator(
                new PictureObjectiveRecipe.Drawing.Mlp(sizes.subList(1, sizes.size() - 1)), sizes.getFirst(),
                PictureObjectiveRecipe.Game.NON_SATURATING, false, false)); // it finds the network that was built above, which bounds no values
        List<String> all = model.weights().parameters();
        FlatGroup ofCritic = model.weights().pack(all.stream().filter(critic::moves).toList(), false, 1);
        FlatGroup ofGenerator = model.weights().pack(all.stream().filter(drawer::moves).toList(), false, 1);
        outputs(model, generator, Inputs.of(batch));
        gradients(model, critic, "d.loss", ofCritic, batch, both);
        gradients(model, drawer, "g.loss", ofGenerator, batch, both);
        trajectory(model, List.of(new TenSteps.Part(CRITIC, critic, ofCritic), new TenSteps.Part(GENERATOR, drawer, ofGenerator)), batch);
    }

    private static Objective objective(Model model, PictureShape shape, ObjectiveRecipe recipe) {
        return Objectives.build(recipe, model, LabelFacts.NONE.with(PictureFacts.plain(shape)), (custom, parameters, of) -> {
            throw new IllegalStateException(custom);
        });
    }

    private void outputs(Model model, LatentPictures generator, Inputs inputs) {
        try (var scope = Scope.open(); var without = new NoGradient()) {
            Tensor fake = generator.pictures(inputs.tensor("noise"), Optional.empty(), Mode.INFERENCE);
            add("fake", Tensors.floats(fake), "outputs");
            add("d.real_logits", scores(model, inputs, inputs.tensor("pixels")), "outputs");
            add("d.fake_logits", scores(model, inputs, fake), "outputs");
        }
    }

    private static float[] scores(Model model, Inputs inputs, Tensor pictures) {
        Inputs read = inputs.with("pixel_values", pictures);
        Tensor pooled = model.backbone().pooled(model.backbone().forward(read, Mode.INFERENCE), read, Mode.INFERENCE);
        return Tensors.floats(CriticHead.of(model, 0).scores(pooled, Optional.empty()));
    }

    /// A turn computes gradients of its own parameters alone; the others' stay what they are.
    private void gradients(Model model, Objective objective, String loss, FlatGroup group, Batch batch, Both both) {
        List<String> own = group.members().stream().map(FlatGroup.Member::name).toList();
        model.weights().parameters().forEach(parameter -> model.weights().requireGradient(parameter, own.contains(parameter)));
        try (var scope = Scope.open()) {
            var computed = objective.loss(model, Inputs.of(batch), Mode.INFERENCE);
            computed.backward(objective.denominators(batch));
            add(loss, new float[] {(float) computed.over(objective.denominators(batch))}, "loss");
            for (String parameter : own) {
                add(both.gradient(parameter), Tensors.floats(model.weights().get(parameter).grad()), "grad");
            }
            try (var without = new NoGradient()) {
                group.gradient().zero_();
            }
        }
    }

    private void trajectory(Model model, List<TenSteps.Part> parts, Batch batch) {
        float[] ofCritic = golden.trajectory("d_losses");
        List<Event.Stepped> steps = TenSteps.run(model, parts, batch, ofCritic.length);
        double[] tolerance = golden.tolerance("trajectory");
        for (String half : List.of(CRITIC, GENERATOR)) {
            float[] got = EncoderCase.numbers(steps, step -> step.losses().get(half + ".loss"));
            float[] expected = half.equals(CRITIC) ? ofCritic : golden.trajectory("g_losses");
            rows.add(Comparison.of(half.equals(CRITIC) ? "trajectory.d_losses" : "trajectory.g_losses", got, expected, tolerance[0], tolerance[1], null));
        }
    }

    private void add(String what, float[] got, String kind) {
        double[] tolerance = golden.tolerance(kind);
        rows.add(Comparison.of(what, got, golden.numbers(what), tolerance[0], tolerance[1], null));
    }
}
