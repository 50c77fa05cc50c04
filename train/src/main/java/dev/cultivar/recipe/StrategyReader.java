package dev.cultivar.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

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
                        targets(keys, "targets"),
                        keys.flag("rank_stabilized", false),
                        keys.flag("dora", false))),
                new Kind<>("ia3", keys -> new StrategyRecipe.Ia3(targets(keys, "targets"), targets(keys, "feed_forward"))),
                new Kind<>("prompt", keys -> new StrategyRecipe.Prompt(keys.count("tokens", Range.countFrom(1)))),
                new Kind<>("prefix", keys -> new StrategyRecipe.Prefix(keys.count("tokens", Range.countFrom(1)))),
                new Kind<>("bitfit", _ -> new StrategyRecipe.BitFit()),
                new Kind<>("custom", keys -> new StrategyRecipe.Custom(keys.name("name"), ParametersReader.read(keys)))));
    }

    private static Targets targets(Keys keys, String key) {
        return keys.have(key, "list of texts, or a pattern", "[]", StrategyReader::targets);
    }

    /// A list of endings, or one text: the word for all, or a regular expression.
    private static Targets targets(Node node) {
        if (!(node.yaml() instanceof Yaml.Scalar one) || one.isNothing()) {
            return new Targets.Endings(texts(node));
        }
        if (node.isWord(Targets.ALL)) {
            return new Targets.All();
        }
        try {
            if (one.text().isBlank()) {
                node.fail("must not be empty");
            }
            return new Targets.Matching(Pattern.compile(one.text()).pattern());
        } catch (PatternSyntaxException wrong) {
            node.fail("must be a list of names' endings, " + Targets.ALL + " or a regular expression, got " + node.yaml().described() + ": "
                    + wrong.getDescription());
            return new Targets.All();
        }
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
