package dev.cultivar.recipe;

/// Inputs to hidden states: the part that pretraining makes and post-training reuses.
public sealed interface BackboneRecipe {

    /// A new one made of transformer blocks.
    sealed interface Transformer extends BackboneRecipe {
        int layers();

        int positions();

        /// Of both halves, where there are two.
        default int allLayers() {
            return layers();
        }
    }

    /// Opened from a checkpoint.
    ///
    /// @param model   a run folder, a checkpoint, or a Hugging Face folder
    /// @param weights the checkpoint's, or the same shape with fresh random ones (training from scratch)
    record Pretrained(String model, Weights weights) implements BackboneRecipe {}

    /// BERT (Devlin et al., 2019), Hugging Face's names and numerics, with random weights.
    ///
    /// @param layers            transformer blocks
    /// @param width             hidden size C
    /// @param heads             attention heads; divides `width`
    /// @param feedForward       inner size of the feed-forward block
    /// @param positions         the longest row, in tokens
    /// @param dropout           of hidden states, in [0, 1)
    /// @param attentionDropout  of attention probabilities, in [0, 1)
    /// @param initializerRange  standard deviation of the initial weights
    record Bert(
            int layers,
            int width,
            int heads,
            int feedForward,
            int positions,
            double dropout,
            double attentionDropout,
            double initializerRange)
            implements Transformer {}

    /// GPT-2 (Radford et al., 2019), Hugging Face's names and numerics, with random weights.
    ///
    /// @param layers            transformer blocks
    /// @param width             hidden size C
    /// @param heads             attention heads; divides `width`
    /// @param feedForward       inner size of the feed-forward block
    /// @param positions         the longest row, in tokens
    /// @param activation        of the feed-forward block
    /// @param dropout           of hidden states, in [0, 1)
    /// @param attentionDropout  of attention probabilities, in [0, 1)
    /// @param initializerRange  standard deviation of the initial weights
    /// @param tied              whether the head over the vocabulary is the embedding table
    record Gpt2(
            int layers,
            int width,
            int heads,
            int feedForward,
            int positions,
            Activation activation,
            double dropout,
            double attentionDropout,
            double initializerRange,
            boolean tied)
            implements Transformer {}

    /// Llama (Touvron et al., 2023), Hugging Face's names and numerics, with random weights.
    ///
    /// @param layers            transformer blocks
    /// @param width             hidden size C
    /// @param heads             attention heads of queries; divides `width`
    /// @param keyValueHeads     attention heads of keys and values; divides `heads`
    /// @param feedForward       inner size of the feed-forward block
    /// @param positions         the longest row, in tokens
    /// @param theta             base of the rotary embedding
    /// @param attentionDropout  of attention probabilities, in [0, 1)
    /// @param initializerRange  standard deviation of the initial weights
    /// @param tied              whether the head over the vocabulary is the embedding table
    record Llama(
            int layers,
            int width,
            int heads,
            int keyValueHeads,
            int feedForward,
            int positions,
            double theta,
            double attentionDropout,
            double initializerRange,
            boolean tied)
            implements Transformer {}

    /// ELECTRA (Clark et al., 2020), Hugging Face's names and numerics, with random weights.
    ///
    /// @param layers            transformer blocks
    /// @param width             hidden size C
    /// @param heads             attention heads; divides `width`
    /// @param feedForward       inner size of the feed-forward block
    /// @param embedding         size of an embedding, which may be less than `width`
    /// @param positions         the longest row, in tokens
    /// @param dropout           of hidden states, in [0, 1)
    /// @param attentionDropout  of attention probabilities, in [0, 1)
    /// @param initializerRange  standard deviation of the initial weights
    record Electra(
            int layers,
            int width,
            int heads,
            int feedForward,
            int embedding,
            int positions,
            double dropout,
            double attentionDropout,
            double initializerRange)
            implements Transformer {}

    /// T5 (Raffel et al., 2020), Hugging Face's names and numerics, with random weights.
    ///
    /// @param layers        of the encoder
    /// @param decoderLayers of the decoder
    /// @param width         hidden size C
    /// @param heads         attention heads; divides `width`
    /// @param feedForward   inner size of the feed-forward block
    /// @param gated         whether that block is gated by GELU, as in version 1.1, or bent by ReLU
    /// @param buckets       kinds of distances between tokens
    /// @param maxDistance   from here on all distances are of one kind
    /// @param dropout       in [0, 1)
    /// @param tied          whether the head over the vocabulary is the embedding table
    record T5(
            int layers,
            int decoderLayers,
            int width,
            int heads,
            int feedForward,
            boolean gated,
            int buckets,
            int maxDistance,
            double dropout,
            boolean tied)
            implements Transformer {

        /// Distances have no end.
        @Override
        public int positions() {
            return Integer.MAX_VALUE;
        }

        @Override
        public int allLayers() {
            return layers + decoderLayers;
        }
    }

    /// BART (Lewis et al., 2020), Hugging Face's names and numerics, with random weights.
    ///
    /// @param layers            of the encoder
    /// @param decoderLayers     of the decoder
    /// @param width             hidden size C
    /// @param heads             attention heads; divides `width`
    /// @param feedForward       inner size of the feed-forward block
    /// @param positions         the longest row, in tokens
    /// @param dropout           of hidden states, in [0, 1)
    /// @param attentionDropout  of attention probabilities, in [0, 1)
    /// @param initializerRange  standard deviation of the initial weights
    record Bart(
            int layers,
            int decoderLayers,
            int width,
            int heads,
            int feedForward,
            int positions,
            double dropout,
            double attentionDropout,
            double initializerRange)
            implements Transformer {

        @Override
        public int allLayers() {
            return layers + decoderLayers;
        }
    }

    /// One that an extension builds.
    record Custom(String name, Parameters parameters) implements BackboneRecipe {}

    /// What bends a feed-forward block: GELU by its tanh form, as GPT-2 was published, or the exact one, which is faster.
    enum Activation { GELU_NEW, GELU }

    /// Which weights an opened checkpoint starts with.
    enum Weights { PRETRAINED, RANDOM }
}
