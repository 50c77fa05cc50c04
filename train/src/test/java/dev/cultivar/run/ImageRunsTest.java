package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.Draw;
import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.checkpoint.StateReader;
import dev.cultivar.checkpoint.StateWriter;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.format.Safetensors;
import dev.cultivar.loop.BatchSource;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.ConfigFile;
import dev.cultivar.nn.ImageShape;
import dev.cultivar.nn.MlpConfig;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.Pooling;
import dev.cultivar.nn.ResNetConfig;
import dev.cultivar.nn.RowClassifier;
import dev.cultivar.nn.VggConfig;
import dev.cultivar.nn.Weights;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.recipe.RecipeReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs on networks over images whose last layer is numbered on from those below it: what a new head, freezing and an adapter touch.
class ImageRunsTest {
    private static final int STORED_LABELS = 5;
    private static final ImageShape IMAGE = new ImageShape(1, 32, 32);
    private static final Map<String, Object> VGG = new VggConfig(IMAGE, List.of(2, 2, 3, 3, 4), 6, 0.5).json();
    private static final Map<String, Object> MLP = new MlpConfig(IMAGE, List.of(8, 6), "relu", 0.1).json();
    private static final Map<String, Object> RESNET = new ResNetConfig(
            IMAGE, 4, List.of(4, 6), List.of(1, 1), ResNetConfig.Layer.BASIC, "relu", false, false, ResNetConfig.Stem.IMAGENET).json();

    @TempDir
    Path folder;

    /// A folder with a model of five labels.
    private Path model(Map<String, Object> config) throws IOException {
        Path place = folder.resolve(config.get("model_type") + "-model");
        Files.createDirectories(place);
        try (var weights = new Weights(3, Weights.Stored.NONE)) {
            var model = new Model(weights, Backbones.build(ConfigFile.of("test", config), weights, true, Backbones.Custom.NONE));
            RowClassifier.of(model, Pooling.CLS, STORED_LABELS, 0.1);
            ModelFolder.write(place, model, IntStream.range(0, STORED_LABELS).mapToObj(String::valueOf).toList(), Map.of());
        }
        return place;
    }

    private static Recipe recipe(Path model, String strategy, String... more) {
        List<String> overrides = new ArrayList<>(List.of("backbone={kind: pretrained, model: '" + model + "'}", "strategy=" + strategy));
        overrides.addAll(List.of(more));
        return RecipeReader.read("""
                backbone: {kind: pretrained, model: x}
                data: {kind: custom, name: images}
                objective: {kind: classification, head: new}
                optimizer: {kind: adamw, learning_rate: 1e-2}
                horizon: {steps: 4}
                batching: {rows: 4}
                evaluate: {every: {steps: 2}, tasks: [validation]}
                checkpoint: {every: {steps: 1}}
                device: {kind: cpu, threads: 1, precision: float32}
                """, "images.yaml", overrides);
    }

    private static TrainingRun.Request to(Path out) {
        var extensions = Extensions.builder().source("images", (parameters, seed) -> new Images()).build();
        return TrainingRun.Request.to(out).with(extensions, Map.of());
    }

    /// Trains, and gives the last checkpoint.
    private Path train(String name, Recipe recipe) {
        return new RunFiles(TrainingRun.run(recipe, to(folder.resolve(name))).folder()).last().orElseThrow();
    }

