package dev.cultivar.text;

import dev.cultivar.batch.Batch;
import java.util.Arrays;

/// The three arrays that every BERT sees, row by row: `[CLS] first [SEP]`, or `[CLS] first [SEP] second [SEP]`, then padding.
public final class TokenGrid {
    private final int height;
    private final int length;
    private final int[] ids;
    private final int[] mask;
    private final int[] types;

    /// @param pad the piece that fills what no row takes
    public TokenGrid(int height, int length, int pad) {
        this.height = height;
        this.length = length;
        ids = new int[height * length];
        mask = new int[height * length];
        types = new int[height * length];
        Arrays.fill(ids, pad);
    }

    /// Rows of this layout need a `[CLS]` and a `[SEP]`.
    ///
    /// @throws dev.cultivar.batch.DataException if the tokenizer lacks one
    public static void requireFrame(Pieces pieces) {
        pieces.cls();
        pieces.sep();
    }

    /// Tokens of a row: the pieces, one special one in front and one after each segment.
    ///
    /// @param first  pieces of the first segment
    /// @param second pieces of the second, 0 where there is none
    public static int length(int first, int second) {
        return first + 2 + (second == 0 ? 0 : second + 1);
    }

    /// How much of two segments fits into a row: the longer one is cut first, and then both alike (`longest_first` of
    /// transformers).
    public static int[] fit(int first, int second, int maxLength) {
        int budget = maxLength - (second == 0 ? 2 : 3);
        if (first + second <= budget) {
            return new int[] {first, second};
        }
        int shorter = Math.min(Math.min(first, second), budget / 2);
        return first > second ? new int[] {budget - shorter, shorter} : new int[] {shorter, budget - shorter};
    }

    /// The tokens of two segments with the special ones around them.
    public static int[] assemble(int[] first, int[] second, Pieces pieces) {
        int[] tokens = new int[length(first.length, second.length)];
        tokens[0] = pieces.cls();
        System.arraycopy(first, 0, tokens, 1, first.length);
        tokens[first.length + 1] = pieces.sep();
        if (second.length > 0) {
            System.arraycopy(second, 0, tokens, first.length + 2, second.length);
            tokens[tokens.length - 1] = pieces.sep();
        }
        return tokens;
    }

    /// @param firstLength pieces of the first segment, without special ones
    public void put(int row, int[] tokens, int firstLength) {
        int at = row * length;
        System.arraycopy(tokens, 0, ids, at, tokens.length);
        Arrays.fill(mask, at, at + tokens.length, 1);
        Arrays.fill(types, at + firstLength + 2, at + tokens.length, 1);
    }

    /// Copies the first row into all from one on.
    public void fill(int from) {
        for (int row = from; row < height; row++) {
            for (int[] array : new int[][] {ids, mask, types}) {
                System.arraycopy(array, 0, array, row * length, length);
            }
        }
    }

    /// Adds the three arrays to a batch.
    public Batch.Builder into(Batch.Builder batch) {
        return batch.ints("input_ids", ids, height, length) // (B, T)
                .ints("attention_mask", mask, height, length)
                .ints("token_type_ids", types, height, length);
    }

    /// Rows' numbers, as a batch has them.
    public static long[] origin(int[] rows) {
        return Arrays.stream(rows).asLongStream().toArray();
    }
}
