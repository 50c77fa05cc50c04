package dev.cultivar.pictures;

import dev.cultivar.data.Fingerprint;
import dev.cultivar.image.Picture;
import dev.cultivar.recipe.PicturesRecipe.Source;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Pictures that a trained model draws, of each of its classes in turn. They are drawn many at once, in order, and asked for while the model is open.
final class GeneratedPictures implements PictureRows {
    private static final int TOGETHER = 256;

    private final Source.Generator source;
    private final PictureMaker maker;
    private final List<String> labels;
    private final String sha256;
    private int drawn = -1;
    private List<Picture> block = List.of();

    GeneratedPictures(Source.Generator source, PictureMaker maker) {
        this.source = source;
        this.maker = maker;
        this.labels = maker.labels();
        this.sha256 = maker.sha256();
    }

    @Override
    public String name() {
        return "drawn by " + source.model();
    }

    @Override
    public int size() {
        return source.rows();
    }

    @Override
    public String label(int row) {
        return labels.isEmpty() ? "" : labels.get(row % labels.size());
    }

    @Override
    public String place(int row) {
        return name() + ": picture " + (row + 1);
    }

    @Override
    public Picture picture(int row) {
        return block(row / TOGETHER).get(row % TOGETHER);
    }

    private synchronized List<Picture> block(int number) {
        if (number != drawn) {
            int from = number * TOGETHER;
            int to = Math.min(source.rows(), from + TOGETHER);
            block = maker.pictures(source.seed(), from, IntStream.range(from, to).mapToObj(this::label).toList());
            drawn = number;
        }
        return block;
    }

    @Override
    public Optional<String> maker() {
        return Optional.of(sha256);
    }

    @Override
    public void identify(Fingerprint fingerprint) {
        fingerprint.add("generator").add(sha256).add(source.rows()).add(source.seed()).add(labels.size());
        labels.forEach(fingerprint::add);
    }
}
