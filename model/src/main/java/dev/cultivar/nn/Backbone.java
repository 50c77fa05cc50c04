package dev.cultivar.nn;

import dev.cultivar.format.CheckpointException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/// Inputs to hidden states: the part that pretraining makes and post-training reuses. It answers for itself, so nobody asks its kind.
public interface Backbone {

    /// C: the size of a hidden state.
    int width();

    /// How many layers lie above the embeddings: the cut points are 0 (after the embeddings) to this.
    int layers();

    /// Where a parameter lies: 0 for the embeddings, 1 to [#layers] for the layers, one more for what lies above
    /// (a pooler), and -1 for a parameter that is not the backbone's.
    int depth(String parameter);

    /// The hidden states of a batch.
    Hidden forward(Inputs inputs, Mode mode);

    /// One vector a row, (B, C), for a head that reads the whole row: BERT's pooler, a CNN's features.
    Tensor pooled(Hidden hidden, Inputs inputs, Mode mode);

    /// Whether [#pooled] reads nothing but the last layer's output for the first token.
    default boolean poolsFirstToken() {
        return false;
    }

    /// What `config.json` says: enough to build the same backbone again. `model_type` names its kind.
    Map<String, Object> config();

    /// The longest row that it takes, or 0 where rows have no length.
    int positions();

    /// How many pieces of a tokenizer it has vectors for, or 0 where it reads no pieces.
    default int vocabulary() {
        return 0;
    }

    /// The table that a head over the next token projects on; empty where the backbone does not predict the next token.
    default Optional<WordTable> words() {
        return Optional.empty();
    }

    /// Its two halves, where it reads one text and writes another.
    default Optional<EncoderDecoder> encoderDecoder() {
        return Optional.empty();
    }

    /// Refuses a tokenizer with pieces that it has no vectors for; a smaller one fits, since tables are often padded.
    ///
    /// @param pieces of the tokenizer
    /// @param place  of the model, for the message
    default void requireFits(int pieces, Object place) {
        if (vocabulary() > 0 && pieces > vocabulary()) {
            throw new CheckpointException(place + ": the tokenizer has " + pieces + " pieces, but the model has vectors for "
                    + vocabulary() + "; they do not belong together. Use the tokenizer that the model was trained with");
        }
    }

    /// Why a step's rows may not be split into micro-batches: layers that compute with statistics of the whole batch. Empty
    /// where each row's hidden states are its own.
    ///
    /// @param frozenBelow layers below this depth run as in inference, see [Mode]
    default Optional<String> indivisible(int frozenBelow) {
        return Optional.empty();
    }

    /// Whether several micro-batches may be under way at once, on threads of their own: a backbone that draws only from
    /// [Mode#draws] and changes nothing may say so.
    default boolean concurrent() {
        return false;
    }

    /// The head that guesses masked pieces, as transformers' class of the architecture has it, built on first use; empty where
    /// the backbone reads no pieces.
    default Optional<MaskedLmHead> maskedLmHead(Model model) {
        return Optional.empty();
    }

    /// What the backbone needs to tell replaced pieces from original ones, built on first use; empty where it has no such head.
    default Optional<Detection> detection(Model model, GeneratorShape shape) {
        return Optional.empty();
    }

    /// The head over labels that transformers' class of the architecture has, built on first use; empty where that is a linear layer
    /// over what [#pooled] gives.
    ///
    /// @param labels    how many scores it gives
    /// @param deviation of the initial weights
    default Optional<RowHead> labelHead(Model model, int labels, double deviation) {
        return Optional.empty();
    }

    /// Whether it reads a picture as one vector, without places: what draws pictures from its vectors then does so too.
    default boolean flattens() {
        return false;
    }

    /// The backbone as one that can do without some patches of a picture; empty where it sees no patches.
    default Optional<PatchEncoder> patchEncoder() {
        return Optional.empty();
    }

    /// The backbone as one whose last maps of a picture can be looked at; empty where it has none: it sees a picture as one vector, or as patches.
    default Optional<FeatureMaps> featureMaps() {
        return Optional.empty();
    }

    /// What draws the picture again from its [pooled][#pooled] vector, by its own layers the other way round; empty where there is no such
    /// way round.
    ///
    /// @param weights to declare parameters in
    /// @param name    what their names begin with, before a dot
    default Optional<PictureDecoder> mirror(Weights weights, String name) {
        return Optional.empty();
    }

    /// Share of the hidden states that a head over every token drops in training.
    default double headDropout() {
        return 0;
    }

    /// Transformers' class for the backbone with these networks beside it: with all of their heads, or else a bare one.
    default Architecture architecture(Set<String> networks) {
        return new Architecture("CultivarModel", "", Set.of());
    }

    /// The same backbone over the same parameters, which does not keep what its blocks compute inside for the backward pass but
    /// computes it once more there; empty where it cannot. The gradient is the same to the bit.
    default Optional<Backbone> recomputing() {
        return Optional.empty();
    }

    /// Which linear layers an adapter stands on where nobody says which: as PEFT has it for the family.
    default AdapterTargets adapterTargets() {
        return AdapterTargets.of(String.valueOf(config().get("model_type")));
    }

    /// How large virtual tokens are; empty where the backbone takes none ([Inputs#prompted], [Inputs#behindPrefix]).
    default Optional<VirtualShape> virtualShape() {
        return Optional.empty();
    }

    /// Floating point operations of the forward pass for one token among `length`, heads left out.
    double forwardFlops(int length);
}
