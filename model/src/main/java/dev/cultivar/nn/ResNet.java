package dev.cultivar.nn;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// ResNet (He et al., 2016, "Deep residual learning for image recognition"): convolutions whose output is added to their input; names and
/// numbers are Hugging Face's.
///
/// Inputs: `pixel_values` (B, c, H, W) of any size. Depth 0 is the stem, each residual layer is a depth. Batch norm of a frozen layer runs on its
/// running statistics, which are buffers.
final class ResNet implements FeatureMaps {
    static final String OUTPUT = "classifier.1";
    private static final String PREFIX = "resnet.";
    private static final String STEM = PREFIX + "embedder.embedder";
    private static final String STAGES = PREFIX + "encoder.stages.";
    private static final Pattern LAYER = Pattern.compile("resnet\\.encoder\\.stages\\.(\\d{1,6})\\.layers\\.(\\d{1,6})\\.");

    private final Weights weights;
    private final ResNetConfig config;

    /// Declares the parameters.
    ResNet(Weights weights, ResNetConfig config) {
        this.weights = weights;
        this.config = config;
        declare(STEM, config.stemConvolution());
        for (int depth = 1; depth <= layers(); depth++) {
            ResNetConfig.Place place = config.place(depth);
            ResNetConfig.Convolved shortcut = config.shortcut(place);
            if (ResNetConfig.changes(shortcut)) {
                declare(shortcutName(place), shortcut);
            }
            List<ResNetConfig.Convolved> convolutions = config.convolutions(place);
            for (int i = 0; i < convolutions.size(); i++) {
                declare(name(place, i), convolutions.get(i));
            }
        }
    }

    /// As the paper's authors draw them: He et al., 2015, equation 14.
    private void declare(String name, ResNetConfig.Convolved of) {
        double deviation = Math.sqrt(2.0 / ((double) of.out() * of.kernel() * of.kernel()));
        weights.parameter(name + ".convolution.weight", new Initial.Normal(deviation), of.out(), of.in(), of.kernel(), of.kernel());
        BatchNorm.declare(weights, name + ".normalization", of.out());
    }

    private static String name(ResNetConfig.Place place) {
        return STAGES + place.stage() + ".layers." + place.number() + ".";
    }

    private static String name(ResNetConfig.Place place, int convolution) {
        return name(place) + "layer." + convolution;
    }

    private static String shortcutName(ResNetConfig.Place place) {
        return name(place) + "shortcut";
    }

    @Override
    public Hidden forward(Inputs inputs, Mode mode) {
        return Cuts.forward(inputs, layers(), () -> stem(inputs, mode), mode, (depth, x) -> layer(depth, x, mode));
    }

    /// (B, c, H, W) -> (B, C, H/4, W/4), or as large as it was
    private Tensor stem(Inputs inputs, Mode mode) {
        Tensor pixels = config.image().readOfAnySize(inputs, weights.get(STEM + ".convolution.weight").scalar_type());
        Tensor map = active(normed(STEM, config.stemConvolution(), pixels, mode.training(0)));
        return switch (config.stem()) {
            case IMAGENET -> Convolution.maxPool(map, 3, 2, 1, false);
            case SMALL -> map;
        };
    }

    /// (B, C, H, W) -> (B, C', H', W'): what the convolutions make of the input is added to it.
    private Tensor layer(int depth, Tensor x, Mode mode) {
        boolean training = mode.training(depth);
        ResNetConfig.Place place = config.place(depth);
        ResNetConfig.Convolved shortcut = config.shortcut(place);
        Tensor beside = ResNetConfig.changes(shortcut) ? normed(shortcutName(place), shortcut, x, training) : x;
        List<ResNetConfig.Convolved> convolutions = config.convolutions(place);
        Tensor map = x;
        for (int i = 0; i < convolutions.size(); i++) {
            map = normed(name(place, i), convolutions.get(i), i == 0 ? map : torch.relu(map), training); // within a layer transformers knows ReLU alone
        }
        return active(map.add(beside));
    }

    private Tensor normed(String name, ResNetConfig.Convolved of, Tensor x, boolean training) {
        Tensor map = Convolution.apply(weights, name + ".convolution", x, of.stride(), of.kernel() / 2);
        return BatchNorm.apply(weights, name + ".normalization", map, training);
    }

    private Tensor active(Tensor x) {
        return Layers.activation(config.activation(), x);
    }

    /// (B, C, H, W) -> (B, C): the mean over the map.
    @Override
    public Tensor pooled(Hidden hidden, Inputs inputs, Mode mode) {
        return torch.adaptive_avg_pool2d(hidden.states(), 1, 1).flatten(1, 3);
    }

    @Override
    public Optional<String> indivisible(int frozenBelow) {
        return frozenBelow > layers() ? Optional.empty() : Optional.of("batch normalisation computes with the statistics of all rows");
    }

    /// Batch norm changes its buffers where it trains; steps are not split there ([#indivisible]), so that no two passes meet.
    @Override
    public boolean concurrent() {
        return true;
    }

    /// A smaller stem has transformers' names but not its shapes: no class of transformers opens it.
    @Override
    public Architecture architecture(Set<String> networks) {
        if (config.stem() == ResNetConfig.Stem.SMALL) {
            return FeatureMaps.super.architecture(networks);
        }
        return networks.equals(Set.of(OUTPUT))
                ? new Architecture("ResNetForImageClassification", PREFIX, networks)
                : new Architecture("ResNetModel", PREFIX, Set.of());
    }

    @Override
    public ImageShape image() {
        return config.image();
    }

    @Override
    public String output() {
        return OUTPUT;
    }

    @Override
    public int width() {
        return config.widths().getLast();
    }

    @Override
    public int layers() {
        return config.layers();
    }

    @Override
    public int depth(String parameter) {
        Matcher layer = LAYER.matcher(parameter);
        if (!layer.lookingAt()) {
            return parameter.startsWith(PREFIX) ? 0 : -1;
        }
        int below = config.depths().stream().limit(Integer.parseInt(layer.group(1))).mapToInt(each -> each).sum();
        return Math.min(below + Integer.parseInt(layer.group(2)) + 1, layers()); // a file's layer that nobody asks for is no head either
    }

    @Override
    public Map<String, Object> config() {
        return config.json();
    }

    @Override
    public double forwardFlops(int length) {
        return config.forwardFlops();
    }
}
