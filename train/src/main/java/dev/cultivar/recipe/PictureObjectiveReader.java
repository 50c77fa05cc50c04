package dev.cultivar.recipe;

import dev.cultivar.recipe.PictureObjectiveRecipe.Corruption;
import dev.cultivar.recipe.PictureObjectiveRecipe.CriticLoss;
import dev.cultivar.recipe.PictureObjectiveRecipe.Drawing;
import java.util.List;

/// Reads objectives over pictures.
final class PictureObjectiveReader {
    private static final Range SIZE = Range.closedCount(1, 1 << 16);
    private static final int MOST_LAYERS = 12;

    private PictureObjectiveReader() {}

    static List<Kind<ObjectiveRecipe>> kinds() {
        return List.of(
                new Kind<>("autoencoder", keys -> new PictureObjectiveRecipe.Autoencoder(
                        keys.have("corruption", "map or none", "none", PictureObjectiveReader::corruption),
                        keys.choice("loss", PictureObjectiveRecipe.Reconstruction.MSE, PictureObjectiveRecipe.Reconstruction.values()))),
                new Kind<>("vae", keys -> new PictureObjectiveRecipe.Vae(
                        keys.count("latent", SIZE),
                        keys.number("beta", 1, Range.from(0)),
                        keys.flag("conditional", false),
                        keys.choice("likelihood", PictureObjectiveRecipe.Likelihood.BERNOULLI, PictureObjectiveRecipe.Likelihood.values()))),
                new Kind<>("gan_critic", keys -> new PictureObjectiveRecipe.GanCritic(
                        keys.have("loss", "map", "{}", PictureObjectiveReader::loss),
                        keys.flag("conditional", false),
                        keys.flag("classes", false))),
                new Kind<>("gan_generator", keys -> new PictureObjectiveRecipe.GanGenerator(
                        keys.have("generator", "map", "{}", PictureObjectiveReader::drawing),
                        keys.count("latent", SIZE),
                        keys.choice("loss", PictureObjectiveRecipe.Game.NON_SATURATING, PictureObjectiveRecipe.Game.values()),
                        keys.flag("conditional", false),
                        keys.flag("features", false))),
                new Kind<>("masked_patches", keys -> new PictureObjectiveRecipe.MaskedPatches(
                        keys.number("probability", 0.75, Range.open(0, 1)),
                        keys.have("decoder", "map", "{}", node -> node.map(PictureObjectiveReader::decoder)),
                        keys.flag("normalize", false))),
                new Kind<>("simclr", keys -> new PictureObjectiveRecipe.SimClr(
                        keys.number("temperature", 0.5, Range.above(0)), keys.count("projection", 128, SIZE))),
                new Kind<>("rotation", keys -> new PictureObjectiveRecipe.Rotation()),
                new Kind<>("fixmatch", keys -> new PictureObjectiveRecipe.FixMatch(
                        keys.number("threshold", 0.95, Range.open(0, 1)),
                        keys.number("weight", 1, Range.from(0)),
                        keys.count("ratio", 7, Range.closedCount(1, 1000)),
                        keys.choice("head", ObjectiveRecipe.Head.AUTO, ObjectiveRecipe.Head.values()))));
    }

    private static Corruption corruption(Node node) {
        return node.isWord("none")
                ? new Corruption.None()
                : node.oneOf(List.of(
                        new Kind<>("gaussian", keys -> new Corruption.Gaussian(keys.number("deviation", 0.3, Range.above(0)))),
                        new Kind<>("mask", keys -> new Corruption.Mask(keys.number("share", 0.3, Range.open(0, 1))))));
    }

    private static CriticLoss loss(Node node) {
        return node.oneOf("non_saturating", List.of(
                new Kind<>("non_saturating", keys -> new CriticLoss.NonSaturating()),
                new Kind<>("hinge", keys -> new CriticLoss.Hinge()),
                new Kind<>("wasserstein", keys -> new CriticLoss.Wasserstein(keys.number("penalty", 10, Range.above(0))))));
    }

    private static Drawing drawing(Node node) {
        return node.oneOf("dcgan", List.of(
                new Kind<>("dcgan", keys -> new Drawing.Dcgan(sizes(keys, "channels", "[128, 64]"))),
                new Kind<>("mlp", keys -> new Drawing.Mlp(sizes(keys, "hidden", "[256]")))));
    }

    /// At least one whole number above 0.
    private static List<Integer> sizes(Keys keys, String key, String otherwise) {
        return keys.have(key, "list of whole numbers, each at least 1 and at most 65536", otherwise, node -> {
            List<Integer> sizes = node.items().stream().map(size -> (int) size.whole(SIZE)).toList();
            if (node.yaml() instanceof Yaml.Sequence && (sizes.isEmpty() || sizes.size() > MOST_LAYERS)) {
                node.fail("must be 1 to " + MOST_LAYERS + " whole numbers, got " + sizes.size());
            }
            return sizes.isEmpty() ? List.of(1) : sizes;
        });
    }

    private static PictureObjectiveRecipe.Decoder decoder(Keys keys) {
        int width = keys.count("width", 64, SIZE);
        int heads = keys.count("heads", 4, Range.closedCount(1, 1024));
        if (width % 4 != 0) {
            keys.at("width").fail("must be a multiple of 4, for a sine and a cosine of each place's row and column, got " + width);
        }
        if (width % heads != 0) {
            keys.at("heads").fail("must divide width, " + width + ", got " + heads);
        }
        return new PictureObjectiveRecipe.Decoder(keys.count("layers", 2, Range.closedCount(1, 1000)), width, heads);
    }
}
