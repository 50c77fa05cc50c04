package dev.cultivar.nn;

import org.bytedeco.pytorch.Tensor;

/// Hears the probabilities with which layers attend, as they are computed and before dropout: the very tensors that are multiplied with the
/// values next, not computed for the listener. Whoever listens changes nothing of them.
@FunctionalInterface
public interface AttentionListener {

    /// @param depth         of the layer, from 1, as [Backbone#depth] counts; of a decoder's layer that reads another text too, first its own
    ///                      text and then the other. A layer that is computed again for its gradient is heard again
    /// @param probabilities (B, H, T, S): of each head and token that asks, how much each token gives; T is 1 in a last layer of which
    ///                      only the first token is read, and S has the keys of a prefix first. It dies with the caller's scope
    void heard(int depth, Tensor probabilities);
}
