package dev.cultivar.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.DataException;
import dev.cultivar.batch.Draw;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.generate.PictureGenerator;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.LatentPictures;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.recipe.ObjectiveRecipe;
import dev.cultivar.recipe.PictureObjectiveRecipe;
import dev.cultivar.recipe.PictureObjectiveRecipe.CriticLoss;
import dev.cultivar.recipe.PictureObjectiveRecipe.Drawing;
import dev.cultivar.recipe.PictureObjectiveRecipe.Game;
import dev.cultivar.recipe.PictureObjectiveRecipe.Likelihood;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was trained makes the same pictures when it is opened from its folder.
class MadePicturesTest {
    private static final int LATENT = 4;

    @TempDir
    private Path folder;

    private static ObjectiveRecipe[] gan(Drawing drawing, boolean conditional) {
        return new ObjectiveRecipe[] {
            new PictureObjectiveRecipe.GanCritic(new CriticLoss.Hinge(), conditional, false),
            new PictureObjectiveRecipe.GanGenerator(drawing, LATENT, Game.HINGE, conditional, false)
        };
    }

    private static ObjectiveRecipe[] vae(boolean conditional) {
        return new ObjectiveRecipe[] {new PictureObjectiveRecipe.Vae(LATENT, 1, conditional, Likelihood.GAUSSIAN)};
    }

    private static LatentPictures network(PictureTrial trial) {
        return (LatentPictures) trial.model().networks().values().stream().filter(LatentPictures.class::isInstance).findFirst().orElseThrow();
    }

    private Path write(PictureTrial trial, String name) throws IOException {
        Path into = Files.createDirectory(folder.resolve(name));
        List<String> labels = network(trial).classes() > 0 ? PictureTrial.CLASSES : List.of();
        ModelFolder.write(into, trial.model(), labels, Map.of(LatentPictures.KEY, network(trial).settings().json()));
        return into;
    }

    /// What the network itself draws from the noise of one picture.
    private static float[] own(PictureTrial trial, long seed, long number, int label) {
        try (var scope = Scope.open()) {
            float[] noise = new float[LATENT];
            for (int z = 0; z < LATENT; z++) {
                noise[z] = (float) Draw.normal(seed, Draw.name("pictures that are made"), number, z);
            }
            return Tensors.floats(network(trial).pictures(
                    Tensors.ofFloats(noise, 1, LATENT),
                    label < 0 ? Optional.empty() : Optional.of(Tensors.ofInts(new int[] {label}, 1)),
                    Mode.INFERENCE));
        }
    }

    private static double distance(float[] a, float[] b) {
        double most = 0;
        for (int i = 0; i < a.length; i++) {
            most = Math.max(most, Math.abs(a[i] - b[i]));
        }
        return most;
    }

    @Test
    void aFolderMakesWhatTheModelDraws() throws IOException {
        Map<String, ObjectiveRecipe[]> kinds = new LinkedHashMap<>();
        for (boolean conditional : List.of(false, true)) {
            kinds.put("dcgan " + conditional, gan(new Drawing.Dcgan(List.of(6, 4)), conditional));
            kinds.put("mlp " + conditional, gan(new Drawing.Mlp(List.of(8, 9)), conditional));
            kinds.put("vae " + conditional, vae(conditional));
        }
        for (Map.Entry<String, ObjectiveRecipe[]> kind : kinds.entrySet()) {
            boolean conditional = kind.getKey().endsWith("true");
            Batch batch = PictureTrial.pictures(0, 6).floats("noise", PictureTrial.numbers("noise", 0, 6, LATENT, true), 6, LATENT).build();
            try (var trial = PictureTrial.of(PictureTrial.encoder(3), PictureTrial.LABELLED, kind.getValue())) {
                trial.steps(2, 1e-3, 1, batch); // running statistics are no longer what they were at first
                try (var maker = PictureGenerator.open(write(trial, kind.getKey()))) {
                    assertThat(maker.shape()).isEqualTo(PictureTrial.SHAPE);
                    assertThat(maker.labels()).isEqualTo(conditional ? PictureTrial.CLASSES : List.of());
                    float[] made = conditional ? maker.pictures(5, 40, List.of("c", "a")) : maker.pictures(5, 40, 2);
                    assertThat(made).hasSize(2 * 64);
                    assertThat(distance(Arrays.copyOfRange(made, 0, 64), own(trial, 5, 40, conditional ? 2 : -1))).as(kind.getKey()).isLessThan(1e-5);
                    assertThat(distance(Arrays.copyOfRange(made, 64, 128), own(trial, 5, 41, conditional ? 0 : -1))).isLessThan(1e-5);
                }
            }
        }
    }

