package dev.cultivar.recipe;

import java.util.ArrayList;
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
                new Kind<>("lora", keys -> new StrategyRecipe.Lora(
                        keys.count("rank", 8, Range.countFrom(1)),
                        keys.number("alpha", 16, Range.above(0)),
                        keys.number("dropout", 0, Range.below(0, 1)),
                        modules(keys, "targets"),
                        keys.flag("rank_stabilized", false),
                        keys.flag("dora", false))),
                new Kind<>("ia3", keys -> new StrategyRecipe.Ia3(modules(keys, "targets"), modules(keys, "feed_forward"))),
                new Kind<>("prompt", keys -> new StrategyRecipe.Prompt(keys.count("tokens", Range.countFrom(1)))),
                new Kind<>("prefix", keys -> new StrategyRecipe.Prefix(keys.count("tokens", Range.countFrom(1)))),
                new Kind<>("bitfit", _ -> new StrategyRecipe.BitFit()),
                new Kind<>("custom", keys -> new StrategyRecipe.Custom(keys.name("name"), ParametersReader.read(keys)))));
    }

    private static List<String> modules(Keys keys, String key) {
        return keys.have(key, "list of texts", "[]", StrategyReader::texts);
    }

    private static List<String> texts(Node node) {
        List<String> texts = new ArrayList<>();
        for (Node item : node.reading().isSurvey() ? List.<Node>of() : node.items()) {
            String text = item.text();
            if (item.yaml() instanceof Yaml.Scalar && text.isBlank()) {
                item.fail("must not be empty");
            }
            texts.add(text);
        }
        return texts;
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
