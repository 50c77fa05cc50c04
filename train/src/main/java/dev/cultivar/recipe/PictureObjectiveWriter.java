package dev.cultivar.recipe;

import dev.cultivar.recipe.PictureObjectiveRecipe.Corruption;
import dev.cultivar.recipe.PictureObjectiveRecipe.CriticLoss;
import dev.cultivar.recipe.PictureObjectiveRecipe.Drawing;

/// Writes objectives over pictures.
final class PictureObjectiveWriter {
    private PictureObjectiveWriter() {}

    static Entries objective(PictureObjectiveRecipe objective) {
        Entries entries = Entries.kind(objective.kind());
        return switch (objective) {
            case PictureObjectiveRecipe.Autoencoder(Corruption corruption, var loss) ->
                entries.put("corruption", corruption(corruption)).word("loss", loss);
            case PictureObjectiveRecipe.Vae(int latent, double beta, boolean conditional, var likelihood) -> entries
                    .whole("latent", latent)
                    .number("beta", beta)
                    .flag("conditional", conditional)
                    .word("likelihood", likelihood);
            case PictureObjectiveRecipe.GanCritic(CriticLoss loss, boolean conditional, boolean classes) ->
                entries.map("loss", loss(loss)).flag("conditional", conditional).flag("classes", classes);
            case PictureObjectiveRecipe.GanGenerator(Drawing drawing, int latent, var loss, boolean conditional, boolean features) -> entries
                    .map("generator", drawing(drawing))
                    .whole("latent", latent)
                    .word("loss", loss)
                    .flag("conditional", conditional)
                    .flag("features", features);
            case PictureObjectiveRecipe.MaskedPatches(double probability, var decoder, boolean normalize) -> entries
                    .number("probability", probability)
                    .map("decoder", Entries.of()
                            .whole("layers", decoder.layers())
                            .whole("width", decoder.width())
                            .whole("heads", decoder.heads()))
                    .flag("normalize", normalize);
            case PictureObjectiveRecipe.SimClr(double temperature, int projection) ->
                entries.number("temperature", temperature).whole("projection", projection);
            case PictureObjectiveRecipe.Rotation _ -> entries;
            case PictureObjectiveRecipe.FixMatch(double threshold, double weight, int ratio, var head) -> entries
                    .number("threshold", threshold)
                    .number("weight", weight)
                    .whole("ratio", ratio)
                    .word("head", head);
        };
    }

    private static Yaml corruption(Corruption corruption) {
        return switch (corruption) {
            case Corruption.None _ -> Entries.plain("none");
            case Corruption.Gaussian(double deviation) -> Entries.kind("gaussian").number("deviation", deviation).mapping();
            case Corruption.Mask(double share) -> Entries.kind("mask").number("share", share).mapping();
        };
    }

    private static Entries loss(CriticLoss loss) {
        return switch (loss) {
            case CriticLoss.NonSaturating _ -> Entries.kind("non_saturating");
            case CriticLoss.Hinge _ -> Entries.kind("hinge");
            case CriticLoss.Wasserstein(double penalty) -> Entries.kind("wasserstein").number("penalty", penalty);
        };
    }

    private static Entries drawing(Drawing drawing) {
        return switch (drawing) {
            case Drawing.Mlp(var hidden) -> Entries.kind("mlp").wholes("hidden", hidden);
            case Drawing.Dcgan(var channels) -> Entries.kind("dcgan").wholes("channels", channels);
        };
    }
}
