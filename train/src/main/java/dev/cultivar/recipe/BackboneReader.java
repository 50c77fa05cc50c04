package dev.cultivar.recipe;

import java.util.List;

/// Reads `backbone` and `tokenizer`: what the model is, and how text becomes its ids.
final class BackboneReader {
    private BackboneReader() {}

    static BackboneRecipe backbone(Node node) {
        return node.oneOf(List.of(
                new Kind<>("bert", BackboneReader::bert),
                new Kind<>("pretrained", BackboneReader::pretrained),
                new Kind<>("custom", keys -> new BackboneRecipe.Custom(keys.name("name"), ParametersReader.read(keys)))));
    }

    private static BackboneRecipe bert(Keys keys) {
        Reading reading = keys.node().reading();
        int before = reading.mistakes();
        int width = keys.count("width", Range.closedCount(1, 65_536));
        int heads = keys.count("heads", Range.closedCount(1, 1024));
        if (reading.mistakes() == before && width % heads != 0) {
            keys.at("heads").fail("must divide width, got " + heads + " heads for a width of " + width);
        }
        return new BackboneRecipe.Bert(
                keys.count("layers", Range.closedCount(1, 1000)),
                width,
                heads,
                keys.count("feed_forward", 4 * width, "4 * width", Range.closedCount(1, 1 << 20)),
                keys.count("positions", Range.closedCount(2, 1 << 20)),
                keys.number("dropout", 0.1, Range.below(0, 1)),
                keys.number("attention_dropout", 0.1, Range.below(0, 1)),
                keys.number("initializer_range", 0.02, Range.aboveTo(0, 1)));
    }

    private static BackboneRecipe pretrained(Keys keys) {
        return new BackboneRecipe.Pretrained(
                keys.name("model"),
                keys.choice("weights", BackboneRecipe.Weights.PRETRAINED, BackboneRecipe.Weights.values()));
    }

    static TokenizerRecipe tokenizer(Node node) {
        return node.oneOf(List.of(
                new Kind<>("backbone", _ -> new TokenizerRecipe.OfBackbone()),
                new Kind<>("wordpiece", keys -> new TokenizerRecipe.WordPiece(
                        keys.count("vocabulary", Range.closedCount(16, 1 << 20)),
                        keys.count("min_frequency", 2, Range.countFrom(1)),
                        keys.flag("lowercase", true))),
                new Kind<>("file", keys -> new TokenizerRecipe.Stored(keys.file("file"))),
                new Kind<>("none", _ -> new TokenizerRecipe.None())));
    }
}
