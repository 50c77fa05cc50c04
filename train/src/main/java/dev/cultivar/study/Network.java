package dev.cultivar.study;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A network that reads digits, and which of its layers are frozen where the first ones are.
///
/// @param name      as options and tables call it
/// @param overrides of the recipes
/// @param upper     the strategy that trains the upper layers and freezes the first ones
/// @param dense     the strategy that trains the dense layers alone
/// @param side      of its pictures, in pixels
record Network(String name, List<String> overrides, String upper, String dense, int side) {
    static final List<Network> ALL = List.of(
            new Network("mlp", List.of("backbone={kind: mlp, hidden: [256, 128]}"), "{kind: partial, trained: 1}", "feature_extraction", 28),
            new Network(
                    "cnn", List.of("backbone={kind: cnn, filters: [32, 32, 32], kernel: 5, pool: 4}"),
                    "{kind: partial, trained: 1}", "feature_extraction", 28),
            new Network("lenet", List.of("backbone={kind: lenet}"), "{kind: partial, trained: 2}", "feature_extraction", 28),
            new Network(
                    "vgg",
                    List.of("backbone={kind: vgg, channels: [8, 16, 32, 64, 64], hidden: 128, dropout: 0}", "data.height=32", "data.fit=pad"),
                    "{kind: partial, trained: 5}", "{kind: partial, trained: 2}", 32),
            new Network(
                    "vit", List.of("backbone={kind: vit, layers: 4, width: 64, heads: 4, feed_forward: 128, patch: 7}"),
                    "{kind: partial, trained: 2}", "feature_extraction", 28));

    static Optional<Network> named(String name) {
        return ALL.stream().filter(each -> each.name.equals(name.toLowerCase(Locale.ROOT))).findFirst();
    }

    /// Overrides of the second stage, whose backbone is that of the first.
    List<String> later() {
        return overrides.stream().filter(each -> !each.startsWith("backbone=")).toList();
    }
}
