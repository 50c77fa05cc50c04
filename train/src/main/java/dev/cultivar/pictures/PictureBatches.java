package dev.cultivar.pictures;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.Draw;
import dev.cultivar.batch.PictureFacts;
import dev.cultivar.data.BatchMaker;
import dev.cultivar.data.Labelled;
import dev.cultivar.data.Targets;
import dev.cultivar.image.Picture;
import dev.cultivar.recipe.PicturesRecipe.Augmentation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Batches of pictures: `pixel_values` (B, C, H, W), normalised, the fields of the targets, and what an objective asks for besides.
///
/// @param part    the pictures
/// @param targets what they are labelled with
/// @param labels  of each, read
/// @param facts   how large they are, and how their values are normalised
/// @param how     they are changed; not at all where they are measured on
/// @param seed    of the draws
/// @param extra   fields that the objective asks for
public record PictureBatches(
        PicturePart part, Targets targets, List<Label> labels, PictureFacts facts, Augmentation how, long seed, List<Extra> extra)
        implements BatchMaker {
    private static final long VIEW = Draw.name("which of the fixed views");

    /// A label as it is read.
    ///
    /// @param origin the picture's number in its source, from 1
    public record Label(int[] target, long origin) implements Labelled {}

    /// A field that an objective asks for.
    public interface Extra {
        /// @param rows   which rows of the part, without filler
        /// @param values (B, C, H, W) from 0 to 1, filler too
        void into(Batch.Builder batch, int[] rows, int height, long epoch, float[] values, PictureBatches of);
    }

    public PictureBatches {
        labels = List.copyOf(labels);
        extra = List.copyOf(extra);
    }

    /// Reads the labels of a part.
    public static List<Label> labels(PicturePart part, Targets targets) {
        List<Label> labels = new ArrayList<>();
        part.each(example -> labels.add(new Label(targets.read(example, part), example.row())));
        return labels;
    }

    @Override
    public int rows() {
        return part.size();
    }

    /// A picture is read as a whole, as if it were one token.
    @Override
    public int[] lengths(long epoch) {
        int[] lengths = new int[part.size()];
        Arrays.fill(lengths, 1);
        return lengths;
    }

    @Override
    public int maxLength() {
        return 1;
    }

    /// Pictures that are changed anew each epoch are not the same twice.
    @Override
    public List<String> fixedInputs() {
        boolean fixed = augmenter().isStill() || how.views() > 0;
        return fixed && how.mixup() == 0 && how.cutmix() == 0 ? List.of("pixel_values") : List.of();
    }

    private Augmenter augmenter() {
        return new Augmenter(how, facts.height(), facts.width(), facts.channels());
    }

    @Override
    public Batch make(int[] rows, int height, int length, long epoch) {
        float[] values = values(rows, height, epoch);
        Batch.Builder batch = Batch.of(Arrays.stream(rows).mapToLong(row -> labels.get(row).origin()).toArray());
        if (how.mixup() > 0 || how.cutmix() > 0) {
            new Mixing(how, facts, seed).into(batch, rows, height, epoch, values, this);
        }
        batch.floats("pixel_values", facts.normalized(values), height, facts.channels(), facts.height(), facts.width());
        targets.into(batch, Arrays.stream(rows).mapToObj(labels::get).toList(), height);
        for (Extra each : extra) {
            each.into(batch, rows, height, epoch, values, this);
        }
        return batch.build();
    }

    /// The rows' values from 0 to 1, (B, C, H, W), changed as they are in that epoch; filler is the first of them.
    public float[] values(int[] rows, int height, long epoch) {
        return values(rows, height, epoch, 0, augmenter());
    }

    /// The same, changed otherwise.
    ///
    /// @param view tells several of one epoch apart
    float[] values(int[] rows, int height, long epoch, long view, Augmenter augmenter) {
        float[] values = new float[height * facts.shape().values()];
        byte[] pixels = new byte[facts.shape().values()];
        for (int i = 0; i < height; i++) {
            int row = rows[i < rows.length ? i : 0];
            part.read(row, pixels);
            if (augmenter.isStill()) {
                Picture.values(pixels, facts.channels(), values, i * facts.shape().values());
            } else {
                long draw = augmenter.how().views() > 0 ? Draw.below(augmenter.how().views(), seed, VIEW, epoch, row) : epoch;
                augmenter.apply(pixels, values, i * facts.shape().values(), seed, draw, labels.get(row).origin(), view);
            }
        }
        return values;
    }
}
