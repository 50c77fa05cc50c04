package dev.cultivar.recipe;

/// Writes `data` of kind `images`.
final class ImagesWriter {
    private ImagesWriter() {}

    static Entries images(DataRecipe.Images images) {
        PicturesRecipe.Shape shape = images.shape();
        return Entries.kind("images")
                .map("train", source(images.train()))
                .put("validation", held(images.validation()))
                .put("test", held(images.test()))
                .whole("rows", images.rows())
                .whole("height", shape.height())
                .whole("width", shape.width())
                .whole("channels", shape.channels())
                .word("fit", shape.fit())
                .map("normalize", switch (images.normalization()) {
                    case PicturesRecipe.Normalization.OfData _ -> Entries.kind("data");
                    case PicturesRecipe.Normalization.OfBackbone _ -> Entries.kind("backbone");
                    case PicturesRecipe.Normalization.None _ -> Entries.kind("none");
                    case PicturesRecipe.Normalization.Given(var means, var deviations) -> Entries.kind("given")
                            .numbers("mean", means.stream().mapToDouble(Double::doubleValue).toArray())
                            .numbers("deviation", deviations.stream().mapToDouble(Double::doubleValue).toArray());
                })
                .put("augment", augmentation(images.augmentation()))
                .list("added", images.added().stream().map(ImagesWriter::source).toList())
                .texts("classes", images.classes());
    }

    private static Entries source(PicturesRecipe.Source source) {
        return switch (source) {
            case PicturesRecipe.Source.Folder(var path) -> Entries.of().text("folder", path.toString());
            case PicturesRecipe.Source.Table(var path, String where, String file, String label) -> Entries.of()
                    .text("file", path.toString())
                    .text("where", where)
                    .text("path", file)
                    .text("label", label);
            case PicturesRecipe.Source.Idx(var pictures, var labels) ->
                Entries.of().text("idx", pictures.toString()).text("labels", labels.toString());
            case PicturesRecipe.Source.Pixels pixels -> Entries.of()
                    .text("pixels", pixels.path().toString())
                    .text("where", pixels.where())
                    .text("label", pixels.label())
                    .whole("height", pixels.height())
                    .whole("width", pixels.width())
                    .whole("channels", pixels.channels());
            case PicturesRecipe.Source.Glyphs(var alphabet, int rows, long seed) ->
                Entries.of().word("glyphs", alphabet).whole("rows", rows).whole("seed", seed);
            case PicturesRecipe.Source.Generator(String model, int rows, long seed) ->
                Entries.of().text("generator", model).whole("rows", rows).whole("seed", seed);
        };
    }

    private static Yaml held(PicturesRecipe.Held held) {
        return switch (held) {
            case PicturesRecipe.Held.Apart(var source) -> source(source).mapping();
            case PicturesRecipe.Held.Fraction(double fraction) -> Entries.of().number("fraction", fraction).mapping();
            case PicturesRecipe.Held.None _ -> Entries.plain("none");
        };
    }

    private static Yaml augmentation(PicturesRecipe.Augmentation of) {
        return of.isNone() ? Entries.plain("none") : Entries.of()
                .number("shift", of.shift())
                .number("rotate", of.rotate())
                .number("scale", of.scale())
                .number("shear", of.shear())
                .number("flip", of.flip())
                .number("brightness", of.brightness())
                .number("contrast", of.contrast())
                .number("erase", of.erase())
                .number("mixup", of.mixup())
                .number("cutmix", of.cutmix())
                .whole("views", of.views())
                .mapping();
    }
}
