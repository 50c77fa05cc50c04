package dev.cultivar.recipe;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// Reads `backbone` and `tokenizer`: what the model is, and how text becomes its ids.
final class BackboneReader {
    private static final int BYTES = 256;

    private BackboneReader() {}

    static BackboneRecipe backbone(Node node) {
        List<Kind<BackboneRecipe>> kinds = new ArrayList<>(List.of(
                new Kind<>("bert", BackboneReader::bert),
                new Kind<>("electra", BackboneReader::electra),
                new Kind<>("gpt2", BackboneReader::gpt2),
                new Kind<>("llama", BackboneReader::llama),
                new Kind<>("t5", BackboneReader::t5),
                new Kind<>("bart", BackboneReader::bart)));
        kinds.addAll(VisionReader.kinds());
        kinds.add(new Kind<>("pretrained", BackboneReader::pretrained));
        kinds.add(new Kind<>("custom", keys -> new BackboneRecipe.Custom(keys.name("name"), ParametersReader.read(keys))));
        return node.oneOf(kinds);
    }

    /// @param width hidden size
    /// @param heads that divide it
    record Size(int width, int heads) {
        static Size of(Keys keys) {
            Reading reading = keys.node().reading();
            int before = reading.mistakes();
            int width = keys.count("width", Range.closedCount(1, 65_536));
            int heads = keys.count("heads", Range.closedCount(1, 1024));
            if (reading.mistakes() == before && width % heads != 0) {
                keys.at("heads").fail("must divide width, got " + heads + " heads for a width of " + width);
            }
            return new Size(width, heads);
        }
    }

    private static BackboneRecipe bert(Keys keys) {
        Size size = Size.of(keys);
        return new BackboneRecipe.Bert(
                keys.count("layers", Range.closedCount(1, 1000)),
                size.width(),
                size.heads(),
                keys.count("feed_forward", 4 * size.width(), "4 * width", Range.closedCount(1, 1 << 20)),
                keys.count("positions", Range.closedCount(2, 1 << 20)),
                keys.number("dropout", 0.1, Range.below(0, 1)),
                keys.number("attention_dropout", 0.1, Range.below(0, 1)),
                keys.number("initializer_range", 0.02, Range.aboveTo(0, 1)));
    }

    private static BackboneRecipe electra(Keys keys) {
        Size size = Size.of(keys);
        return new BackboneRecipe.Electra(
                keys.count("layers", Range.closedCount(1, 1000)),
                size.width(),
                size.heads(),
                keys.count("feed_forward", 4 * size.width(), "4 * width", Range.closedCount(1, 1 << 20)),
                keys.count("embedding", size.width(), "width", Range.closedCount(1, 65_536)),
                keys.count("positions", Range.closedCount(2, 1 << 20)),
                keys.number("dropout", 0.1, Range.below(0, 1)),
                keys.number("attention_dropout", 0.1, Range.below(0, 1)),
                keys.number("initializer_range", 0.02, Range.aboveTo(0, 1)));
    }

    private static BackboneRecipe gpt2(Keys keys) {
        Size size = Size.of(keys);
        return new BackboneRecipe.Gpt2(
                keys.count("layers", Range.closedCount(1, 1000)),
                size.width(),
                size.heads(),
                keys.count("feed_forward", 4 * size.width(), "4 * width", Range.closedCount(1, 1 << 20)),
                keys.count("positions", Range.closedCount(2, 1 << 20)),
                keys.choice("activation", BackboneRecipe.Activation.GELU_NEW, BackboneRecipe.Activation.values()),
                keys.number("dropout", 0.1, Range.below(0, 1)),
                keys.number("attention_dropout", 0.1, Range.below(0, 1)),
                keys.number("initializer_range", 0.02, Range.aboveTo(0, 1)),
                keys.flag("tied", true));
    }

    private static BackboneRecipe llama(Keys keys) {
        Reading reading = keys.node().reading();
        int before = reading.mistakes();
        Size size = Size.of(keys);
        int shared = keys.count("key_value_heads", size.heads(), "heads", Range.closedCount(1, 1024));
        if (reading.mistakes() == before && size.heads() % shared != 0) {
            keys.at("key_value_heads").fail("must divide heads, got " + shared + " for " + size.heads() + " heads");
        }
        if (reading.mistakes() == before && size.width() / size.heads() % 2 != 0) {
            keys.at("heads").fail("must leave each head an even size, got " + size.width() + " / " + size.heads());
        }
        return new BackboneRecipe.Llama(
                keys.count("layers", Range.closedCount(1, 1000)),
                size.width(),
                size.heads(),
                shared,
                keys.count("feed_forward", 4 * size.width(), "4 * width", Range.closedCount(1, 1 << 20)),
                keys.count("positions", Range.closedCount(2, 1 << 20)),
                keys.number("theta", 10_000.0, Range.above(0)),
                keys.number("attention_dropout", 0.0, Range.below(0, 1)),
                keys.number("initializer_range", 0.02, Range.aboveTo(0, 1)),
                keys.flag("tied", true));
    }

