package dev.cultivar.recipe;

import java.util.List;

/// Reads `strategy`, and the intervals of training that several keys have.
final class StrategyReader {
    private StrategyReader() {}

    static StrategyRecipe strategy(Node node) {
        return node.oneOf("full", List.of(
                new Kind<>("full", keys -> new StrategyRecipe.Full(layerDecay(keys))),
                new Kind<>("feature_extraction", _ -> new StrategyRecipe.FeatureExtraction()),
                new Kind<>("partial", keys -> new StrategyRecipe.Partial(
                        keys.count("trained", Range.countFrom(1)), keys.flag("embeddings", false), layerDecay(keys))),
                new Kind<>("gradual", keys -> new StrategyRecipe.Gradual(
                        keys.have("every", "map", "{epochs: 1}", StrategyReader::interval), layerDecay(keys))),
                new Kind<>("custom", keys -> new StrategyRecipe.Custom(keys.name("name"), ParametersReader.read(keys)))));
    }

    private static double layerDecay(Keys keys) {
        return keys.number("layer_decay", 1, Range.aboveTo(0, 1));
    }

    /// The key `every` of a map that may also say `never`.
    static Every every(Keys keys) {
        return keys.have("every", "map or never", "{epochs: 1}",
                node -> node.isWord("never") ? new Every.Never() : interval(node));
    }

    private static Every interval(Node node) {
        return node.map(keys -> keys.exactlyOne(List.of(
                new Kind<>("steps", each -> new Every.Steps(each.whole("steps", Range.wholeFrom(1)))),
                new Kind<>("epochs", each -> new Every.Epochs(each.number("epochs", Range.above(0)))))));
    }
}
