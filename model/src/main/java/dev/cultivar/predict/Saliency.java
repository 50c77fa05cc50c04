package dev.cultivar.predict;

import dev.cultivar.batch.PictureFacts;
import dev.cultivar.nn.Attribution;
import dev.cultivar.nn.FeatureMaps;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.RowClassifier;
import dev.cultivar.torch.Tensors;
import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/// Where in a picture lies what speaks for a class: a number from 0 for each place of a map that covers the picture. Only numbers of one map can be
/// compared.
///
/// @param label  the class
/// @param method how the numbers were found
/// @param height rows of the map
/// @param width  columns of the map
/// @param values row after row, not scaled
public record Saliency(String label, Method method, int height, int width, float[] values) {

    /// How a map is found.
    public enum Method {
        /// The last maps of a network with convolutions, weighted by the gradient (Selvaraju et al., 2017, equations 1 and 2). The map is coarse: it
        /// has as many places as they have, and each stands for the part of the picture that lies over it.
        GRAD_CAM,
        /// How much the class's score changes with each pixel, in a unit of its value from 0 to 1 (Simonyan et al., 2014, section 3).
        INPUT_GRADIENT
    }

    public Saliency {
        if (height < 1 || width < 1 || values.length != (long) height * width) {
            throw new IllegalArgumentException("a map of " + height + " x " + width + " has as many values, got " + values.length);
        }
        values = values.clone();
    }

    /// Of one picture, inside an open scope.
    static Saliency of(String label, RowClassifier network, Inputs inputs, int number, PictureFacts facts) {
        Optional<FeatureMaps> maps = network.model().backbone().featureMaps();
        Tensor map = maps.map(of -> Attribution.gradCam(network, of, inputs, number))
                .orElseGet(() -> Attribution.inputGradient(network, inputs, number, units(facts))); // (1, h, w)
        return new Saliency(
                label,
                maps.isPresent() ? Method.GRAD_CAM : Method.INPUT_GRADIENT,
                Math.toIntExact(map.size(1)),
                Math.toIntExact(map.size(2)),
                Tensors.floats(map));
    }

    private static Tensor units(PictureFacts facts) {
        float[] units = facts.deviation().clone();
        for (int c = 0; c < units.length; c++) {
            units[c] = 1 / units[c];
        }
        return Tensors.ofFloats(units, units.length);
    }

    /// The number at a place of the map.
    public float at(int row, int column) {
        return values[row * width + column];
    }

    /// The highest number; 0 where nothing speaks for the class.
    public float highest() {
        float highest = 0;
        for (float value : values) {
            highest = Math.max(highest, value);
        }
        return highest;
    }

    /// The map at another size and divided by its highest number, so that it runs from 0 to 1: linear between the middles of places, and beyond the
    /// outermost of them as they are.
    ///
    /// @return row after row
    public float[] over(int height, int width) {
        float[] fitted = new float[Math.multiplyExact(height, width)];
        float highest = highest();
        if (highest == 0) {
            return fitted;
        }
        for (int y = 0; y < height; y++) {
            double row = Math.clamp((y + 0.5) * this.height / height - 0.5, 0, this.height - 1.0);
            for (int x = 0; x < width; x++) {
                double column = Math.clamp((x + 0.5) * this.width / width - 0.5, 0, this.width - 1.0);
                fitted[y * width + x] = (float) (between(row, column) / highest);
            }
        }
        return fitted;
    }

    private double between(double row, double column) {
        int top = (int) row;
        int left = (int) column;
        int below = Math.min(top + 1, height - 1);
        int right = Math.min(left + 1, width - 1);
        double down = row - top;
        double across = column - left;
        return (1 - down) * ((1 - across) * at(top, left) + across * at(top, right)) + down * ((1 - across) * at(below, left) + across * at(below, right));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Saliency map
                && label.equals(map.label)
                && method == map.method
                && height == map.height
                && width == map.width
                && Arrays.equals(values, map.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values) + 31 * label.hashCode();
    }
}
