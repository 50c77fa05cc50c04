package dev.cultivar.batch;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How large a picture is: its channels (1 where it is grey, 3 where it has colours), its rows and its columns.
public record PictureShape(int channels, int height, int width) {
    private static final int MOST = 1 << 16;
    private static final long MOST_VALUES = 1 << 28;

    public PictureShape {
        if (channels < 1 || height < 1 || width < 1 || channels > MOST || height > MOST || width > MOST
                || (long) channels * height * width > MOST_VALUES) {
            throw new IllegalArgumentException("a picture has at least one channel, row and column, each at most " + MOST + ", and at most "
                    + MOST_VALUES + " values, got " + channels + " x " + height + " x " + width);
        }
    }

    /// How many numbers a picture is.
    public int values() {
        return channels * height * width;
    }

    /// What a configuration says of it.
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("channels", channels);
        json.put("height", height);
        json.put("width", width);
        return json;
    }

    /// Reads [#json].
    public static PictureShape of(Map<?, ?> json) {
        return new PictureShape(size(json.get("channels")), size(json.get("height")), size(json.get("width")));
    }

    private static int size(@Nullable Object value) {
        return value instanceof Number number && number.doubleValue() == number.intValue() ? number.intValue() : 0;
    }

    @Override
    public String toString() {
        return channels + " x " + height + " x " + width;
    }
}
