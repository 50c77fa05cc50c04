package dev.cultivar.zoo;

import dev.cultivar.batch.Draw;
import dev.cultivar.image.Picture;
import java.util.SplittableRandom;

/// Digits and letters as if written by hand, drawn by Java: labelled pictures without end and without a file.
///
/// A row's picture is a function of alphabet, side, seed and row alone, so any thread draws any row at any time. The same row has the
/// same line at every side. White strokes (255) on black (0), one channel, placed as MNIST's digits are.
///
/// @param side pixels of a side, 8 to 512
public record Glyphs(Alphabet alphabet, int side, long seed) {
    private static final long LABEL = Draw.name("glyph label");
    private static final long SHAPE = Draw.name("glyph shape");

    public Glyphs {
        if (side < 8 || side > 512) {
            throw new IllegalArgumentException("the side of drawn characters must be 8 to 512 pixels, got " + side);
        }
    }

    /// A row's label, an index of the alphabet's. Of as many rows as there are labels (0 to 9, 10 to 19, ...) each has another one.
    public int label(long row) {
        if (row < 0) {
            throw new IllegalArgumentException("rows of drawn characters count from 0, got " + row);
        }
        int labels = alphabet.labels().size();
        return (int) Draw.permute(row % labels, labels, Draw.bits(seed, LABEL, labels, row / labels));
    }

    /// A row's picture.
    public Picture draw(long row) {
        String character = alphabet.labels().get(label(row));
        SplittableRandom random = new SplittableRandom(Draw.bits(seed, SHAPE, alphabet.labels().size(), row));
        Shape shape = Strokes.choose(character, random.nextDouble());
        Trace trace = new Hand(random).write(shape);
        return new Picture(side, side, 1, Ink.drawn(side, random).draw(trace, shape.share()));
    }
}
