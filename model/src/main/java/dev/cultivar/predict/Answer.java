package dev.cultivar.predict;

import java.util.List;

/// What a model says to a question about a text.
///
/// @param text     the answer as it stands in the text; empty where the text does not answer the question
/// @param start    its first character; -1 where there is no answer
/// @param end      the character after its last; -1 where there is no answer
/// @param score    its probability among the candidates, or that of there being none
/// @param noAnswer the probability among the candidates that there is none; 0 for a model that always answers
/// @param best     the best candidates, the best first
public record Answer(String text, int start, int end, double score, double noAnswer, List<Span> best) {
    public Answer {
        best = List.copyOf(best);
    }

    /// A stretch of the text that may be the answer.
    ///
    /// @param start its first character
    /// @param end   the character after its last
    /// @param score its probability among the candidates
    public record Span(String text, int start, int end, double score) {}

    /// Whether the text answers the question.
    public boolean isThere() {
        return start >= 0;
    }
}
