package dev.cultivar.cli;

import dev.cultivar.batch.PictureShape;
import dev.cultivar.generate.PictureGenerator;
import dev.cultivar.image.Picture;
import dev.cultivar.image.PictureWriter;
import dev.cultivar.recipe.RecipeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Draws pictures and writes them to a folder.
///
/// @param label of all of them; where there is none, the model's classes in turn
record DrawWork(String run, int count, Optional<String> label, long seed, Path out) implements Work {
    private static final int MOST = 1_000_000;
    private static final int TOGETHER = 256;
    private static final int SHEET = 400;

    @Override
    public Exit run(Console console) throws IOException {
        if (count < 1 || count > MOST) {
            throw new RecipeException("--count must be from 1 to " + MOST + ", got " + count);
        }
        try (var generator = PictureGenerator.open(Transfer.find(run, console).toString())) {
            List<String> labels = labels(generator);
            PictureShape shape = generator.shape();
            Files.createDirectories(out);
            List<Picture> sheet = new ArrayList<>();
            List<Object> written = new ArrayList<>();
            for (int from = 0; from < count; from += TOGETHER) {
                int some = Math.min(TOGETHER, count - from);
                float[] values = labels.isEmpty()
                        ? generator.pictures(seed, from, some)
                        : generator.pictures(seed, from, labels.subList(from, from + some));
                for (int i = 0; i < some; i++) {
                    Picture picture = Picture.of(values, i * shape.values(), shape.channels(), shape.height(), shape.width());
                    Path file = out.resolve("%06d%s.png".formatted(from + i, labels.isEmpty() ? "" : "-" + safe(labels.get(from + i))));
                    PictureWriter.png(file, picture);
                    written.add(labels.isEmpty() ? Map.of("file", file.toString()) : Map.of("file", file.toString(), "label", labels.get(from + i)));
                    if (sheet.size() < SHEET) {
                        sheet.add(picture);
                    }
                }
            }
            Path all = out.resolve("sheet.png");
            PictureWriter.png(all, PictureWriter.grid(sheet, (int) Math.ceil(Math.sqrt(sheet.size())), 2));
            console.document(Map.of("pictures", written, "sheet", all.toString()));
            console.line("%,d pictures in %s, the first %,d of them side by side in %s".formatted(count, out, sheet.size(), all));
            return Exit.DONE;
        }
    }

    private List<String> labels(PictureGenerator generator) {
        List<String> known = generator.labels();
        if (known.isEmpty()) {
            if (label.isPresent()) {
                throw new RecipeException(run + ": makes pictures without a class; leave --label out, or train with conditional: true");
            }
            return List.of();
        }
        if (label.isPresent() && !known.contains(label.get())) {
            throw new RecipeException("--label " + label.get() + ": the model knows no such class; it makes pictures of " + String.join(", ", known));
        }
        return IntStream.range(0, count).mapToObj(i -> label.orElseGet(() -> known.get(i % known.size()))).toList();
    }

    /// A class's name as a part of a file's.
    private static String safe(String name) {
        return name.replaceAll("[^A-Za-z0-9._-]", "_");
    }
}
