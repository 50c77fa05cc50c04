package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import dev.cultivar.batch.Draw;
import dev.cultivar.recipe.BatchingRecipe.Budget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Which rows of an epoch are batched together, and in which order: a function of lengths, seed and epoch alone.
///
/// Rows are put in a keyed order, then sorted by length, so that little is padding; then the batches are put in a keyed order too. Each
/// row is in exactly one batch. A budget of rows sorts within windows of fifty batches, which keeps batches mixed at little padding. A
/// budget of tokens sorts all rows, by length to a multiple of eight, so that rows of one length meet others every epoch.
final class BatchPlan {
    static final int MULTIPLE = 8;
    private static final int WINDOW = 50;
    private static final long ROWS = Draw.name("order of rows");
    private static final long BATCHES = Draw.name("order of batches");

    private final int[][] batches;
    private final int[] paddedLengths;
    private final long[] tokens;

    /// @param multiple that lengths are rounded up to
    private BatchPlan(int[][] batches, int[] lengths, int maxLength, int multiple) {
        this.batches = batches;
        this.paddedLengths = new int[batches.length];
        this.tokens = new long[batches.length];
        for (int b = 0; b < batches.length; b++) {
            for (int row : batches[b]) {
                paddedLengths[b] = Math.max(paddedLengths[b], padded(lengths[row], maxLength, multiple));
                tokens[b] += lengths[row];
            }
        }
    }

    /// @param lengths   of each row, special tokens included
    /// @param maxLength no batch is longer, whatever the multiple
    static BatchPlan of(int[] lengths, int maxLength, Budget budget, long seed, long epoch) {
        int[] order = new int[lengths.length];
        long key = Draw.bits(seed, ROWS, epoch);
        for (int row = 0; row < order.length; row++) {
            order[(int) Draw.permute(row, order.length, key)] = row;
        }
        List<int[]> batches = switch (budget) {
            case Budget.Tokens tokens -> byTokens(order, lengths, maxLength, tokens.tokens());
            case Budget.Rows rows -> byRows(order, lengths, maxLength, rows.rows());
        };
        int[][] ordered = new int[batches.size()][];
        long batchKey = Draw.bits(seed, BATCHES, epoch);
        for (int b = 0; b < ordered.length; b++) {
            ordered[(int) Draw.permute(b, ordered.length, batchKey)] = batches.get(b);
        }
        return new BatchPlan(ordered, lengths, maxLength, budget instanceof Budget.Tokens ? MULTIPLE : 1);
    }

    private static List<int[]> byTokens(int[] order, int[] lengths, int maxLength, int budget) {
        sort(order, 0, order.length, lengths, maxLength, MULTIPLE);
        List<int[]> batches = new ArrayList<>();
        int from = 0;
        for (int at = 0; at < order.length; at++) {
            int longest = padded(lengths[order[at]], maxLength); // rows come in rising length
            if (longest > budget) {
                throw new DataException("batching.tokens is " + budget + ", but row " + order[at] + " alone takes " + longest
                        + " tokens with padding. Raise batching.tokens to " + longest + " or more, or lower batching.max_length");
            }
            if ((long) longest * (at - from + 1) > budget) {
                batches.add(Arrays.copyOfRange(order, from, at));
                from = at;
            }
        }
        if (from < order.length) {
            batches.add(Arrays.copyOfRange(order, from, order.length));
        }
        return batches;
    }

    private static List<int[]> byRows(int[] order, int[] lengths, int maxLength, int rows) {
        List<int[]> batches = new ArrayList<>();
        long window = (long) WINDOW * rows;
        for (long from = 0; from < order.length; from += window) {
            sort(order, (int) from, (int) Math.min(order.length, from + window), lengths, maxLength, 1);
        }
        for (long from = 0; from < order.length; from += rows) {
            batches.add(Arrays.copyOfRange(order, (int) from, (int) Math.min(order.length, from + rows)));
        }
        return batches;
    }

    /// A stable counting sort by length in multiples.
    private static void sort(int[] order, int from, int to, int[] lengths, int maxLength, int multiple) {
        int[] counts = new int[maxLength / multiple + 3];
        for (int at = from; at < to; at++) {
            counts[Math.ceilDiv(lengths[order[at]], multiple) + 1]++;
        }
        for (int bucket = 1; bucket < counts.length; bucket++) {
            counts[bucket] += counts[bucket - 1];
        }
        int[] sorted = new int[to - from];
        for (int at = from; at < to; at++) {
            sorted[counts[Math.ceilDiv(lengths[order[at]], multiple)]++] = order[at];
        }
        System.arraycopy(sorted, 0, order, from, sorted.length);
    }

    static int padded(int length, int maxLength) {
        return padded(length, maxLength, MULTIPLE);
    }

    private static int padded(int length, int maxLength, int multiple) {
        return Math.min(multiple * Math.ceilDiv(length, multiple), maxLength);
    }

    int size() {
        return batches.length;
    }

    int[] rows(int batch) {
        return batches[batch].clone();
    }

    /// The longest row of a batch, rounded up where the budget is one of tokens.
    int paddedLength(int batch) {
        return paddedLengths[batch];
    }

    /// Tokens of a batch without padding.
    long tokens(int batch) {
        return tokens[batch];
    }
}
