package dev.cultivar.recipe;

import java.util.List;

/// Reads backbones that look at pictures.
final class VisionReader {
    private static final Range SIZE = Range.closedCount(1, 65_536);

    private VisionReader() {}

    static List<Kind<BackboneRecipe>> kinds() {
        return List.of(
                new Kind<>("mlp", keys -> new BackboneRecipe.Mlp(
                        sizes(keys, "hidden", List.of(), 0),
                        keys.choice("activation", BackboneRecipe.Bend.RELU, BackboneRecipe.Bend.values()),
                        keys.number("dropout", 0, Range.below(0, 1)))),
                new Kind<>("cnn", keys -> new BackboneRecipe.Cnn(
                        sizes(keys, "filters", List.of(32, 32, 32), 0),
                        odd(keys),
                        keys.count("pool", 4, Range.closedCount(1, 64)),
                        keys.choice("pools", BackboneRecipe.Pools.LAST, BackboneRecipe.Pools.values()))),
                new Kind<>("lenet", _ -> new BackboneRecipe.LeNet()),
                new Kind<>("resnet", keys -> new BackboneRecipe.ResNet(
                        keys.have("depth", "one of 18, 34, 50", "", 18, "18", node -> Integer.parseInt(node.word(List.of("18", "34", "50")))),
                        keys.count("width", 64, Range.closedCount(1, 4096)),
                        keys.choice("stem", BackboneRecipe.Stem.IMAGENET, BackboneRecipe.Stem.values()))),
                new Kind<>("vgg", keys -> new BackboneRecipe.Vgg(
                        sizes(keys, "channels", List.of(64, 128, 256, 512, 512), 5),
                        keys.count("hidden", 4096, SIZE),
                        keys.number("dropout", 0.5, Range.below(0, 1)))),
                new Kind<>("vit", VisionReader::vit),
                new Kind<>("conv_encoder", keys -> new BackboneRecipe.ConvEncoder(sizes(keys, "channels", List.of(16, 32), 0))));
    }

    private static BackboneRecipe vit(Keys keys) {
        BackboneReader.Size size = BackboneReader.Size.of(keys);
        return new BackboneRecipe.Vit(
                keys.count("layers", Range.closedCount(1, 1000)),
                size.width(),
                size.heads(),
                keys.count("feed_forward", 4 * size.width(), "4 * width", Range.closedCount(1, 1 << 20)),
                keys.count("patch", Range.closedCount(1, 1024)),
                keys.number("dropout", 0, Range.below(0, 1)),
                keys.number("attention_dropout", 0, Range.below(0, 1)),
                keys.number("initializer_range", 0.02, Range.aboveTo(0, 1)));
    }

    private static int odd(Keys keys) {
        int before = keys.node().reading().mistakes();
        int kernel = keys.count("kernel", 5, Range.closedCount(1, 31));
        if (keys.node().reading().mistakes() == before && kernel % 2 == 0) {
            keys.at("kernel").fail("must be odd, so that a filter has a middle, got " + kernel);
        }
        return kernel;
    }

    /// @param otherwise where the key is absent; none where it must be there
    /// @param many      how many there must be; 0 for any number from 1
    private static List<Integer> sizes(Keys keys, String key, List<Integer> otherwise, int many) {
        String bounds = many > 0 ? many + " of them" : "at least one";
        java.util.function.Function<Node, List<Integer>> read = node -> {
            int before = node.reading().mistakes();
            List<Integer> sizes = node.items().stream().map(item -> (int) item.whole(SIZE)).toList();
            boolean wrong = many > 0 ? sizes.size() != many : sizes.isEmpty();
            if (node.reading().mistakes() == before && !node.reading().isSurvey() && wrong) {
                node.fail("must be a list of sizes, " + bounds + ", got " + sizes.size());
            }
            return sizes.isEmpty() ? List.of(1) : sizes;
        };
        return otherwise.isEmpty()
                ? keys.need(key, "list of whole numbers", bounds, "", read)
                : keys.have(key, "list of whole numbers", bounds, otherwise, String.valueOf(otherwise), read);
    }
}
