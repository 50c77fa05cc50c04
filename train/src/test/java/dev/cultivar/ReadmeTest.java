package dev.cultivar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.predict.Classifier;
import dev.cultivar.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The README's Java program stands between the two marks below, word for word, and does what it says.
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
    void itStandsInTheReadme() throws IOException {
        String source = Files.readString(ROOT.resolve("train/src/test/java/dev/cultivar/ReadmeTest.java"));
        String program = source.substring(source.indexOf("// README begin\n") + 16, source.indexOf("        // README end"))
                .lines()
                .map(line -> line.isBlank() ? "" : line.substring(8))
                .collect(Collectors.joining("\n"));
        assertThat(Files.readString(ROOT.resolve("README.md"))).contains(program);
    }
}
