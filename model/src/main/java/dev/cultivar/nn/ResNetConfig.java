package dev.cultivar.nn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The numbers of a ResNet, as its `config.json` has them: Hugging Face's keys, and `image_size` and `stem`, which are Cultivar's.
///
/// @param image                  that it was made for; others go through too
/// @param embedding              channels of the stem
/// @param widths                 channels of the stages
/// @param depths                 how many layers the stages have
/// @param layer                  of which kind the layers are
/// @param activation             after the stem and each layer; within a layer it is ReLU, as with transformers
/// @param downsampleInFirstStage whether the first stage halves the map too, as all others do
/// @param downsampleInBottleneck whether a bottleneck's first convolution halves the map, and not its second
/// @param stem                   what comes before the stages
public record ResNetConfig(
        ImageShape image,
        int embedding,
        List<Integer> widths,
        List<Integer> depths,
        Layer layer,
        String activation,
        boolean downsampleInFirstStage,
        boolean downsampleInBottleneck,
        Stem stem) {
    /// A bottleneck's channels between its outer convolutions are a fourth.
    static final int REDUCTION = 4;

    /// A residual layer (He et al., 2016, figure 5).
    public enum Layer {
        /// Two convolutions of 3 x 3, as in ResNet-18 and 34.
        BASIC,
        /// 1 x 1, 3 x 3, 1 x 1, as in ResNet-50.
        BOTTLENECK;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// What comes before the stages.
    public enum Stem {
        /// A convolution of 7 x 7 and a pool, each of which halves the map: for images of some hundred pixels, and all that transformers knows.
        IMAGENET,
        /// A convolution of 3 x 3 that keeps the map's size: for images of some 32 pixels (He et al., 2016, section 4.2).
        SMALL;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    public ResNetConfig {
        widths = List.copyOf(widths);
        depths = List.copyOf(depths);
        if (widths.isEmpty() || widths.size() != depths.size()) {
            throw new IllegalArgumentException("hidden_sizes and depths must have one number for each stage, got " + widths + " and " + depths);
        }
        if (layer == Layer.BOTTLENECK && widths.stream().anyMatch(width -> width < REDUCTION)) {
            throw new IllegalArgumentException("hidden_sizes of a bottleneck must be at least " + REDUCTION + ", got " + widths);
        }
        if (depths.stream().mapToLong(Integer::longValue).sum() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("depths must be fewer layers than " + Integer.MAX_VALUE + " together, got " + depths);
        }
    }

    /// Reads Hugging Face's keys and Cultivar's.
    public static ResNetConfig of(ConfigFile config) {
        config.oneOf("layer_type", List.of(Layer.BASIC.word(), Layer.BOTTLENECK.word()));
        config.oneOf("hidden_act", Layers.ACTIVATIONS);
        config.oneOf("stem", List.of(Stem.IMAGENET.word(), Stem.SMALL.word()));
        return new ResNetConfig(
                ImageShape.of(config, 224),
                config.positive("embedding_size", 64),
                config.wholes("hidden_sizes", List.of(256, 512, 1024, 2048)),
                config.wholes("depths", List.of(3, 4, 6, 3)),
                config.text("layer_type", "bottleneck").equals("basic") ? Layer.BASIC : Layer.BOTTLENECK,
                config.text("hidden_act", "relu"),
                config.flag("downsample_in_first_stage", false),
                config.flag("downsample_in_bottleneck", false),
                config.text("stem", "imagenet").equals("small") ? Stem.SMALL : Stem.IMAGENET);
    }

    /// The keys that [#of] reads; transformers passes over Cultivar's.
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("depths", depths);
        json.put("downsample_in_bottleneck", downsampleInBottleneck);
        json.put("downsample_in_first_stage", downsampleInFirstStage);
        json.put("embedding_size", embedding);
        json.put("hidden_act", activation);
        json.put("hidden_sizes", widths);
        image.into(json);
        json.put("layer_type", layer.word());
        json.put("model_type", "resnet");
        if (stem != Stem.IMAGENET) {
            json.put("stem", stem.word());
        }
        return json;
    }

    /// How many layers all stages have.
    int layers() {
        return depths.stream().mapToInt(each -> each).sum();
    }

    /// A convolution within a layer.
    record Convolved(int in, int out, int kernel, int stride) {}

    /// A layer by its place.
    ///
    /// @param stage from 0
    /// @param number within the stage, from 0
    record Place(int stage, int number) {}

    /// @param depth of the layer, from 1
    Place place(int depth) {
        int number = depth - 1;
        int stage = 0;
        while (number >= depths.get(stage)) {
            number -= depths.get(stage++);
        }
        return new Place(stage, number);
    }

    /// What brings a layer's input to the size of its output; it is there where they differ.
    Convolved shortcut(Place place) {
        int out = widths.get(place.stage());
        if (place.number() > 0) {
            return new Convolved(out, out, 1, 1);
        }
        int in = place.stage() == 0 ? embedding : widths.get(place.stage() - 1);
        return new Convolved(in, out, 1, place.stage() == 0 && !downsampleInFirstStage ? 1 : 2);
    }

    static boolean changes(Convolved shortcut) {
        return shortcut.in() != shortcut.out() || shortcut.stride() != 1;
    }

    /// A layer's convolutions, in their order.
    List<Convolved> convolutions(Place place) {
        Convolved whole = shortcut(place);
        int in = whole.in();
        int out = whole.out();
        int stride = whole.stride();
        return switch (layer) {
            case BASIC -> List.of(new Convolved(in, out, 3, stride), new Convolved(out, out, 3, 1));
            case BOTTLENECK -> {
                int inner = out / REDUCTION;
                yield List.of(
                        new Convolved(in, inner, 1, downsampleInBottleneck ? stride : 1),
                        new Convolved(inner, inner, 3, downsampleInBottleneck ? 1 : stride),
                        new Convolved(inner, out, 1, 1));
            }
        };
    }

    /// The stem's convolution.
    Convolved stemConvolution() {
        return switch (stem) {
            case IMAGENET -> new Convolved(image.channels(), embedding, 7, 2);
            case SMALL -> new Convolved(image.channels(), embedding, 3, 1);
        };
    }

    /// Floating point operations for one image, the head left out.
    double forwardFlops() {
        Convolved first = stemConvolution();
        int height = strided(image.height(), first.stride());
        int width = strided(image.width(), first.stride());
        double flops = Convolution.flops(first.in(), first.out(), first.kernel(), height, width);
        int pool = stem == Stem.IMAGENET ? 2 : 1;
        height = strided(height, pool);
        width = strided(width, pool);
        for (int depth = 1; depth <= layers(); depth++) {
            for (Convolved each : convolutions(place(depth))) {
                height = strided(height, each.stride());
                width = strided(width, each.stride());
                flops += Convolution.flops(each.in(), each.out(), each.kernel(), height, width);
            }
            Convolved shortcut = shortcut(place(depth));
            flops += changes(shortcut) ? Convolution.flops(shortcut.in(), shortcut.out(), 1, height, width) : 0;
        }
        return flops;
    }

    /// A map's side behind a convolution of an odd kernel that is padded by half of it.
    private static int strided(int side, int stride) {
        return Math.ceilDiv(side, stride);
    }
}
