package dev.cultivar.run;

import dev.cultivar.batch.PictureShape;
import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.generate.PictureGenerator;
import dev.cultivar.image.Picture;
import dev.cultivar.image.PictureWriter;
import dev.cultivar.nn.LatentPictures;
import dev.cultivar.nn.Model;
import dev.cultivar.report.Block;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What a model that makes pictures makes at each checkpoint, always from the same noise: a sheet of them in the run's folder, and in its report.
final class Samples {
    private static final int MOST_COLUMNS = 10;
    private static final int ROWS = 4;
    private static final int SHOWN = 6;

    private Samples() {}

    /// Writes the sheet of a checkpoint; nothing where the model makes no pictures.
    static void write(RunFiles run, Model model, long step) {
        if (!draws(model)) {
            return;
        }
        try (var generator = PictureGenerator.open(run.checkpoint(step))) {
            Files.createDirectories(run.samples());
            PictureWriter.png(run.samples().resolve(String.format(Locale.ROOT, "step-%06d.png", step)), sheet(generator));
        } catch (IOException failure) {
            throw new CheckpointException(run.samples() + ": cannot be written: " + failure.getMessage() + ". Is the disk full?", failure);
        }
    }

    /// Whether a model makes pictures.
    static boolean draws(Model model) {
        return model.networks().values().stream().anyMatch(LatentPictures.class::isInstance);
    }

    /// A column for each class, or ten where there are none.
    private static Picture sheet(PictureGenerator generator) {
        List<String> labels = generator.labels();
        int columns = labels.isEmpty() ? MOST_COLUMNS : Math.min(MOST_COLUMNS, labels.size());
        int count = columns * ROWS;
        float[] values = labels.isEmpty()
                ? generator.pictures(0, 0, count)
                : generator.pictures(0, 0, IntStream.range(0, count).mapToObj(i -> labels.get(i % columns)).toList());
        PictureShape shape = generator.shape();
        List<Picture> pictures = IntStream.range(0, count)
                .mapToObj(i -> Picture.of(values, i * shape.values(), shape.channels(), shape.height(), shape.width()))
                .toList();
        return PictureWriter.grid(pictures, columns, 2);
    }

    /// Some of a run's sheets, from the first to the last; none where there are none.
    static List<Block> blocks(RunFiles run) {
        if (!Files.isDirectory(run.samples())) {
            return List.of();
        }
        List<Block> blocks = new ArrayList<>();
        try (Stream<Path> files = Files.list(run.samples())) {
            List<Path> sheets = files.filter(file -> file.getFileName().toString().matches("step-\\d+\\.png")).sorted().toList();
            int shown = Math.min(SHOWN, sheets.size());
            for (int i = 0; i < shown; i++) {
                Path sheet = sheets.get(shown == 1 ? 0 : (int) Math.round((double) i * (sheets.size() - 1) / (shown - 1)));
                long step = Long.parseLong(sheet.getFileName().toString().replaceAll("\\D", ""));
                String title = String.format(Locale.ROOT, "Samples at step %,d", step);
                blocks.add(new Block.Image(title, Files.readAllBytes(sheet), "pictures that the model made", i == 0 ? "From the same noise at every step." : ""));
            }
        } catch (IOException failure) {
            throw new CheckpointException(run.samples() + ": cannot be read: " + failure.getMessage(), failure);
        }
        return blocks;
    }
}
