package dev.cultivar.predict;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// What a classifier says of one text.
///
/// @param label  the most probable one
/// @param score  its probability
/// @param scores every label's probability, the most probable first
/// @param cut    how many tokens of the text were not seen, because it is longer than the model's rows; 0 for most
public record Prediction(String label, double score, SequencedMap<String, Double> scores, int cut) {
    public Prediction {
        scores = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(scores));
    }

    /// @param probabilities in the order of the labels; of equal ones the first label is taken, as in evaluation
    static Prediction of(List<String> labels, float[] probabilities, int cut) {
        List<Integer> order = new ArrayList<>();
        for (int label = 0; label < probabilities.length; label++) {
            order.add(label);
        }
        order.sort(Comparator.comparingDouble((Integer label) -> probabilities[label]).reversed());
        SequencedMap<String, Double> scores = new LinkedHashMap<>();
        order.forEach(label -> scores.put(labels.get(label), (double) probabilities[label]));
        return new Prediction(labels.get(order.getFirst()), probabilities[order.getFirst()], scores, cut);
    }
}