    private static Map<String, String> tensors(Path model) {
        Map<String, String> values = new LinkedHashMap<>();
        try (var file = Safetensors.open(model.resolve("model.safetensors"))) {
            file.entries().keySet().forEach(name -> values.put(name, Arrays.toString(file.bytes(name).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE))));
        }
        return values;
    }

    /// Modules of which some tensor is another than before.
    private static Set<String> changed(Path before, Path after) {
        Map<String, String> old = tensors(before);
        Set<String> changed = new TreeSet<>();
        tensors(after).forEach((name, values) -> {
            if (!values.equals(old.get(name))) {
                changed.add(name.replaceFirst("\\.(weight|bias)$", ""));
            }
        });
        return changed;
    }

    @Test
    void aNewHeadIsTheLastLayerAlone() throws IOException {
        Path vgg = model(VGG);
        Path head = train("head", recipe(vgg, "{kind: feature_extraction}"));
        assertThat(changed(vgg, head)).containsExactly("classifier.6");
        try (var opened = ModelFolder.open(head)) {
            assertThat(opened.labels()).containsExactly("no", "yes");
            assertThat(opened.classes()).isEqualTo(2);
        }
        assertThat(changed(vgg, train("dense", recipe(vgg, "{kind: partial, trained: 2}")))).containsExactly("classifier.0", "classifier.3", "classifier.6");
        assertThat(changed(vgg, train("last", recipe(vgg, "{kind: partial, trained: 5}"))))
                .containsExactly("classifier.0", "classifier.3", "classifier.6", "features.24", "features.26", "features.28");
        Path mlp = model(MLP);
        assertThat(changed(mlp, train("mlp", recipe(mlp, "{kind: feature_extraction}")))).containsExactly("net.4");
    }

    @Test
    void aHeadOfOtherLabelsIsReplacedOnlyWhereThatIsSaid() throws IOException {
        Recipe recipe = recipe(model(VGG), "{kind: full}", "objective={kind: classification}");
        assertThatThrownBy(() -> train("kept", recipe))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll("classifier.6.weight is [5, 6], expected [2, 6]", "objective.head=new")
                .hasMessageNotContaining("classifier.0");
    }

    /// Only the product of narrow matrices is trained of the dense layers, and the head as a whole.
    @Test
    void anAdapterTrainsTheHeadWholeAndNoLayerBelow() throws IOException {
        adapted(model(VGG), "classifier.6", "classifier.0", "classifier.3");
        adapted(model(MLP), "net.4", "net.0", "net.2");
    }

    private void adapted(Path base, String head, String... layers) {
        Recipe recipe = recipe(base, "{kind: lora, rank: 2, dropout: 0.1}");
        Path whole = train("lora-" + head, recipe);
        Set<String> expected = new TreeSet<>(Set.of("base_model.model." + head + ".weight", "base_model.model." + head + ".bias"));
        for (String layer : layers) {
            expected.add("base_model.model." + layer + ".lora_A.weight");
            expected.add("base_model.model." + layer + ".lora_B.weight");
        }
        try (var stored = Safetensors.open(whole.resolve("adapter_model.safetensors"))) {
            assertThat(stored.entries().keySet()).containsExactlyInAnyOrderElementsOf(expected);
        }
        assertThat(JsonFiles.read(whole.resolve("adapter_config.json")))
                .containsEntry("modules_to_save", List.of(head))
                .containsEntry("target_modules", List.of(layers));
        try (var opened = ModelFolder.open(whole)) {
            assertThat(opened.classes()).isEqualTo(2);
            assertThat(opened.labels()).containsExactly("no", "yes");
        }
        resumed("lora-" + head, recipe);
    }

    @Test
    void runningStatisticsAndTheirCountsAreState() throws IOException {
        Path resnet = model(RESNET);
        Recipe recipe = recipe(resnet, "{kind: full}");
        Path whole = train("resnet", recipe);
        resumed("resnet", recipe);
        String counter = "resnet.encoder.stages.1.layers.0.shortcut.normalization.num_batches_tracked";
        try (var stored = Safetensors.open(whole.resolve("model.safetensors"))) {
            assertThat(stored.longs(counter)).containsExactly(4);
        }
        // Frozen, they rest, and steps may be split.
        Path head = train("resnet-head", recipe(resnet, "{kind: feature_extraction}", "batching={rows: 4, accumulation: 2}"));
        assertThat(changed(resnet, head)).containsExactly("classifier.1");
        assertThatThrownBy(() -> train("split", recipe(resnet, "{kind: partial, trained: 1}", "batching={rows: 4, accumulation: 2}")))
                .isInstanceOf(RecipeException.class)
                .hasMessageContainingAll("batching.accumulation must be 1", "batch normalisation");
    }

    /// Stopped twice and gone on with, a run ends as it did without.
    private void resumed(String name, Recipe recipe) {
        Path often = folder.resolve(name + "-often");
        for (int stop : new int[] {1, 2, 100}) {
            TrainingRun.run(recipe, to(often).stoppedBy(after(stop)).resuming());
        }
        Tiny.assertSame(folder.resolve(name), often);
    }

    private static BooleanSupplier after(int steps) {
        int[] left = {steps};
        return () -> --left[0] <= 0;
    }

    /// Noise, and whether its left half is the brighter one.
    private static final class Images implements BatchSource {
        private long next;

        private static Batch batch(long number) {
            float[] pixels = new float[4 * 32 * 32];
            int[] labels = new int[4];
            for (int i = 0; i < pixels.length; i++) {
                labels[i / (32 * 32)] = Draw.below(2, number, i / (32 * 32));
                boolean brighter = i % 32 < 16 == (labels[i / (32 * 32)] == 1);
                pixels[i] = (float) Draw.unit(number, i) - (brighter ? 0 : 0.5f);
            }
            return Batch.of(new long[4]).floats(ImageShape.PIXELS, pixels, 4, 1, 32, 32).ints("labels", labels, 4).build();
        }

        @Override
        public List<Batch> next(String turn, int count, Model model) {
            List<Batch> batches = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                batches.add(batch(next++));
            }
            return batches;
        }

        @Override
        public List<String> labels() {
            return List.of("no", "yes");
        }

        @Override
        public Map<String, Iterable<Batch>> tasks() {
            return Map.of("validation", List.of(batch(-1)));
        }

        @Override
        public void save(StateWriter out) {
            out.whole("next", next);
        }

        @Override
        public void restore(StateReader in) {
            next = in.whole("next");
        }
    }
}
