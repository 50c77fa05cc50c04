package dev.cultivar.nn;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// In what Llama's relatives differ. [#of] gives Llama's own; a family changes what is its own.
///
/// @param biases         which linear layers have a bias
/// @param headNorms      whether queries and keys are normed, head by head, before they are turned
/// @param norm           what a norm's weight does
/// @param outerNorms     whether what attention and the feed-forward block add is normed too: four norms a block
/// @param scale          of the scores
/// @param scoresCap      of the scores, before the mask
/// @param logitsCap      of the logits of the next token
/// @param embeddingScale what embeddings are multiplied by
/// @param layers         of each layer
record DecoderTraits(
        Biases biases,
        boolean headNorms,
        RmsNorm.Form norm,
        boolean outerNorms,
        double scale,
        Optional<SoftCap> scoresCap,
        Optional<SoftCap> logitsCap,
        double embeddingScale,
        List<Layer> layers) {

    /// @param read        the products that make queries, keys and values
    /// @param attended    the one after attention
    /// @param feedForward those of the feed-forward block
    record Biases(boolean read, boolean attended, boolean feedForward) {
        static final Biases NONE = new Biases(false, false, false);
    }

    /// @param rope   how its queries and keys are turned
    /// @param window how many tokens a token sees, itself included; empty for all before it
    record Layer(Rope rope, OptionalInt window) {}

    DecoderTraits {
        layers = List.copyOf(layers);
    }

    /// Llama's, with layers that are all alike.
    static DecoderTraits of(DecoderShape shape, Rope rope, OptionalInt window) {
        return of(shape, Collections.nCopies(shape.layers(), new Layer(rope, window)));
    }

    static DecoderTraits of(DecoderShape shape, List<Layer> layers) {
        return new DecoderTraits(
                Biases.NONE,
                false,
                RmsNorm.Form.WEIGHT,
                false,
                1 / Math.sqrt(shape.headWidth()),
                Optional.empty(),
                Optional.empty(),
                1,
                layers);
    }

    /// Layers whose window is the family's where they are sliding.
    static List<Layer> layers(List<Sight> sights, Rope full, Rope sliding, OptionalInt window) {
        return sights.stream()
                .map(sight -> switch (sight) {
                    case FULL -> new Layer(full, OptionalInt.empty());
                    case SLIDING -> new Layer(sliding, window);
                })
                .toList();
    }

    DecoderTraits withBiases(Biases other) {
        return new DecoderTraits(other, headNorms, norm, outerNorms, scale, scoresCap, logitsCap, embeddingScale, layers);
    }

    DecoderTraits withHeadNorms() {
        return new DecoderTraits(biases, true, norm, outerNorms, scale, scoresCap, logitsCap, embeddingScale, layers);
    }

    /// What both Gemmas have: norms that multiply by one more than their weight, four a block, and embeddings that grow with the width.
    DecoderTraits asGemma(DecoderShape shape, double queryScalar) {
        return new DecoderTraits(
                biases,
                headNorms,
                RmsNorm.Form.ONE_PLUS_WEIGHT,
                true,
                1 / Math.sqrt(queryScalar),
                scoresCap,
                logitsCap,
                (float) Math.sqrt(shape.width()),
                layers);
    }

    DecoderTraits withCaps(Optional<SoftCap> scores, Optional<SoftCap> logits) {
        return new DecoderTraits(biases, headNorms, norm, outerNorms, scale, scores, logits, embeddingScale, layers);
    }
}
