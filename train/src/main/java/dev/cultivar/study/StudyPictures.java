package dev.cultivar.study;

import dev.cultivar.recipe.RecipeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The pictures that a study over label counts learns from: MNIST's files, or digits that are drawn. A fifth is held out by the recipes; which fifth is
/// a function of the recipe's seed, and the same in every recipe over these pictures.
///
/// @param idx a folder with MNIST's files; empty where digits are drawn
record StudyPictures(Optional<Path> idx) {
    /// As many drawn digits as MNIST's first 10,000.
    private static final String DRAWN = "data.train={glyphs: digits, rows: 10000, seed: 99}";

    boolean drawn() {
        return idx.isEmpty();
    }

    /// Overrides that name them; none where they are those that `digits-classify.yaml` has itself.
    List<String> few() {
        return idx.map(StudyPictures::files).map(List::of).orElse(List.of());
    }

    /// Overrides that name them, with many drawn ones where there are no files.
    List<String> many() {
        return List.of(idx.map(StudyPictures::files).orElse(DRAWN));
    }

    private static String files(Path folder) {
        return "data.train={idx: " + images(folder) + ", labels: " + labels(folder) + "}";
    }

    private static Path images(Path folder) {
        return folder.resolve("train-images-idx3-ubyte.gz");
    }

    private static Path labels(Path folder) {
        return folder.resolve("train-labels-idx1-ubyte.gz");
    }

    /// Refuses a folder without the files.
    void require() {
        if (idx.isPresent()) {
            for (Path file : List.of(images(idx.get()), labels(idx.get()))) {
                if (!Files.isRegularFile(file)) {
                    throw new RecipeException(file + " does not exist; --data wants a folder with MNIST's train-images-idx3-ubyte.gz and "
                            + "train-labels-idx1-ubyte.gz. Without --data the digits are drawn");
                }
            }
        }
    }
}
