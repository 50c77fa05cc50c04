package dev.cultivar.generate;

import java.util.Arrays;
import java.util.PriorityQueue;

/// How the next token is chosen from its logits: the filters stand in transformers' order, and each has a value at which it does nothing.
///
/// @param greedy            whether the likeliest token is taken, so that only the penalty matters of what follows
/// @param repetitionPenalty logits of tokens that are there already are divided by it, negative ones multiplied (Keskar et al.,
///                          2019, "CTRL", equation 2); 1 for none
/// @param temperature       logits are divided by it; 1 for none
/// @param topK              only so many of the likeliest tokens (Fan et al., 2018); 0 for all
/// @param topP              only the likeliest tokens that together have this probability, the one that reaches it included
///                          (Holtzman et al., 2020, "The curious case of neural text degeneration"); 1 for all
/// @param minP              only tokens of at least this share of the likeliest one's probability (Nguyen et al., 2024); 0 for all
/// @param seed              of the draws: the same seed, prompts and settings give the same tokens
public record Sampling(boolean greedy, double repetitionPenalty, double temperature, int topK, double topP, double minP, long seed) {
    /// The likeliest token, always.
    public static final Sampling GREEDY = new Sampling(true, 1, 1, 0, 1, 0, 0);
    /// From the model's own distribution.
    public static final Sampling PLAIN = new Sampling(false, 1, 1, 0, 1, 0, 0);

    public Sampling {
        require(repetitionPenalty > 0, "repetition penalty must be above 0", repetitionPenalty);
        require(temperature > 0 && temperature < Double.POSITIVE_INFINITY, "temperature must be above 0 (for the likeliest token always, ask for greedy)", temperature);
        require(topK >= 0, "top-k must be at least 0, which is all", topK);
        require(topP > 0 && topP <= 1, "top-p must be above 0 and at most 1", topP);
        require(minP >= 0 && minP <= 1, "min-p must be from 0 to 1", minP);
    }

    private static void require(boolean right, String what, double got) {
        if (!right) {
            throw new IllegalArgumentException(what + ", got " + (got == Math.rint(got) ? Long.toString((long) got) : Double.toString(got)));
        }
    }

    public Sampling withRepetitionPenalty(double value) {
        return new Sampling(greedy, value, temperature, topK, topP, minP, seed);
    }

    public Sampling withTemperature(double value) {
        return new Sampling(greedy, repetitionPenalty, value, topK, topP, minP, seed);
    }

    public Sampling withTopK(int value) {
        return new Sampling(greedy, repetitionPenalty, temperature, value, topP, minP, seed);
    }

    public Sampling withTopP(double value) {
        return new Sampling(greedy, repetitionPenalty, temperature, topK, value, minP, seed);
    }

    public Sampling withMinP(double value) {
        return new Sampling(greedy, repetitionPenalty, temperature, topK, topP, value, seed);
    }

    public Sampling withSeed(long value) {
        return new Sampling(greedy, repetitionPenalty, temperature, topK, topP, minP, value);
    }

    /// The next token.
    ///
    /// @param logits of the whole vocabulary
    /// @param seen   the row's tokens so far
    /// @param draw   in [0, 1)
    int next(float[] logits, int[] seen, double draw) {
        float[] left = filtered(logits, seen);
        int best = 0;
        for (int i = 1; i < left.length; i++) {
            best = left[i] > left[best] ? i : best;
        }
        if (greedy) {
            return best;
        }
        double[] weights = new double[left.length];
        double total = 0;
        for (int i = 0; i < left.length; i++) {
            weights[i] = Math.exp((double) left[i] - left[best]);
            total += weights[i];
        }
        double rest = draw * total;
        for (int i = 0; i < left.length; i++) {
            rest -= weights[i];
            if (rest < 0) {
                return i;
            }
        }
        return best; // only rounding leads here
    }

    /// The logits that the next token is drawn from: minus infinity at those that are filtered out.
    ///
    /// @param logits of the whole vocabulary; left as they are
    /// @param seen   the row's tokens so far
    public float[] filtered(float[] logits, int[] seen) {
        float[] left = logits.clone();
        if (repetitionPenalty != 1) {
            for (int token : Arrays.stream(seen).distinct().toArray()) {
                left[token] = left[token] < 0 ? left[token] * (float) repetitionPenalty : left[token] / (float) repetitionPenalty;
            }
        }
        if (greedy) {
            return left;
        }
        if (temperature != 1) {
            for (int i = 0; i < left.length; i++) {
                left[i] /= (float) temperature;
            }
        }
        if (topK > 0 && topK < left.length) {
            drop(left, kth(left, topK));
        }
        if (topP < 1) {
            nucleus(left);
        }
        if (minP > 0) {
            drop(left, (float) (max(left) + Math.log(minP)));
        }
        return left;
    }

    private static void drop(float[] logits, float below) {
        for (int i = 0; i < logits.length; i++) {
            logits[i] = logits[i] < below ? Float.NEGATIVE_INFINITY : logits[i];
        }
    }

    private static float max(float[] logits) {
        float max = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        return max;
    }

    /// The k-th largest.
    private static float kth(float[] logits, int k) {
        var largest = new PriorityQueue<Float>(k);
        for (float logit : logits) {
            if (largest.size() < k) {
                largest.add(logit);
            } else if (logit > largest.element()) {
                largest.remove();
                largest.add(logit);
            }
        }
        return largest.element();
    }

    /// From the likeliest down, until those before it have the probability already; equal ones go by their number, the larger first.
    private void nucleus(float[] logits) {
        long[] order = new long[logits.length];
        for (int i = 0; i < order.length; i++) {
            int bits = Float.floatToIntBits(logits[i]);
            order[i] = ((long) (bits < 0 ? bits ^ Integer.MAX_VALUE : bits) << 32) | i; // ordered as the logits are
        }
        Arrays.sort(order);
        float max = max(logits);
        double total = 0;
        for (float logit : logits) {
            total += Math.exp((double) logit - max);
        }
        double below = 0; // probability of this token and of all less likely ones
        for (int i = 0; i < order.length - 1; i++) {
            int token = (int) order[i];
            below += Math.exp((double) logits[token] - max) / total;
            if (below > 1 - topP) {
                return;
            }
            logits[token] = Float.NEGATIVE_INFINITY;
        }
    }
}