    /// Which pictures are made beside it, and how many, moves no bit.
    @Test
    void aPictureIsAFunctionOfItsSeedAndNumber() throws IOException {
        try (var trial = PictureTrial.of(PictureTrial.encoder(3), PictureTrial.LABELLED, gan(new Drawing.Dcgan(List.of(6, 4)), true));
                var maker = PictureGenerator.open(write(trial, "gan"))) {
            List<String> labels = Collections.nCopies(70, "b");
            float[] many = maker.pictures(9, 20, labels);
            for (int number : new int[] {20, 31, 32, 63, 64, 89}) {
                int at = (number - 20) * 64;
                assertThat(maker.pictures(9, number, List.of("b"))).isEqualTo(Arrays.copyOfRange(many, at, at + 64));
            }
            assertThat(maker.pictures(10, 20, List.of("b"))).isNotEqualTo(Arrays.copyOfRange(many, 0, 64));
            assertThat(maker.pictures(9, 20, List.of("a"))).isNotEqualTo(Arrays.copyOfRange(many, 0, 64));
            assertThat(maker.pictures(9, 20, List.of())).isEmpty();
        }
    }

    @Test
    void whatCannotBeMadeIsRefused() throws IOException {
        try (var trial = PictureTrial.of(PictureTrial.encoder(3), PictureTrial.LABELLED, vae(true)); var maker = PictureGenerator.open(write(trial, "conditional"))) {
            assertThatThrownBy(() -> maker.pictures(1, 0, 3)).isInstanceOf(DataException.class).hasMessageContaining("name one of [a, b, c]");
            assertThatThrownBy(() -> maker.pictures(1, 0, List.of("d"))).isInstanceOf(DataException.class).hasMessageContaining("no class 'd'");
        }
        try (var trial = PictureTrial.of(PictureTrial.encoder(3), PictureTrial.LABELLED, vae(false)); var maker = PictureGenerator.open(write(trial, "plain"))) {
            assertThatThrownBy(() -> maker.pictures(1, 0, List.of("a"))).isInstanceOf(DataException.class).hasMessageContaining("leave the label out");
        }
        Path none = Files.createDirectory(folder.resolve("none"));
        try (var trial = PictureTrial.of(PictureTrial.encoder(3), PictureTrial.LABELLED, vae(false))) {
            ModelFolder.write(none, trial.model(), List.of(), Map.of());
        }
        assertThatThrownBy(() -> PictureGenerator.open(none)).isInstanceOf(CheckpointException.class).hasMessageContaining("does not make pictures");
    }

    /// A latent size that the weights do not have, and other numbers that no network has.
    @Test
    void aFolderWhoseNumbersDoNotFitIsRefused() throws IOException {
        try (var trial = PictureTrial.of(PictureTrial.encoder(3), PictureTrial.LABELLED, gan(new Drawing.Dcgan(List.of(6, 4)), false))) {
            Map<String, Object> json = new LinkedHashMap<>(network(trial).settings().json());
            for (Map.Entry<String, Object> wrong : Map.<String, Object>of(
                            "latent", 5, "height", 16, "width", -1, "kind", "dream", "channels", 3, "generator", Map.of("kind", "dcgan", "channels", List.of(6, 0)))
                    .entrySet()) {
                Map<String, Object> spoilt = new LinkedHashMap<>(json);
                spoilt.put(wrong.getKey(), wrong.getValue());
                Path into = Files.createDirectory(folder.resolve("spoilt-" + wrong.getKey()));
                ModelFolder.write(into, trial.model(), List.of(), Map.of(LatentPictures.KEY, spoilt));
                assertThatThrownBy(() -> PictureGenerator.open(into)).as(wrong.getKey()).isInstanceOf(CheckpointException.class);
            }
        }
    }

    /// The backbone is read again as one to fine-tune: what drew pictures stays away.
    @Test
    void whatDrawsIsNoPartOfTheBackbone() throws IOException {
        try (var trial = PictureTrial.of(PictureTrial.encoder(3), PictureTrial.LABELLED, vae(true))) {
            assertThat(trial.model().weights().parameters()).filteredOn(name -> trial.model().backbone().depth(name) >= 0)
                    .containsExactly("encoder.0.weight", "encoder.0.bias");
            try (var scope = Scope.open()) {
                assertThat(Tensors.floats(trial.model().backbone().forward(Inputs.of(PictureTrial.pictures(0, 1).build()), Mode.INFERENCE).states())).hasSize(3 * 16);
            }
        }
    }
}
