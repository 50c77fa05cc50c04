package dev.cultivar.run;

import dev.cultivar.image.Picture;
import dev.cultivar.image.PictureWriter;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Small pictures of bars and squares in noise, and recipes that tell them apart.
final class Drawings {
    static final int SIDE = 12;

    /// A convolutional network with blocks of 4 filters.
    static final String RECIPE = """
            seed: 3
            backbone: {kind: cnn, filters: [4, 6], kernel: 3, pool: 4}
            data:
              kind: images
              train: {folder: pictures}
              validation: {fraction: 0.2}
              height: 12
            objective: {kind: classification}
            optimizer: {kind: adamw, learning_rate: 5e-3}
            horizon: {steps: 10}
            batching: {rows: 8}
            evaluate: {every: {steps: 5}}
            checkpoint: {every: {steps: 3}}
            device: {kind: cpu, threads: 1, precision: float32}
            """;

    private Drawings() {}

    /// A bar that stands, or a square, at a random place of a noisy ground.
    static Picture drawn(boolean bar, long seed) {
        var random = new SplittableRandom(seed);
        byte[] pixels = new byte[SIDE * SIDE];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) random.nextInt(60);
        }
        int left = random.nextInt(2, 8);
        int top = random.nextInt(0, 4);
        for (int y = top; y < top + (bar ? 8 : 3); y++) {
            for (int x = left; x < left + (bar ? 1 : 3); x++) {
                pixels[y * SIDE + x] = (byte) (200 + random.nextInt(55));
            }
        }
        return new Picture(SIDE, SIDE, 1, pixels);
    }

    /// A folder for each of two classes.
    static Path folder(Path into, int each) throws IOException {
        for (String label : List.of("bar", "square")) {
            Files.createDirectories(into.resolve(label));
            for (int i = 0; i < each; i++) {
                PictureWriter.png(into.resolve(label).resolve("p%03d.png".formatted(i)), drawn(label.equals("bar"), 31L * i + label.length()));
            }
        }
        return into;
    }

    static Recipe recipe(Path folder, String... overrides) {
        List<String> all = new ArrayList<>(List.of("data.train={folder: " + folder + "}"));
        all.addAll(Arrays.asList(overrides));
        return RecipeReader.read(RECIPE, "drawings.yaml", all);
    }
}
