package dev.cultivar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.image.Picture;
import dev.cultivar.image.PictureReader;
import dev.cultivar.image.PictureWriter;
import dev.cultivar.predict.Classifier;
import dev.cultivar.predict.PictureClassifier;
import dev.cultivar.recipe.PicturesRecipe.Augmentation;
import dev.cultivar.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The README's Java programs stand between the marks below, word for word, and do what they say.
class ReadmeTest {
    private static final Path ROOT = Path.of(System.getProperty("cultivar.root", "."));

    private static String job(Path text, Path tickets, Path runs) {
        // README begin
        var pretrain = Recipes.pretrain("language", Recipes.bert(2, 32, 2, 32), 200)
                .train(text).batching(16, 32).epochs(2).build();
        var language = Cultivar.create().train(pretrain, runs.resolve("language"));

        var classify = Recipes.classify("queue", language.folder())
                .train(tickets).columns("body", "queue").validation(0.2).batching(8, 32).epochs(3).build();
        var queue = Cultivar.create().train(classify, runs.resolve("queue"));

        try (var classifier = Classifier.open(queue.folder())) {
            return classifier.predict("the printer does not print").label();
        }
        // README end
    }

    private static String ofPictures(Path photos, Path photo, Path runs) {
        // README begin
        var pets = Recipes.pictures("pets", Recipes.cnn(16, 32)).folder(photos).validation(0.2)
                .size(64, 64, 3).augment(Augmentation.affine(0.1, 10, 0.1).flipped(0.5)).epochs(3).build();
        var run = Cultivar.create().train(pets, runs.resolve("pets"));

        try (var classifier = PictureClassifier.open(run.folder())) {
            return classifier.predict(PictureReader.read(photo)).label();
        }
        // README end
    }

    @Test
    void theReadmesProgramOfPicturesRuns(@TempDir Path folder) throws IOException {
        for (String pet : List.of("cat", "dog")) {
            Path own = Files.createDirectories(folder.resolve("photos").resolve(pet));
            for (int i = 0; i < 10; i++) {
                byte[] pixels = new byte[20 * 30 * 3];
                Arrays.fill(pixels, (byte) (pet.length() * 20 + pet.charAt(0) + i));
                PictureWriter.png(own.resolve(i + ".png"), new Picture(20, 30, 3, pixels));
            }
        }
        assertThat(ofPictures(folder.resolve("photos"), folder.resolve("photos/cat/3.png"), folder.resolve("runs"))).isIn("cat", "dog");
        assertThat(folder.resolve("runs/pets/recipe.yaml")).content().contains("flip: 0.5").contains("validation: {fraction: 0.2}");
    }

    @Test
    void theReadmesProgramRuns(@TempDir Path folder) throws IOException {
        Path text = folder.resolve("manual.txt");
        Files.writeString(text, "the printer prints a page\nthe bill names a sum\n\npay the bill in time\nthe page is empty\n\n".repeat(20));
        Path tickets = folder.resolve("tickets.csv");
        Files.writeString(tickets, "body,queue\n" + "the page is empty,printers\nthe bill is wrong,billing\n".repeat(4)
                + "my printer prints nothing,printers\nI pay too much,billing\n".repeat(4));
        assertThat(job(text, tickets, folder.resolve("runs"))).isIn("printers", "billing");
    }

    @Test
    void theyStandInTheReadme() throws IOException {
        String source = Files.readString(ROOT.resolve("train/src/test/java/dev/cultivar/ReadmeTest.java"));
        List<String> programs = Pattern.compile("(?s) {8}// README begin\n(.*?) {8}// README end").matcher(source).results()
                .map(program -> program.group(1).lines().map(line -> line.isBlank() ? "" : line.substring(8)).collect(Collectors.joining("\n")))
                .toList();
        assertThat(programs).hasSize(2);
        assertThat(Files.readString(ROOT.resolve("README.md"))).contains(programs);
    }
}
