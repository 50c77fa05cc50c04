package dev.cultivar.text;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/// Finds the data that tests share and the project does not ship; a test that needs an absent file is skipped.
final class Shared {
    private Shared() {}

    static Path data(String relative) {
        var file = Path.of(System.getProperty("cultivar.root", "..")).resolve("../shared/data").resolve(relative);
        assumeTrue(Files.exists(file), "skipped: ../shared/data/" + relative + " is not here");
        return file;
    }
}
