package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.Draw;
import dev.cultivar.batch.PictureFacts;
import dev.cultivar.checkpoint.CheckpointFolder;
import dev.cultivar.checkpoint.RunFolder;
import dev.cultivar.checkpoint.StateReader;
import dev.cultivar.checkpoint.StateWriter;
import dev.cultivar.generate.PictureGenerator;
import dev.cultivar.loop.BatchSource;
import dev.cultivar.loop.Best;
import dev.cultivar.loop.Entrance;
import dev.cultivar.loop.Evaluations;
import dev.cultivar.loop.Randomness;
import dev.cultivar.loop.TrainingLoop;
import dev.cultivar.loop.Workers;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.ConfigFile;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.Weights;
import dev.cultivar.objective.LabelFacts;
import dev.cultivar.recipe.HorizonRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeReader;
import dev.cultivar.torch.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs over pictures: what moves where no turn says so, what a checkpoint tells, and that a run that goes on is the undisturbed one to the bit.
class PictureRunsTest {
    private static final int ROWS = 6;
    private static final int LATENT = 4;
    private static final LabelFacts FACTS =
            LabelFacts.of(List.of("a", "b")).with(new PictureFacts(1, 8, 8, new float[] {0.4f}, new float[] {0.5f}));
    private static final String GAN = """
            backbone: {kind: custom, name: eyes}
            data: {kind: custom, name: pictures}
            turns:
              - {name: critic, times: 2, objective: {kind: gan_critic, loss: hinge, conditional: true}, optimizer: {kind: adamw, learning_rate: 1e-3}}
              - name: generator
                objective: {kind: gan_generator, latent: 4, loss: hinge, conditional: true, generator: {channels: [6, 4]}}
                optimizer: {kind: adamw, learning_rate: 1e-3}
            horizon: {steps: 4}
            batching: {rows: 6}
            evaluate: {every: never}
            checkpoint: {every: {steps: 2}, keep: 10}
            average: {decay: 0.5}
            device: {kind: cpu, threads: 1, replicas: 1, precision: float32}
            """;
    private static final String VAE = GAN.replaceAll("(?s)turns:.*horizon:", "objective: {kind: vae, latent: 4, conditional: true, likelihood: gaussian}\n"
            + "optimizer: {kind: adamw, learning_rate: 1e-3}\nhorizon:");

    @TempDir
    private Path folder;

    private static Recipe recipe(String yaml) {
        return RecipeReader.read(yaml, "pictures.yaml", List.of());
    }

    /// A small residual network, whose batch norm remembers what it has seen.
    private static Extensions eyes() {
        Map<String, Object> config = Map.of(
                "model_type", "resnet", "num_channels", 1, "image_size", 8, "embedding_size", 4, "hidden_sizes", List.of(4, 8), "depths", List.of(1, 1),
                "layer_type", "basic", "stem", "small");
        return Extensions.builder()
                .backbone("eyes", (parameters, weights) -> Backbones.build(ConfigFile.of("test", config), weights, false, Backbones.Custom.NONE))
                .build();
    }

    /// Pictures as a function of the batch's number, which is the source's state.
    private static final class Pictures implements BatchSource {
        private long number;

        @Override
        public List<Batch> next(String turn, int count, Model model) {
            number++;
            return List.of(Batch.of(new long[ROWS])
                    .floats("pixels", uniform(1), ROWS, 1, 8, 8)
                    .floats("pixel_values", uniform(2), ROWS, 1, 8, 8)
                    .floats("noise", normal(), ROWS, LATENT)
                    .ints("labels", new int[] {0, 1, 0, 1, 0, 1}, ROWS)
                    .build());
        }

