package dev.cultivar.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What objectives over pictures need of the rest of a recipe, and what they ask of who reads the pictures.
class PictureAgreementTest {
    private static final String PICTURES = """
            backbone: {kind: custom, name: eyes}
            data: {kind: custom, name: pictures}
            objective: {kind: autoencoder}
            optimizer: {kind: adamw, learning_rate: 1e-3}
            horizon: {steps: 10}
            batching: {rows: 8}
            """;
    private static final String GAN = """
            backbone: {kind: custom, name: eyes}
            data: {kind: custom, name: pictures}
            turns:
              - {name: critic, objective: {kind: gan_critic}, optimizer: {kind: adamw, learning_rate: 1e-3}}
              - {name: generator, objective: {kind: gan_generator, latent: 16}, optimizer: {kind: adamw, learning_rate: 1e-3}}
            horizon: {steps: 10}
            batching: {rows: 8}
            """;

    private static Recipe read(String yaml, String... overrides) {
        return RecipeReader.read(yaml, "recipes/x.yaml", List.of(overrides));
    }

    private static List<String> mistakes(String yaml, String... overrides) {
        RecipeException refused = catchThrowableOfType(RecipeException.class, () -> read(yaml, overrides));
        assertThat(refused).as(String.join(" ", overrides)).isNotNull();
        return refused.mistakes();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "turns.0.objective={kind: gan_critic, loss: hinge} | turns.0.objective.loss must be that of the turn with gan_generator, non_saturating, got hinge",
        "turns.1.objective={kind: gan_generator, latent: 16, loss: wasserstein} | turns.0.objective.loss must be that of the turn with gan_generator, wasserstein, got non_saturating",
        "turns.1.objective={kind: gan_generator, latent: 16, conditional: true} | turns.0.objective.conditional must be that of the turn with gan_generator, true, got false",
        "turns.1.objective={kind: autoencoder} | turns.0.objective gan_critic needs another turn whose objective is gan_generator, and each of the two once; give both under turns",
        "turns.0.objective={kind: rotation} | turns.1.objective gan_generator needs another turn whose objective is gan_critic; give both under turns",
        "turns.1.objective={kind: gan_critic} | turns.0.objective gan_critic needs another turn whose objective is gan_generator, and each of the two once; give both under turns",
        "turns.1.objective={kind: gan_generator} | turns.1.objective.latent is missing",
        "turns.1.objective={kind: gan_generator, latent: 0} | turns.1.objective.latent must be at least 1, got 0",
        "turns.1.objective={kind: gan_generator, latent: 4, generator: {channels: []}} | turns.1.objective.generator.channels must be 1 to 12 whole numbers, got 0",
        "turns.1.objective={kind: gan_generator, latent: 4, generator: {kind: mlp, hidden: [0]}} | turns.1.objective.generator.hidden.0 must be at least 1, got 0",
        "turns.0.objective={kind: gan_critic, loss: {kind: wasserstein, penalty: 0}} | turns.0.objective.loss.penalty must be above 0, got 0"
    })
    void bothHalvesOfAGanAgree(String override, String expected) {
        assertThat(mistakes(GAN, override)).anyMatch(mistake -> mistake.endsWith(expected));
    }

    @Test
    void aJudgeNeedsSomethingToJudge() {
        assertThat(mistakes(PICTURES, "evaluate={judge: cnn, tasks: [validation]}")).singleElement().asString()
                .endsWith("evaluate.judge judges what a model draws, and this one draws nothing; it is for the objectives vae and gan_generator");
        assertThat(mistakes(GAN, "evaluate={judge: cnn}")).singleElement().asString()
                .contains("evaluate.judge compares what is drawn with pictures that were held out");
        assertThat(read(GAN, "evaluate={judge: cnn, tasks: [validation]}").evaluate().judge()).isEqualTo("cnn");
        assertThat(mistakes(GAN, "evaluate={juge: cnn}")).singleElement().asString().contains("judge");
    }

    @Test
    void aCriticWithClassesIsToldNone() {
        String conditional = "turns.1.objective={kind: gan_generator, latent: 16, conditional: true}";
        assertThat(mistakes(GAN, "turns.0.objective={kind: gan_critic, classes: true, conditional: true}", conditional))
                .anyMatch(mistake -> mistake.contains("turns.0.objective.classes is for a critic that is to tell the classes"));
        assertThat(mistakes(GAN, "turns.0.objective={kind: gan_critic, classes: true, loss: hinge}", "turns.1.objective={kind: gan_generator, latent: 16, loss: hinge}"))
                .anyMatch(mistake -> mistake.contains("turns.0.objective.classes needs the loss non_saturating"));
        assertThat(read(GAN, "turns.0.objective={kind: gan_critic, classes: true}").turns()).hasSize(2);
    }

    @Test
    void rowsOfTextAreNoPictures() {
        for (String objective : List.of("autoencoder", "{kind: vae, latent: 4}", "masked_patches", "simclr", "rotation", "fixmatch")) {
            assertThat(mistakes(Shelf.LEAST, "objective=" + objective)).as(objective)
                    .singleElement().asString().contains("learns from pictures, and the data are rows of text; give data of kind images");
        }
    }

    @Test
    void aDecodersHeadsDivideItsWidth() {
        assertThat(mistakes(PICTURES, "objective={kind: masked_patches, decoder: {width: 20, heads: 3}}"))
                .singleElement().asString().endsWith("objective.decoder.heads must divide width, 20, got 3");
        assertThat(mistakes(PICTURES, "objective={kind: masked_patches, decoder: {width: 6, heads: 3}}"))
                .singleElement().asString().contains("objective.decoder.width must be a multiple of 4");
    }

    @Test
    void whoMakesBatchesIsToldWhatToDraw() {
        assertThat(PictureNeeds.of(read(PICTURES).turns())).isEqualTo(PictureNeeds.NONE);
        assertThat(PictureNeeds.of(Shelf.least().turns())).isEqualTo(PictureNeeds.NONE);
        assertThat(PictureNeeds.of(read(PICTURES, "objective={kind: autoencoder, corruption: {kind: mask, share: 0.4}}").turns()).corruption())
                .isEqualTo(new PictureObjectiveRecipe.Corruption.Mask(0.4));
        assertThat(PictureNeeds.of(read(PICTURES, "objective={kind: vae, latent: 7}").turns()).noise()).isEqualTo(7);
        assertThat(PictureNeeds.of(read(PICTURES, "objective=masked_patches").turns()).masked()).isEqualTo(0.75);
        assertThat(PictureNeeds.of(read(PICTURES, "objective=simclr").turns()).secondView()).isTrue();
        assertThat(PictureNeeds.of(read(PICTURES, "objective=fixmatch").turns()).unlabelled()).isEqualTo(7);
        PictureNeeds ofGan = PictureNeeds.of(read(GAN, "turns.0.objective={kind: gan_critic, loss: wasserstein}",
                "turns.1.objective={kind: gan_generator, latent: 16, loss: wasserstein}").turns());
        assertThat(ofGan.noise()).isEqualTo(16);
        assertThat(ofGan.mix()).isTrue();
    }
}
