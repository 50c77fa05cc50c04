package dev.cultivar.predict;

import dev.cultivar.text.Placed;
import dev.cultivar.text.QuestionRows;
import dev.cultivar.text.Windows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/// Chooses the answer to one question among the stretches that a network points at, in all windows of a text.
///
/// A stretch's score is that of its first piece as a start and of its last piece as an end (Devlin et al., 2019, section 4.2). That of
/// having no answer is the score of `[CLS]` as both, the least of all windows: it counts only where no window sees an answer.
public final class Spans {
    private static final int BEST = 20;

    private final String context;
    private final Rules rules;
    private final Map<Long, Double> found = new HashMap<>();
    private double nothing = Double.POSITIVE_INFINITY;

    /// How answers are chosen.
    ///
    /// @param maxAnswer the most pieces of an answer
    /// @param refuses   whether there may be no answer
    /// @param threshold by how much the score of no answer must exceed that of the best stretch
    /// @param best      how many stretches are told
    public record Rules(int maxAnswer, boolean refuses, double threshold, int best) {
        /// Twenty stretches are told.
        public Rules(int maxAnswer, boolean refuses, double threshold) {
            this(maxAnswer, refuses, threshold, BEST);
        }
    }

    /// @param context the text that the question is asked of
    public Spans(String context, Rules rules) {
        this.context = context;
        this.rules = rules;
    }

    /// Adds what a network said of a window.
    ///
    /// @param scores of each token of the row to be the answer's first and its last, two after two
    void add(float[] scores, QuestionRows rows, Windows window) {
        Placed context = rows.context();
        add(scores, rows.contextAt(), Arrays.copyOfRange(context.starts(), window.from(), window.to()),
                Arrays.copyOfRange(context.ends(), window.from(), window.to()));
    }

    /// The same, by where the window's pieces stand.
    ///
    /// @param contextAt token of the row that is the window's first piece
    /// @param starts    the first character of each piece of the window
    /// @param ends      the character after the last of each
    public void add(float[] scores, int contextAt, int[] starts, int[] ends) {
        nothing = Math.min(nothing, (double) scores[0] + scores[1]);
        var kept = new PriorityQueue<>(Comparator.comparingDouble(Candidate::score));
        for (int first = 0; first < starts.length; first++) {
            for (int last = first; last < Math.min(starts.length, first + rules.maxAnswer()); last++) {
                double score = (double) scores[2 * (first + contextAt)] + scores[2 * (last + contextAt) + 1];
                boolean better = kept.size() < rules.best() || score > kept.element().score();
                if (better && ends[last] > starts[first]) {
                    kept.add(new Candidate(starts[first], ends[last], score));
                    if (kept.size() > rules.best()) {
                        kept.remove();
                    }
                }
            }
        }
        kept.forEach(this::add);
    }

    /// White space at the ends, which pieces of bytes have, is no part of an answer; a stretch that several windows see has its best score.
    private void add(Candidate candidate) {
        int start = candidate.start();
        int end = candidate.end();
        while (start < end && Character.isWhitespace(context.charAt(start))) {
            start++;
        }
        while (end > start && Character.isWhitespace(context.charAt(end - 1))) {
            end--;
        }
        if (end > start) {
            found.merge((long) start << 32 | end, candidate.score(), Math::max);
        }
    }

    private record Candidate(int start, int end, double score) {}

    /// The answer, once all windows were added.
    public Answer answer() {
        List<Candidate> sorted = new ArrayList<>();
        found.forEach((place, score) -> sorted.add(new Candidate((int) (place >>> 32), (int) (long) place, score)));
        sorted.sort(Comparator.comparingDouble(Candidate::score).reversed().thenComparingInt(Candidate::start).thenComparingInt(Candidate::end));
        List<Candidate> best = sorted.subList(0, Math.min(rules.best(), sorted.size()));
        boolean none = best.isEmpty() || rules.refuses() && nothing - best.getFirst().score() > rules.threshold();
        boolean counted = rules.refuses() || best.isEmpty();
        double top = Math.max(best.isEmpty() ? nothing : best.getFirst().score(), counted ? nothing : Double.NEGATIVE_INFINITY);
        double total = counted ? Math.exp(nothing - top) : 0;
        for (Candidate each : best) {
            total += Math.exp(each.score() - top);
        }
        List<Answer.Span> spans = new ArrayList<>();
        for (Candidate each : best) {
            double share = Math.exp(each.score() - top) / total;
            spans.add(new Answer.Span(context.substring(each.start(), each.end()), each.start(), each.end(), share));
        }
        double noAnswer = counted ? Math.exp(nothing - top) / total : 0;
        return none ? new Answer("", -1, -1, noAnswer, noAnswer, spans)
                : new Answer(spans.getFirst().text(), spans.getFirst().start(), spans.getFirst().end(), spans.getFirst().score(), noAnswer, spans);
    }
}
