package dev.cultivar.nn;

import dev.cultivar.format.CheckpointException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// How large the images are that a model reads.
///
/// @param channels 1 for grey, 3 for colour
/// @param height   in pixels
/// @param width    in pixels
public record ImageShape(int channels, int height, int width) {
    /// The field of a batch with images, (B, channels, height, width), already normalised.
    public static final String PIXELS = "pixel_values";

    public ImageShape {
        if (channels < 1 || height < 1 || width < 1) {
            throw new IllegalArgumentException("num_channels and image_size must be at least 1, got " + channels + " and [" + height + ", " + width + "]");
        }
    }

    /// `num_channels`, and `image_size` as one number or as height and width.
    static ImageShape of(ConfigFile config, int otherwise) {
        List<Integer> sides = config.wholes("image_size", List.of(otherwise));
        if (sides.size() > 2) {
            throw new CheckpointException(config.place() + ": image_size must be one number, or height and width, got " + sides);
        }
        return new ImageShape(config.positive("num_channels", 3), sides.getFirst(), sides.getLast());
    }

    /// How many numbers an image is.
    int elements() {
        return Math.multiplyExact(channels, Math.multiplyExact(height, width));
    }

    List<Integer> sides() {
        return List.of(height, width);
    }

    /// The same keys that [#of] reads.
    void into(Map<String, Object> json) {
        json.put("image_size", sides());
        json.put("num_channels", channels);
    }

    /// The batch's images, (B, channels, height, width); of other sizes they are refused.
    ///
    /// @param type to compute in
    Tensor read(Inputs inputs, ScalarType type) {
        Tensor pixels = readOfAnySize(inputs, type);
        if (pixels.size(2) != height || pixels.size(3) != width) {
            throw wrong(pixels, "images of this size, image_size");
        }
        return pixels;
    }

    /// The batch's images, (B, channels, H, W). Here, where all images enter, is the place to choose another layout in memory.
    Tensor readOfAnySize(Inputs inputs, ScalarType type) {
        Tensor pixels = inputs.tensor(PIXELS);
        if (pixels.dim() != 4 || pixels.size(1) != channels) {
            throw wrong(pixels, "images of " + channels + " channels, num_channels");
        }
        return pixels.to(type);
    }

    /// The batch's images with all numbers of one behind each other: (B, ...) -> (B, channels height width)
    Tensor readFlat(Inputs inputs, ScalarType type) {
        Tensor pixels = inputs.tensor(PIXELS);
        if (pixels.dim() < 2 || pixels.numel() != pixels.size(0) * elements()) {
            throw wrong(pixels, "rows of " + elements() + " numbers");
        }
        return pixels.flatten(1, -1).to(type);
    }

    private IllegalArgumentException wrong(Tensor pixels, String expected) {
        return new IllegalArgumentException(PIXELS + " has the shape " + Arrays.toString(Weights.shape(pixels)) + ", and the model reads (B, " + channels
                + ", " + height + ", " + width + "): expected " + expected + " of its config.json. Resize the images, or change the model");
    }
}
