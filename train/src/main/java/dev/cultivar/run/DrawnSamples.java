package dev.cultivar.run;

import dev.cultivar.batch.PictureShape;
import dev.cultivar.generate.PictureGenerator;
import dev.cultivar.image.Picture;
import java.util.List;
import java.util.stream.IntStream;

/// Pictures that a model drew.
///
/// @param shape  of each
/// @param values (N, C, H, W) in [0, 1], of 8 bits each as a file would have them
/// @param labels the class that each was asked for; none where the model knows no classes
record DrawnSamples(PictureShape shape, float[] values, List<String> labels) {

    /// The first pictures of seed 0, of each class in turn, as `generate` draws them.
    static DrawnSamples inTurn(PictureGenerator generator, int count) {
        List<String> known = generator.labels();
        List<String> labels = known.isEmpty() ? List.of() : IntStream.range(0, count).mapToObj(i -> known.get(i % known.size())).toList();
        float[] drawn = labels.isEmpty() ? generator.pictures(0, 0, count) : generator.pictures(0, 0, labels);
        return new DrawnSamples(generator.shape(), rounded(drawn), labels);
    }

    /// As 8 bits hold the values.
    static float[] rounded(float[] values) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = Math.round(255 * Math.clamp(values[i], 0f, 1f)) / 255f;
        }
        return rounded;
    }

    int count() {
        return values.length / shape.values();
    }

    Picture picture(int sample) {
        return Picture.of(values, sample * shape.values(), shape.channels(), shape.height(), shape.width());
    }

    /// The class that a sample was asked for; empty where there is none.
    String label(int sample) {
        return labels.isEmpty() ? "" : labels.get(sample);
    }
}
