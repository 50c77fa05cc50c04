package dev.cultivar.recipe;

import java.util.List;

/// What is minimised where rows are pictures: learning from them without labels, or with few, and drawing new ones.
public sealed interface PictureObjectiveRecipe extends ObjectiveRecipe {

    /// What YAML calls it.
    String kind();

    /// Drawing a picture again from the vector that the backbone makes of it (Hinton and Salakhutdinov, 2006).
    ///
    /// @param corruption how pictures are spoilt before the backbone sees them (Vincent et al., 2008)
    /// @param loss       what a difference costs
    record Autoencoder(Corruption corruption, Reconstruction loss) implements PictureObjectiveRecipe {
        @Override
        public String kind() {
            return "autoencoder";
        }
    }

    /// How pictures are spoilt.
    sealed interface Corruption {
        /// Not at all.
        record None() implements Corruption {}

        /// Normal noise is added to each value, which lies in [0, 1] without it.
        ///
        /// @param deviation of the noise, above 0
        record Gaussian(double deviation) implements Corruption {}

        /// Values become 0.
        ///
        /// @param share of them, in (0, 1)
        record Mask(double share) implements Corruption {}
    }

    /// What a difference between a picture and what was drawn of it costs, a value.
    enum Reconstruction {
        /// Its square.
        MSE,
        /// Cross entropy, as if each value were a chance.
        BCE
    }

    /// A variational autoencoder (Kingma and Welling, 2014).
    ///
    /// @param latent      numbers of a point of the latent space
    /// @param beta        weight of the distance to the standard normal distribution (Higgins et al., 2017), at least 0; 1 for a bound on the likelihood
    /// @param conditional whether it is told each picture's class, and draws pictures of a class
    /// @param likelihood  of a picture where another was drawn
    record Vae(int latent, double beta, boolean conditional, Likelihood likelihood) implements PictureObjectiveRecipe {
        @Override
        public String kind() {
            return "vae";
        }
    }

    /// How likely a value is where another was drawn.
    enum Likelihood {
        /// What was drawn is the chance of a one.
        BERNOULLI,
        /// Normal around what was drawn, with one deviation that is learned.
        GAUSSIAN
    }

    /// The half of a GAN that tells pictures of the data from drawn ones: the backbone, with a score on it (Goodfellow et al., 2014).
    ///
    /// @param loss        that both halves play by
    /// @param conditional whether it is told each picture's class (projection; Miyato and Koyama, 2018)
    /// @param classes     whether it is a classifier with one class more, for what was drawn (Salimans et al., 2016)
    record GanCritic(CriticLoss loss, boolean conditional, boolean classes) implements PictureObjectiveRecipe {
        @Override
        public String kind() {
            return "gan_critic";
        }
    }

    /// What a critic's scores cost.
    sealed interface CriticLoss {
        /// The game that it is for.
        Game game();

        /// Cross entropy of drawn or not (Goodfellow et al., 2014).
        record NonSaturating() implements CriticLoss {
            @Override
            public Game game() {
                return Game.NON_SATURATING;
            }
        }

        /// Scores above 1 and below -1 cost nothing (Lim and Ye, 2017; Miyato et al., 2018).
        record Hinge() implements CriticLoss {
            @Override
            public Game game() {
                return Game.HINGE;
            }
        }

        /// The difference of mean scores, and what keeps the critic from being too steep (Gulrajani et al., 2017).
        ///
        /// @param penalty weight of the squared distance of the slope's length to 1, above 0
        record Wasserstein(double penalty) implements CriticLoss {
            @Override
            public Game game() {
                return Game.WASSERSTEIN;
            }
        }
    }

    /// What the two halves of a GAN play by.
    enum Game {
        NON_SATURATING,
        HINGE,
        WASSERSTEIN
    }

    /// The half of a GAN that draws.
    ///
    /// @param generator   what draws
    /// @param latent      numbers of noise for a picture
    /// @param loss        that both halves play by
    /// @param conditional whether pictures are drawn of a class
    /// @param features    whether it learns to meet the mean of the critic's features instead of its score (Salimans et al., 2016, section 3.1)
    record GanGenerator(Drawing generator, int latent, Game loss, boolean conditional, boolean features) implements PictureObjectiveRecipe {
        @Override
        public String kind() {
            return "gan_generator";
        }
    }

    /// What draws pictures from noise.
    sealed interface Drawing {
        /// Linear layers with leaky ReLU between.
        ///
        /// @param hidden their sizes
        record Mlp(List<Integer> hidden) implements Drawing {
            public Mlp {
                hidden = List.copyOf(hidden);
            }
        }

        /// Transposed convolutions with batch norm (Radford et al., 2016).
        ///
        /// @param channels of the maps, from the smallest map to the largest; each map is twice as high and wide as the one before
        record Dcgan(List<Integer> channels) implements Drawing {
            public Dcgan {
                channels = List.copyOf(channels);
            }
        }
    }

    /// Masked patches (MAE; He et al., 2022): most of a picture is hidden from the backbone, and drawn from the rest.
    ///
    /// @param probability share of patches that are hidden, in (0, 1)
    /// @param decoder     what draws the hidden patches
    /// @param normalize   whether each patch is to be drawn less its own mean, in its own deviations
    record MaskedPatches(double probability, Decoder decoder, boolean normalize) implements PictureObjectiveRecipe {
        @Override
        public String kind() {
            return "masked_patches";
        }
    }

    /// A small transformer.
    ///
    /// @param heads divides `width`
    record Decoder(int layers, int width, int heads) {}

    /// Two views of a picture lie close, those of others apart (SimCLR; Chen et al., 2020).
    ///
    /// @param temperature that cosines are divided by, above 0
    /// @param projection  numbers of the vector that is compared
    record SimClr(double temperature, int projection) implements PictureObjectiveRecipe {
        @Override
        public String kind() {
            return "simclr";
        }
    }

    /// Telling by how many quarters a picture was turned (Gidaris et al., 2018).
    record Rotation() implements PictureObjectiveRecipe {
        @Override
        public String kind() {
            return "rotation";
        }
    }

    /// Classification with few labels (FixMatch; Sohn et al., 2020): what is said surely of a picture that was changed a little has to be said of
    /// the same picture changed much.
    ///
    /// @param threshold the chance from which on a class is sure, in (0, 1)
    /// @param weight    of pictures without labels in the loss, at least 0
    /// @param ratio     pictures without labels for each with one, at least 1
    /// @param head      whether a checkpoint's head is kept
    record FixMatch(double threshold, double weight, int ratio, Head head) implements OfRow, PictureObjectiveRecipe {
        @Override
        public String kind() {
            return "fixmatch";
        }

        @Override
        public Pooling pooling() {
            return Pooling.CLS;
        }
    }
}
