package dev.cultivar.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

/// The texts that beam search follows for one source: at each step the likeliest continuations of all of them stay.
///
/// A text that ends among the likeliest is put aside with its score, the sum of its tokens' logarithms over a power of its length; the search
/// is over when the likeliest that still goes on could not, at its present length, beat the worst of as many ended ones as there are beams.
/// These are transformers' rules where its `early_stopping` is false.
final class Beams {
    private static final float NEVER = -1e9f;

    private final Writing writing;
    private final Set<Integer> ends;
    private final List<Ended> ended = new ArrayList<>();
    private int[][] texts;
    private float[] scores;
    private boolean going = true;

    Beams(Writing writing, Set<Integer> ends) {
        this.writing = writing;
        this.ends = ends;
        this.texts = new int[writing.beams()][0];
        this.scores = new float[writing.beams()];
        Arrays.fill(scores, 1, scores.length, NEVER); // all begin alike: only the first one's continuations count
    }

    /// @param stopped whether it is too long, and not ended by its last token
    private record Ended(int[] text, double score, boolean stopped) {}

    /// A beam and the token that follows it.
    private record Candidate(int beam, int token, float score) {}

    boolean going() {
        return going;
    }

    /// The tokens of a beam so far.
    int[] text(int beam) {
        return texts[beam];
    }

    /// Goes on by one token.
    ///
    /// @param logarithms of the probabilities of each beam's next token, (beams)(V)
    /// @return for each new beam the one that it goes on from
    int[] advance(float[][] logarithms) {
        int beams = writing.beams();
        int length = texts[0].length + 1;
        List<Candidate> best = best(logarithms, Math.max(2, 1 + ends.size()) * beams);
        int[][] next = new int[beams][];
        float[] nextScores = new float[beams];
        int[] from = new int[beams];
        int running = 0;
        for (int rank = 0; rank < best.size(); rank++) {
            Candidate candidate = best.get(rank);
            int[] text = Arrays.copyOf(texts[candidate.beam()], length);
            text[length - 1] = candidate.token();
            boolean end = ends.contains(candidate.token());
            if (!end && length < writing.tokens()) {
                if (running < beams) {
                    next[running] = text;
                    nextScores[running] = candidate.score();
                    from[running++] = candidate.beam();
                }
            } else if (rank < beams) {
                ended.add(new Ended(text, candidate.score() / Math.pow(length, writing.lengthPenalty()), !end));
            }
        }
        ended.sort(Comparator.comparingDouble(Ended::score).reversed());
        if (ended.size() > beams) {
            ended.subList(beams, ended.size()).clear();
        }
        going = running == beams
                && (ended.size() < beams || nextScores[0] / Math.pow(length, writing.lengthPenalty()) > ended.getLast().score());
        if (running == beams) {
            texts = next;
            scores = nextScores;
        }
        return from;
    }

    /// The likeliest first, of equal ones the one of the first beam and token.
    private List<Candidate> best(float[][] logarithms, int count) {
        var order = Comparator.comparingDouble(Candidate::score)
                .thenComparing(Comparator.comparingInt(Candidate::beam).reversed())
                .thenComparing(Comparator.comparingInt(Candidate::token).reversed());
        var queue = new PriorityQueue<>(order);
        for (int beam = 0; beam < logarithms.length; beam++) {
            for (int token = 0; token < logarithms[beam].length; token++) {
                float score = scores[beam] + logarithms[beam][token];
                if (queue.size() < count || score > queue.element().score()) {
                    queue.add(new Candidate(beam, token, score));
                    if (queue.size() > count) {
                        queue.remove();
                    }
                }
            }
        }
        List<Candidate> best = new ArrayList<>(queue);
        best.sort(order.reversed());
        return best;
    }

    /// The best text, without the piece that ends it.
    Continuation continuation() {
        Ended first = ended.getFirst();
        return first.stopped()
                ? new Continuation(first.text(), Continuation.Why.LENGTH)
                : new Continuation(Arrays.copyOf(first.text(), first.text().length - 1), Continuation.Why.ENDED);
    }
}
