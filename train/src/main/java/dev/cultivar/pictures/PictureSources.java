package dev.cultivar.pictures;

import dev.cultivar.recipe.PicturesRecipe.Shape;
import dev.cultivar.recipe.PicturesRecipe.Source;

/// Opens what a recipe names as a source of pictures.
final class PictureSources {
    private PictureSources() {}

    /// @param shape that the pictures are wanted in, for those that are drawn
    static PictureRows open(Source source, Shape shape) {
        return switch (source) {
            case Source.Folder(var path) -> FilePictures.folder(path);
            case Source.Table table -> FilePictures.table(table);
            case Source.Idx(var pictures, var labels) -> IdxPictures.open(pictures, labels);
            case Source.Pixels pixels -> PixelPictures.open(pixels);
            case Source.Glyphs glyphs -> GlyphPictures.of(glyphs, Math.min(shape.height(), shape.width()));
        };
    }
}
