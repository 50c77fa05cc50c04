package dev.cultivar.pictures;

import dev.cultivar.data.Fingerprint;
import dev.cultivar.image.Picture;
import dev.cultivar.recipe.PicturesRecipe.Source;
import dev.cultivar.zoo.Alphabet;
import dev.cultivar.zoo.Glyphs;

/// Characters that are drawn when they are asked for.
record GlyphPictures(Source.Glyphs source, Glyphs glyphs) implements PictureRows {

    static PictureRows of(Source.Glyphs source, int side) {
        var alphabet = switch (source.alphabet()) {
            case DIGITS -> Alphabet.DIGITS;
            case LETTERS -> Alphabet.LETTERS;
            case CHARACTERS -> Alphabet.CHARACTERS;
        };
        return new GlyphPictures(source, new Glyphs(alphabet, side, source.seed()));
    }

    @Override
    public String name() {
        return "drawn " + source.alphabet().name().toLowerCase(java.util.Locale.ROOT);
    }

    @Override
    public int size() {
        return source.rows();
    }

    @Override
    public String label(int row) {
        return glyphs.alphabet().labels().get(glyphs.label(row));
    }

    @Override
    public String place(int row) {
        return name() + ": picture " + (row + 1);
    }

    @Override
    public Picture picture(int row) {
        return glyphs.draw(row);
    }

    @Override
    public void identify(Fingerprint fingerprint) {
        fingerprint.add(name()).add(source.rows()).add(source.seed()).add(glyphs.side());
    }
}