    private static BackboneRecipe t5(Keys keys) {
        Reading reading = keys.node().reading();
        int before = reading.mistakes();
        Size size = Size.of(keys);
        int layers = keys.count("layers", Range.closedCount(1, 1000));
        int buckets = keys.count("buckets", 32, Range.closedCount(4, 1 << 16));
        int maxDistance = keys.count("max_distance", 128, Range.closedCount(3, 1 << 20));
        if (reading.mistakes() == before && buckets % 2 != 0) {
            keys.at("buckets").fail("must be even, half of them for each direction, got " + buckets);
        }
        if (reading.mistakes() == before && maxDistance <= buckets / 2) {
            keys.at("max_distance").fail("must be above half of buckets, " + buckets / 2 + ", got " + maxDistance);
        }
        return new BackboneRecipe.T5(
                layers,
                keys.count("decoder_layers", layers, "layers", Range.closedCount(1, 1000)),
                size.width(),
                size.heads(),
                keys.count("feed_forward", 4 * size.width(), "4 * width", Range.closedCount(1, 1 << 20)),
                keys.flag("gated", true),
                buckets,
                maxDistance,
                keys.number("dropout", 0.1, Range.below(0, 1)),
                keys.flag("tied", true));
    }

    private static BackboneRecipe bart(Keys keys) {
        Size size = Size.of(keys);
        int layers = keys.count("layers", Range.closedCount(1, 1000));
        return new BackboneRecipe.Bart(
                layers,
                keys.count("decoder_layers", layers, "layers", Range.closedCount(1, 1000)),
                size.width(),
                size.heads(),
                keys.count("feed_forward", 4 * size.width(), "4 * width", Range.closedCount(1, 1 << 20)),
                keys.count("positions", Range.closedCount(2, 1 << 20)),
                keys.number("dropout", 0.1, Range.below(0, 1)),
                keys.number("attention_dropout", 0.0, Range.below(0, 1)),
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
                new Kind<>("bpe", BackboneReader::bytePair),
                new Kind<>("chars", keys -> new TokenizerRecipe.Characters(keys.flag("unknown", true), special(keys, List.of(), "[]"))),
                new Kind<>("words", keys -> new TokenizerRecipe.Words(
                        keys.count("vocabulary", Range.closedCount(16, 1 << 20)),
                        keys.count("min_frequency", 2, Range.countFrom(1)),
                        keys.flag("lowercase", true))),
                new Kind<>("file", keys -> new TokenizerRecipe.Stored(keys.file("file"))),
                new Kind<>("none", _ -> new TokenizerRecipe.None())));
    }

    private static TokenizerRecipe bytePair(Keys keys) {
        int before = keys.node().reading().mistakes();
        int vocabulary = keys.count("vocabulary", Range.closedCount(BYTES, 1 << 20));
        List<String> special = special(keys, List.of("<|endoftext|>"), "GPT-2's");
        int sentinels = keys.count("sentinels", 0, Range.closedCount(0, 10_000));
        int least = BYTES + special.size() + sentinels;
        if (keys.node().reading().mistakes() == before && keys.has("vocabulary") && vocabulary < least) {
            keys.at("vocabulary").fail("must be at least " + least + ", the " + BYTES + " bytes and " + special.size()
                    + " special" + (sentinels > 0 ? " and " + sentinels + " sentinels" : "") + ", got " + vocabulary);
        }
        return new TokenizerRecipe.BytePair(
                vocabulary,
                keys.count("min_frequency", 2, Range.countFrom(1)),
                special,
                keys.choice("ties", TokenizerRecipe.Ties.TEXT, TokenizerRecipe.Ties.values()),
                sentinels);
    }

    private static List<String> special(Keys keys, List<String> otherwise, String described) {
        return keys.have("special", "list of texts", "each of at least two characters, no two alike", otherwise, described, node -> {
            int before = node.reading().mistakes();
            List<String> special = node.items().stream().map(Node::text).toList();
            boolean sound = special.stream().allMatch(piece -> piece.codePointCount(0, piece.length()) > 1);
            if (node.reading().mistakes() == before && node.yaml() instanceof Yaml.Sequence && (!sound || new HashSet<>(special).size() < special.size())) {
                node.fail("must be texts of at least two characters each, no two alike, got " + special);
            }
            return special;
        });
    }
}
