package dev.cultivar.predict;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// What a classifier says of one text.
///
/// @param label   the answer: the most probable label unless a [Decision] says otherwise; of several labels the most probable one
/// @param score   its probability
/// @param scores  every label's probability, the most probable first
/// @param labels  all labels that are given: one for most models, any number where a text may have several
/// @param verdict whether the answer is to be relied on
/// @param cut     how many tokens of the text were not seen, because it is longer than the model's rows; 0 for most
public record Prediction(
        String label, double score, SequencedMap<String, Double> scores, List<String> labels, Verdict verdict, int cut) {
    public Prediction {
        scores = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(scores));
        labels = List.copyOf(labels);
    }

    /// Whether an answer is to be relied on.
    public enum Verdict {
        /// It is.
        ANSWERED,
        /// The model is less sure than was asked for: somebody else should decide.
        UNSURE,
        /// The text is like none that the model was trained on.
        OUT_OF_SCOPE
    }
}