        private float[] uniform(int what) {
            float[] values = new float[ROWS * 64];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) Draw.unit(number, what, i);
            }
            return values;
        }

        private float[] normal() {
            float[] values = new float[ROWS * LATENT];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) Draw.normal(number, i);
            }
            return values;
        }

        @Override
        public void save(StateWriter out) {
            out.whole("number", number);
        }

        @Override
        public void restore(StateReader in) {
            number = in.whole("number");
        }
    }

    private static Built built(Recipe recipe, Optional<Path> checkpoint) {
        return Built.of(recipe, Built.Task.withoutText(FACTS), checkpoint, 1, eyes());
    }

    /// Trains to the end; returns all parameters and buffers.
    private Map<String, float[]> train(Recipe recipe, Path run, Optional<Path> from) throws IOException {
        try (var built = built(recipe, from); var out = RunFolder.create(run); var workers = new Workers(1, 1)) {
            Files.writeString(out.files().provenance(), "{}");
            var source = new Pictures();
            var material = new Material(source, Optional.empty(), Built.Task.withoutText(FACTS), List.of(), new LinkedHashMap<>(), List.of());
            var keeper = new FolderKeeper(recipe, material, built, out);
            long steps = ((HorizonRecipe.Steps) recipe.horizon()).steps();
            var loop = new TrainingLoop(
                    new TrainingLoop.Setup(built.model(), Entrance.INPUT, built.turns(), source, built.strategy(), built.average(),
                            new Best(recipe.stopping()), new Randomness(recipe.seed()), new Evaluations(recipe.evaluate().every(), new LinkedHashMap<>(), false),
                            keeper, recipe.checkpoint().every(), 1, workers, steps),
                    event -> {});
            keeper.keep(loop);
            from.map(CheckpointFolder::open).ifPresent(stored -> {
                try (StateReader state = stored.state()) {
                    loop.restore(state);
                    state.finish();
                }
            });
            assertThat(loop.run(() -> false)).isEqualTo("horizon");
            Map<String, float[]> all = new LinkedHashMap<>();
            Weights weights = built.model().weights();
            weights.names().forEach(name -> all.put(name, Tensors.floats(weights.master(name))));
            return all;
        }
    }

    @Test
    void aTurnOfAGanMovesItsHalfWhereNobodySaysWhat() {
        try (var built = built(recipe(GAN), Optional.empty())) {
            Weights weights = built.model().weights();
            built.turns().getFirst().moves().enter(0);
            assertThat(weights.parameters()).filteredOn(name -> weights.get(name).requires_grad()).isNotEmpty().noneMatch(name -> name.startsWith("generator."))
                    .contains("critic.weight", "critic.labels.weight");
            built.turns().getLast().moves().enter(0);
            assertThat(weights.parameters()).filteredOn(name -> weights.get(name).requires_grad()).isNotEmpty().allMatch(name -> name.startsWith("generator."));
        }
    }

    @Test
    void aRunThatGoesOnIsTheUndisturbedOne() throws IOException {
        for (String yaml : List.of(GAN, VAE)) {
            Path whole = folder.resolve("whole-" + yaml.length());
            Map<String, float[]> undisturbed = train(recipe(yaml), whole, Optional.empty());
            assertThat(undisturbed.keySet()).anyMatch(name -> name.endsWith("running_var"));
            Path half = whole.resolve("checkpoints").resolve("step-000002");
            Map<String, float[]> gone = train(recipe(yaml), folder.resolve("on-" + yaml.length()), Optional.of(half));
            assertThat(gone.keySet()).isEqualTo(undisturbed.keySet());
            gone.forEach((name, values) -> assertThat(values).as(name).isEqualTo(undisturbed.get(name)));
        }
    }

    @Test
    void aRunsFolderMakesPictures() throws IOException {
        for (String yaml : List.of(GAN, VAE)) {
            Path run = folder.resolve("run-" + yaml.length());
            train(recipe(yaml), run, Optional.empty());
            try (var opened = ModelFolder.open(run.resolve("checkpoints").resolve("last").toRealPath())) {
                assertThat(opened.extra().get("generates")).isInstanceOf(Map.class);
            }
            try (var maker = PictureGenerator.open(run)) {
                assertThat(maker.labels()).containsExactly("a", "b");
                float[] made = maker.pictures(1, 0, List.of("a", "b", "b"));
                assertThat(made).hasSize(3 * 64);
                for (float value : made) {
                    assertThat(value).isBetween(0f, 1f);
                }
            }
        }
    }
}
