package dev.cultivar.nn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The numbers of a VGG16, as its `config.json` has them.
///
/// @param image    that it was made for; others of 32 pixels or more go through too
/// @param channels of the five stages
/// @param hidden   width of the two dense layers
/// @param dropout  share that is dropped of what the second dense layer and the head read
public record VggConfig(ImageShape image, List<Integer> channels, int hidden, double dropout) {
    /// Convolutions of each stage: configuration D of the paper.
    private static final List<Integer> CONVOLUTIONS = List.of(2, 2, 3, 3, 3);
    /// Five pools halve a side.
    static final int LEAST = 32;
    /// A side of the map that the dense layers read, whatever the image's size.
    static final int SIDE = 7;

    public VggConfig {
        channels = List.copyOf(channels);
        if (channels.size() != CONVOLUTIONS.size()) {
            throw new IllegalArgumentException("channels must name those of VGG16's " + CONVOLUTIONS.size() + " stages, got " + channels);
        }
        if (Math.min(image.height(), image.width()) < LEAST) {
            throw new IllegalArgumentException("image_size " + image.sides() + " is too small for VGG16's five pools; expected " + LEAST + " or more");
        }
        if (hidden < 1) {
            throw new IllegalArgumentException("hidden_size must be at least 1, got " + hidden);
        }
    }

    /// Reads Cultivar's own keys; left out are those of the published network.
    public static VggConfig of(ConfigFile config) {
        return new VggConfig(
                ImageShape.of(config, 224),
                config.wholes("channels", List.of(64, 128, 256, 512, 512)),
                config.positive("hidden_size", 4096),
                config.share("dropout", 0.5));
    }

    /// The keys that [#of] reads.
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("channels", channels);
        json.put("dropout", dropout);
        json.put("hidden_size", hidden);
        image.into(json);
        json.put("model_type", "vgg");
        return json;
    }

    /// A convolution of 3 x 3 in PyTorch's Sequential, in which ReLU and pools have a number too.
    ///
    /// @param pools whether a pool stands behind it
    record Convolved(String name, int in, int out, boolean pools) {}

    /// The 13 convolutions.
    List<Convolved> convolutions() {
        List<Convolved> all = new ArrayList<>();
        int in = image.channels();
        int number = 0;
        for (int stage = 0; stage < channels.size(); stage++) {
            for (int i = 1; i <= CONVOLUTIONS.get(stage); i++) {
                boolean pools = i == CONVOLUTIONS.get(stage);
                all.add(new Convolved("features." + number, in, channels.get(stage), pools));
                in = channels.get(stage);
                number += pools ? 3 : 2;
            }
        }
        return all;
    }

    /// The two dense layers below the head.
    List<LinearLayer> dense() {
        return List.of(
                new LinearLayer("classifier.0", (long) channels.getLast() * SIDE * SIDE, hidden, false),
                new LinearLayer("classifier.3", hidden, hidden, false));
    }

    /// Floating point operations for one image, the head left out.
    double forwardFlops() {
        int height = image.height();
        int width = image.width();
        double flops = 0;
        for (Convolved each : convolutions()) {
            flops += Convolution.flops(each.in(), each.out(), 3, height, width);
            height = each.pools() ? height / 2 : height;
            width = each.pools() ? width / 2 : width;
        }
        return flops + dense().stream().mapToDouble(each -> 2.0 * each.in() * each.out()).sum();
    }
}
