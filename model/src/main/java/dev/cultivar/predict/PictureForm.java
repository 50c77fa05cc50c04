package dev.cultivar.predict;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.PictureFacts;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.image.Fit;
import dev.cultivar.image.Picture;
import dev.cultivar.nn.ModelFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How a picture becomes what a model reads: its size, its channels, and how its values are normalised, as the model's folder says.
///
/// @param facts size and normalisation
/// @param fit   what becomes of pictures of another shape
record PictureForm(PictureFacts facts, Fit fit) {
    /// Where Cultivar says it in `config.json`.
    private static final String KEY = "pictures";
    /// Where transformers' image processors say it.
    private static final String PROCESSOR = "preprocessor_config.json";

    /// Whether a folder holds a model that looks at pictures.
    static boolean isOf(ModelFolder folder) {
        return folder.extra().containsKey(KEY) || folder.config().values().containsKey("num_channels") && folder.config().values().containsKey("image_size")
                || Files.exists(folder.folder().resolve(PROCESSOR));
    }

    /// As Cultivar's own part says; else as transformers' file does, and where that is absent from 0 to 1 as they are.
    static PictureForm of(ModelFolder folder) {
        try {
            if (folder.extra().get(KEY) instanceof Map<?, ?> own) {
                return new PictureForm(PictureFacts.of(own), fit(String.valueOf(own.get("fit"))));
            }
            return processor(folder);
        } catch (IllegalArgumentException wrong) {
            throw new CheckpointException(folder.config().place() + ": cultivar." + KEY + ": " + wrong.getMessage(), wrong);
        }
    }

    private static Fit fit(String word) {
        return switch (word) {
            case "stretch" -> Fit.STRETCH;
            case "pad" -> Fit.PAD;
            case "crop", "null" -> Fit.CROP;
            default -> throw new IllegalArgumentException("fit must be crop, stretch or pad, got " + word);
        };
    }

    private static PictureForm processor(ModelFolder folder) {
        Path file = folder.folder().resolve(PROCESSOR);
        Map<String, ?> said = Files.exists(file) ? JsonFiles.read(file) : Map.of();
        int channels = folder.config().whole("num_channels", 3);
        int[] size = size(said.get("size")).or(() -> size(folder.config().values().get("image_size"))).orElseThrow(() -> new CheckpointException(
                folder.folder() + ": neither " + PROCESSOR + " nor config.json says how large the model's pictures are"));
        boolean normalized = !Boolean.FALSE.equals(said.get("do_normalize")) && said.get("image_mean") instanceof List<?>;
        float[] mean = normalized ? floats(said.get("image_mean"), channels, file) : new float[channels];
        float[] ones = new float[channels];
        java.util.Arrays.fill(ones, 1);
        float[] deviation = normalized ? floats(said.get("image_std"), channels, file) : ones;
        return new PictureForm(new PictureFacts(channels, size[0], size[1], mean, deviation), Fit.STRETCH); // as ViTImageProcessor resizes
    }

    private static Optional<int[]> size(@org.jspecify.annotations.Nullable Object said) {
        return switch (said) {
            case Number side -> Optional.of(new int[] {side.intValue(), side.intValue()});
            case Map<?, ?> sides when sides.get("height") instanceof Number height && sides.get("width") instanceof Number width ->
                Optional.of(new int[] {height.intValue(), width.intValue()});
            case List<?> sides when sides.size() == 2 && sides.getFirst() instanceof Number height && sides.getLast() instanceof Number width ->
                Optional.of(new int[] {height.intValue(), width.intValue()});
            case null, default -> Optional.empty();
        };
    }

    private static float[] floats(@org.jspecify.annotations.Nullable Object said, int channels, Path file) {
        if (!(said instanceof List<?> list) || list.size() != channels || !list.stream().allMatch(Number.class::isInstance)) {
            throw new CheckpointException(file + ": image_mean and image_std must be lists of " + channels + " numbers, got " + said);
        }
        float[] floats = new float[channels];
        for (int c = 0; c < channels; c++) {
            floats[c] = ((Number) list.get(c)).floatValue();
        }
        return floats;
    }

    /// A picture in the model's size and channels.
    Picture formed(Picture picture) {
        return picture.withChannels(facts.channels()).fitted(facts.height(), facts.width(), fit);
    }

    /// A batch of one picture: `pixel_values` (1, C, H, W).
    Batch batch(Picture picture) {
        float[] values = new float[facts.shape().values()];
        Picture.values(formed(picture).pixels(), facts.channels(), values, 0);
        return Batch.of(0).floats("pixel_values", facts.normalized(values), 1, facts.channels(), facts.height(), facts.width()).build();
    }
}
