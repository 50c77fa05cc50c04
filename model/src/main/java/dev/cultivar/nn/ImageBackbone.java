package dev.cultivar.nn;

import java.util.Optional;
import java.util.Set;

/// A backbone over images: it reads `pixel_values` ([ImageShape#PIXELS]), and one image is one row without a length.
interface ImageBackbone extends Backbone {

    ImageShape image();

    /// The layer that gives scores over labels: see [HeadNames].
    String output();

    /// Share of the pooled features that a head over labels drops in training.
    default double outputDropout() {
        return 0;
    }

    @Override
    default int positions() {
        return 0;
    }

    @Override
    default boolean concurrent() {
        return true;
    }

    @Override
    default Optional<RowHead> labelHead(Model model, int labels, double deviation) {
        return Optional.of(model.network(
                output(), OutputHead.class, weights -> new OutputHead(weights, this, output(), outputDropout(), labels, deviation)));
    }

    /// Transformers has no class for these networks: one file holds all tensors, heads included.
    @Override
    default Architecture architecture(Set<String> networks) {
        return new Architecture(networks.contains(output()) ? "CultivarForImageClassification" : "CultivarModel", "", Set.of());
    }
}
