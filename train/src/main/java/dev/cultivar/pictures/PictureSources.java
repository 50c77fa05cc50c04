package dev.cultivar.pictures;

import dev.cultivar.recipe.PicturesRecipe.Shape;
import dev.cultivar.recipe.PicturesRecipe.Source;
import java.nio.file.Path;
import java.util.function.Consumer;

/// Opens what a recipe names as a source of pictures.
///
/// @param shape  that the pictures are wanted in
/// @param folder where they are kept in that form
/// @param makers opens models that draw
record PictureSources(Shape shape, Path folder, PictureMaker.Opener makers) {

    /// Reads or draws what is not there yet.
    ///
    PictureStore open(Source source) {
        return open(source, rows -> {});
    }

    /// @param before hears of the pictures before any is read or drawn, and may refuse them
    PictureStore open(Source source, Consumer<PictureRows> before) {
        return switch (source) {
            case Source.Folder(var path) -> stored(FilePictures.folder(path), before);
            case Source.Table table -> stored(FilePictures.table(table), before);
            case Source.Idx(var pictures, var labels) -> stored(IdxPictures.open(pictures, labels), before);
            case Source.Pixels pixels -> stored(PixelPictures.open(pixels), before);
            case Source.Glyphs glyphs -> stored(GlyphPictures.of(glyphs, Math.min(shape.height(), shape.width())), before);
            case Source.Generator generator -> {
                try (var maker = makers.open(generator.model())) {
                    yield stored(new GeneratedPictures(generator, maker), before);
                }
            }
        };
    }

    private PictureStore stored(PictureRows rows, Consumer<PictureRows> before) {
        before.accept(rows);
        return PictureStore.open(rows, shape, folder);
    }
}
