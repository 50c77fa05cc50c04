package dev.cultivar.predict;

import java.util.List;

/// What a model's layers attended to in a text.
///
/// @param pieces of each key of the map: as the tokenizer has it, special ones included; virtual ones of an adapter are called so
/// @param map    the probabilities
/// @param read   the tokens whose last states the model's head reads, from 0: the first of most encoders, the last of a decoder, all where the
///               head reads each or their mean, or a decoder does that writes another text
/// @param cut    pieces of the text that were left out because the row was full
public record TextAttention(List<String> pieces, AttentionMap map, List<Integer> read, int cut) {
    public TextAttention {
        pieces = List.copyOf(pieces);
        read = List.copyOf(read);
    }

    /// How much of what the head reads came from each piece, see [AttentionMap#rollout].
    public float[] rollout() {
        return map.rollout(read.stream().mapToInt(Integer::intValue).toArray());
    }
}
