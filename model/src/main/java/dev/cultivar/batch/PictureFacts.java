package dev.cultivar.batch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the pictures of a data set have in common: how large they are, and how a channel's values are made into what a model reads,
/// `(value - mean) / deviation` of values in [0, 1].
///
/// @param channels  1 where pictures are grey, 3 where they have colours; 0 where there are no pictures
/// @param height    rows
/// @param width     columns
/// @param mean      one a channel
/// @param deviation one a channel, above 0
public record PictureFacts(int channels, int height, int width, float[] mean, float[] deviation) {
    /// No pictures.
    public static final PictureFacts NONE = new PictureFacts(0, 0, 0, new float[0], new float[0]);

    public PictureFacts {
        mean = mean.clone();
        deviation = deviation.clone();
        if (mean.length != channels || deviation.length != channels) {
            throw new IllegalArgumentException(
                    channels + " channels need as many means and deviations, got " + mean.length + " and " + deviation.length);
        }
        for (int c = 0; c < channels; c++) {
            if (!Float.isFinite(mean[c]) || !Float.isFinite(deviation[c]) || !(deviation[c] > 0)) {
                throw new IllegalArgumentException("channel " + c + ": a deviation must be above 0, and it and the mean finite, got "
                        + mean[c] + " and " + deviation[c]);
            }
        }
    }

    /// Values that are read as they are.
    public static PictureFacts plain(PictureShape shape) {
        float[] ones = new float[shape.channels()];
        Arrays.fill(ones, 1);
        return new PictureFacts(shape.channels(), shape.height(), shape.width(), new float[shape.channels()], ones);
    }

    public boolean none() {
        return channels == 0;
    }

    public PictureShape shape() {
        return new PictureShape(channels, height, width);
    }

    /// Takes each channel's mean from its values and divides them by its deviation.
    ///
    /// @param values (B, C, H, W) in [0, 1]
    /// @return others, of the same shape
    public float[] normalized(float[] values) {
        int side = height * width;
        float[] normal = new float[values.length];
        for (int c = 0; c < channels; c++) {
            float scale = 1 / deviation[c];
            for (int from = c * side; from < values.length; from += channels * side) {
                for (int i = from; i < from + side; i++) {
                    normal[i] = (values[i] - mean[c]) * scale;
                }
            }
        }
        return normal;
    }

    /// What `config.json` says of it, in Cultivar's own part.
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>(shape().json());
        json.put("mean", list(mean));
        json.put("deviation", list(deviation));
        return json;
    }

    /// Reads [#json]; [#NONE] where there is nothing to read.
    public static PictureFacts of(@Nullable Object json) {
        if (!(json instanceof Map<?, ?> map)) {
            return NONE;
        }
        PictureShape shape = PictureShape.of(map);
        return new PictureFacts(shape.channels(), shape.height(), shape.width(), floats(map.get("mean")), floats(map.get("deviation")));
    }

    private static List<Double> list(float[] values) {
        List<Double> list = new ArrayList<>();
        for (float value : values) {
            list.add((double) value);
        }
        return list;
    }

    private static float[] floats(@Nullable Object json) {
        if (!(json instanceof List<?> list)) {
            return new float[0];
        }
        float[] values = new float[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = list.get(i) instanceof Number number ? number.floatValue() : Float.NaN;
        }
        return values;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PictureFacts facts
                && channels == facts.channels
                && height == facts.height
                && width == facts.width
                && Arrays.equals(mean, facts.mean)
                && Arrays.equals(deviation, facts.deviation);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(mean) + 31 * Arrays.hashCode(deviation) + 961 * (channels + 31 * (height + 31 * width));
    }
}
