package dev.cultivar.data;

import dev.cultivar.batch.Batch;
import dev.cultivar.text.TextFrame;
import dev.cultivar.text.TokenGrid;
import java.util.Arrays;
import java.util.List;

/// Lays out rows of two texts, one that is read and one that is written: `input_ids`, `attention_mask` (B, S) and
/// `decoder_attention_mask`, `labels` (B, T), -100 where a text has ended. Filler rows have no labels.
///
/// Each side is as wide as its longest row, to a multiple of eight.
///
/// @param frame     pieces around each text
/// @param pad       fills a row up
/// @param maxSource tokens of a text that is read at most
/// @param maxTarget tokens of a text that is written at most
record TextRows(TextFrame frame, int pad, int maxSource, int maxTarget) {

    /// Two texts as tokens, without the frame.
    record Texts(int[] source, int[] target) {}

    /// Tokens of both texts, with what stands around them.
    ///
    /// @param source pieces of the text that is read
    /// @param target of the one that is written
    int length(int source, int target) {
        return Math.min(maxSource, source + frame.pieces()) + Math.min(maxTarget, target + frame.pieces());
    }

    int maxLength() {
        return maxSource + maxTarget;
    }

    /// @param rows   their numbers
    /// @param height of the arrays
    Batch.Builder batch(List<Texts> texts, int[] rows, int height) {
        List<int[]> sources = texts.stream().map(text -> frame.around(text.source(), maxSource)).toList();
        List<int[]> targets = texts.stream().map(text -> frame.around(text.target(), maxTarget)).toList();
        int read = width(sources, maxSource);
        int written = width(targets, maxTarget);
        int[] ids = new int[height * read];
        int[] mask = new int[height * read];
        int[] labels = new int[height * written];
        int[] said = new int[height * written];
        Arrays.fill(ids, pad);
        Arrays.fill(labels, LabelledBatches.IGNORED);
        for (int i = 0; i < height; i++) {
            int[] source = sources.get(i < rows.length ? i : 0);
            System.arraycopy(source, 0, ids, i * read, source.length);
            Arrays.fill(mask, i * read, i * read + source.length, 1);
            if (i < rows.length) {
                System.arraycopy(targets.get(i), 0, labels, i * written, targets.get(i).length);
                Arrays.fill(said, i * written, i * written + targets.get(i).length, 1);
            }
        }
        return Batch.of(TokenGrid.origin(rows))
                .ints("input_ids", ids, height, read)
                .ints("attention_mask", mask, height, read)
                .ints("decoder_attention_mask", said, height, written)
                .ints("labels", labels, height, written);
    }

    private static int width(List<int[]> rows, int most) {
        return BatchPlan.padded(rows.stream().mapToInt(row -> row.length).max().orElse(1), most);
    }
}
