package dev.cultivar.recipe;

import java.util.List;

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

    /// A new one that looks at pictures.
    sealed interface Vision extends BackboneRecipe {
        /// How many layers lie above the input, as strategies count them.
        int layers();
    }

    /// Linear layers over all of a picture's values.
    ///
    /// @param hidden     size of each layer
    /// @param activation behind each
    /// @param dropout    behind each activation, in [0, 1)
    record Mlp(List<Integer> hidden, Bend activation, double dropout) implements Vision {
        public Mlp {
            hidden = List.copyOf(hidden);
        }

        @Override
        public int layers() {
            return hidden.size();
        }
    }

    /// Blocks of a convolution and ReLU, with max-pooling behind the last or behind each.
    ///
    /// @param filters of each block
    /// @param kernel  side of the filters, odd
    /// @param pool    side of the pooled squares
    /// @param pools   where is pooled
    record Cnn(List<Integer> filters, int kernel, int pool, Pools pools) implements Vision {
        public Cnn {
            filters = List.copyOf(filters);
        }

        @Override
        public int layers() {
            return filters.size();
        }
    }

    /// LeNet-5 (LeCun et al., 1998).
    record LeNet() implements Vision {
        @Override
        public int layers() {
            return 4;
        }
    }

    /// A residual network (He et al., 2016), Hugging Face's names and numerics.
    ///
    /// @param depth 18, 34 or 50
    /// @param width channels of the first stage; 64 as published
    /// @param stem  how a picture enters
    record ResNet(int depth, int width, Stem stem) implements Vision {
        @Override
        public int layers() {
            return depth == 18 ? 8 : 16; // residual blocks: 2+2+2+2, or 3+4+6+3
        }
    }

    /// VGG16 (Simonyan and Zisserman, 2015), torchvision's names and numerics: 13 convolutions and two dense layers.
    ///
    /// @param channels of the five stages
    /// @param hidden   size of the dense layers
    /// @param dropout  behind these, in [0, 1)
    record Vgg(List<Integer> channels, int hidden, double dropout) implements Vision {
        public Vgg {
            channels = List.copyOf(channels);
        }

        @Override
        public int layers() {
            return 15;
        }
    }

    /// A vision transformer (Dosovitskiy et al., 2021), Hugging Face's names and numerics.
    ///
    /// @param layers            transformer blocks
    /// @param width             hidden size C
    /// @param heads             attention heads; divides `width`
    /// @param feedForward       inner size of the feed-forward block
    /// @param patch             side of a patch, in pixels; divides the picture's sides
    /// @param dropout           of hidden states, in [0, 1)
    /// @param attentionDropout  of attention probabilities, in [0, 1)
    /// @param initializerRange  standard deviation of the initial weights
    record Vit(
            int layers, int width, int heads, int feedForward, int patch, double dropout, double attentionDropout, double initializerRange)
            implements Vision {}

    /// Convolutions of stride 2, which an autoencoder's decoder mirrors.
    ///
    /// @param channels of each
    record ConvEncoder(List<Integer> channels) implements Vision {
        public ConvEncoder {
            channels = List.copyOf(channels);
        }

        @Override
        public int layers() {
            return channels.size();
        }
    }

    /// What bends what a linear layer gives.
    enum Bend { RELU, TANH, GELU, LEAKY_RELU }

    /// Where a [Cnn] pools.
    enum Pools { LAST, EVERY_BLOCK }

    /// How a picture enters a [ResNet]: by a filter of 7 x 7 of stride 2 and pooling, or, for pictures of few pixels, by one of 3 x 3.
    enum Stem { IMAGENET, SMALL }

    /// One that an extension builds.
    record Custom(String name, Parameters parameters) implements BackboneRecipe {}

    /// What bends a feed-forward block: GELU by its tanh form, as GPT-2 was published, or the exact one, which is faster.
    enum Activation { GELU_NEW, GELU }

    /// Which weights an opened checkpoint starts with.
    enum Weights { PRETRAINED, RANDOM }
}
