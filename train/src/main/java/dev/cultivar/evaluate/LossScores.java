package dev.cultivar.evaluate;

import java.util.Arrays;

/// The mean loss of rows that count by their tokens, with its interval, and the perplexity that is its exponential.
///
/// Tokens of one row are not independent, so rows are what varies: the mean is the ratio of two sums over rows, and its
/// standard error is the ratio estimator's (Cochran, 1977, "Sampling techniques", equation 6.13).
///
/// @param loss       total loss over total tokens
/// @param perplexity its exponential, interval included
/// @param rows       rows that had tokens
/// @param tokens     tokens in all
public record LossScores(Metric loss, Metric perplexity, long rows, long tokens) {

    /// @param name   of the metric, as `masked_lm_loss`
    /// @param sums   each row's losses, summed over its tokens
    /// @param tokens how many tokens each sum is over; a row of none counts for nothing
    public static LossScores of(String name, double[] sums, long[] tokens) {
        if (sums.length != tokens.length) {
            throw new IllegalArgumentException(sums.length + " sums of losses, but " + tokens.length + " numbers of tokens");
        }
        long rows = 0;
        long totalTokens = 0;
        double total = 0;
        for (int row = 0; row < sums.length; row++) {
            if (tokens[row] < 0) {
                throw new IllegalArgumentException("row " + row + ": " + tokens[row] + " tokens");
            }
            if (tokens[row] > 0) {
                rows++;
                totalTokens += tokens[row];
                total += sums[row];
            }
        }
        if (rows == 0) {
            throw new IllegalArgumentException(name + ": no row has a token to score");
        }
        double mean = total / totalTokens;
        double squares = 0;
        for (int row = 0; row < sums.length; row++) {
            if (tokens[row] > 0) {
                double off = sums[row] - mean * tokens[row];
                squares += off * off;
            }
        }
        // One row tells nothing of how rows vary: 0 / 0, and the interval stays open.
        double standardError = rows == 1 ? Double.NaN : Math.sqrt(squares * rows / (rows - 1)) / totalTokens;
        double least = total < 0 ? Double.NEGATIVE_INFINITY : 0; // log-densities may be negative losses
        Metric loss = Intervals.normal(name, mean, standardError, least, Double.POSITIVE_INFINITY, Direction.LOWER);
        String perplexity = name.equals("loss") ? "perplexity" : name.replaceAll("_?loss$", "") + "_perplexity";
        return new LossScores(loss,
                new Metric(perplexity, Math.exp(loss.value()), Math.exp(loss.low()), Math.exp(loss.high()), Direction.LOWER),
                rows, totalTokens);
    }

    /// Rows that count once each.
    public static LossScores ofRows(String name, double[] losses) {
        long[] ones = new long[losses.length];
        Arrays.fill(ones, 1);
        return of(name, losses, ones);
    }
}
