package dev.cultivar.generate;

/// How an encoder-decoder writes one text from another.
///
/// @param tokens        at most so many, the one that ends the text included
/// @param leastTokens   before so many nothing ends it
/// @param beams         texts that are followed at once (beam search); 1 takes the likeliest token, always
/// @param lengthPenalty a beam's score is divided by its length to this power: above 0 longer texts are preferred
/// @param noRepeat      so many tokens in a row may stand only once in a text (Paulus et al., 2018, section 2.5); 0 for any
/// @param forcedBegin   the first token, whatever its logit; -1 for none
/// @param forcedEnd     the last token where `tokens` are reached; -1 for none
public record Writing(int tokens, int leastTokens, int beams, double lengthPenalty, int noRepeat, int forcedBegin, int forcedEnd) {

    public Writing {
        require(tokens >= 1, "tokens must be at least 1", tokens);
        require(leastTokens >= 0 && leastTokens < tokens, "leastTokens must be from 0 to below tokens, " + tokens, leastTokens);
        require(beams >= 1 && beams <= 64, "beams must be from 1 to 64", beams);
        require(noRepeat >= 0, "noRepeat must be at least 0, which is any", noRepeat);
    }

    private static void require(boolean right, String what, int got) {
        if (!right) {
            throw new IllegalArgumentException(what + ", got " + got);
        }
    }

    /// The likeliest token, always.
    public static Writing greedy(int tokens) {
        return new Writing(tokens, 0, 1, 1, 0, -1, -1);
    }

    public Writing withTokens(int most) {
        return new Writing(most, Math.min(leastTokens, most - 1), beams, lengthPenalty, noRepeat, forcedBegin, forcedEnd);
    }

    public Writing withLeastTokens(int least) {
        return new Writing(tokens, least, beams, lengthPenalty, noRepeat, forcedBegin, forcedEnd);
    }

    /// @param power see [#lengthPenalty]
    public Writing withBeams(int followed, double power) {
        return new Writing(tokens, leastTokens, followed, power, noRepeat, forcedBegin, forcedEnd);
    }

    public Writing withNoRepeat(int length) {
        return new Writing(tokens, leastTokens, beams, lengthPenalty, length, forcedBegin, forcedEnd);
    }

    public Writing withForced(int begin, int end) {
        return new Writing(tokens, leastTokens, beams, lengthPenalty, noRepeat, begin, end);
    }

    /// Takes from the logits, or logarithms of probabilities, of the next token what may not come: they become minus infinity.
    ///
    /// @param start what the decoder read first; it counts among what may not be repeated
    /// @param said  the tokens after it
    /// @param ends  tokens that end a text
    void filter(float[] logits, int start, int[] said, Iterable<Integer> ends) {
        if (said.length < leastTokens) {
            ends.forEach(end -> logits[end] = Float.NEGATIVE_INFINITY);
        }
        if (noRepeat > 0 && said.length + 2 > noRepeat) {
            int known = noRepeat - 1; // of the tokens in a row, the last ones that were said
            for (int from = -1; from + known < said.length; from++) {
                boolean same = true;
                for (int i = 0; i < known && same; i++) {
                    same = at(start, said, from + i) == said(start, said, known - i);
                }
                if (same) {
                    logits[at(start, said, from + known)] = Float.NEGATIVE_INFINITY;
                }
            }
        }
        int forced = said.length == 0 ? forcedBegin : said.length == tokens - 1 ? forcedEnd : -1;
        if (forced >= 0) {
            java.util.Arrays.fill(logits, Float.NEGATIVE_INFINITY);
            logits[forced] = 0;
        }
    }

    private static int at(int start, int[] said, int place) {
        return place < 0 ? start : said[place];
    }

    private static int said(int start, int[] said, int fromEnd) {
        return at(start, said, said.length - fromEnd);
    }
}
