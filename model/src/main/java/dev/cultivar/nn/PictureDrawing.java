package dev.cultivar.nn;

import dev.cultivar.batch.PictureShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What kind of network draws pictures from vectors, and how large it is.
public sealed interface PictureDrawing {

    /// Declares the network's parameters, whose names begin with `name` and a dot.
    ///
    /// @param code numbers of a vector
    PictureDecoder declare(Weights weights, String name, int code, PictureShape shape);

    /// What `config.json` says of it, in Cultivar's own part.
    Map<String, Object> json();

    /// Linear layers, which know nothing of neighbours.
    ///
    /// @param hidden sizes between the vector and the picture
    /// @param leak   what becomes of values below 0 between layers: this share of them stays, 0 for ReLU
    record Dense(List<Integer> hidden, double leak) implements PictureDrawing {
        public Dense {
            hidden = List.copyOf(hidden);
        }

        @Override
        public PictureDecoder declare(Weights weights, String name, int code, PictureShape shape) {
            return new DensePictures(weights, name, code, this, shape);
        }

        @Override
        public Map<String, Object> json() {
            return map("mlp", "hidden", hidden, "leak", leak);
        }
    }

    /// A linear layer to a map of a quarter of the picture's size, and two transposed convolutions that double it.
    record Growing() implements PictureDrawing {
        @Override
        public PictureDecoder declare(Weights weights, String name, int code, PictureShape shape) {
            return new GrowingPictures(weights, name, code, shape);
        }

        @Override
        public Map<String, Object> json() {
            return map("growing");
        }
    }

    /// DCGAN's generator (Radford et al., 2016): transposed convolutions from one point, each with batch norm and ReLU but the last.
    ///
    /// @param channels of the maps, from the smallest map to the largest; the picture's own come after them
    record Dcgan(List<Integer> channels) implements PictureDrawing {
        public Dcgan {
            channels = List.copyOf(channels);
        }

        @Override
        public PictureDecoder declare(Weights weights, String name, int code, PictureShape shape) {
            return new DcganPictures(weights, name, code, channels, shape);
        }

        @Override
        public Map<String, Object> json() {
            return map("dcgan", "channels", channels);
        }
    }

    private static Map<String, Object> map(String kind, Object... entries) {
        Map<String, Object> map = new LinkedHashMap<>(Map.of("kind", kind));
        for (int i = 0; i < entries.length; i += 2) {
            map.put(String.valueOf(entries[i]), entries[i + 1]);
        }
        return map;
    }

    /// Reads [#json].
    static PictureDrawing of(@Nullable Object json) {
        if (json instanceof Map<?, ?> map) {
            switch (String.valueOf(map.get("kind"))) {
                case "mlp" -> {
                    return new Dense(sizes(map.get("hidden")), map.get("leak") instanceof Number leak ? leak.doubleValue() : 0);
                }
                case "growing" -> {
                    return new Growing();
                }
                case "dcgan" -> {
                    return new Dcgan(sizes(map.get("channels")));
                }
                default -> {}
            }
        }
        throw new IllegalArgumentException("what draws the pictures must be of kind mlp, growing or dcgan, got " + json);
    }

    private static List<Integer> sizes(@Nullable Object json) {
        List<Integer> sizes = new ArrayList<>();
        if (json instanceof List<?> list) {
            for (Object size : list) {
                if (!(size instanceof Number number) || number.intValue() < 1) {
                    throw new IllegalArgumentException("the sizes of layers are whole numbers above 0, got " + list);
                }
                sizes.add(number.intValue());
            }
        }
        return sizes;
    }
}
