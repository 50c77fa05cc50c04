package dev.cultivar.objective;

import dev.cultivar.batch.PictureFacts;
import dev.cultivar.batch.Standard;
import dev.cultivar.recipe.RecipeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/// What the training rows' labels tell an objective.
///
/// @param labels   the classes' names in the order of a head's outputs, empty where there are none
/// @param rows     of each class, in the same order; empty where nobody counted
/// @param standard what a regression's head learns instead of the values
/// @param tasks    where there are several tasks, what the labels of each tell; the rest is then empty
/// @param pictures what the rows are, where they are pictures
public record LabelFacts(List<String> labels, List<Long> rows, Standard standard, Map<String, LabelFacts> tasks, PictureFacts pictures) {
    public LabelFacts {
        labels = List.copyOf(labels);
        rows = List.copyOf(rows);
        tasks = Map.copyOf(tasks);
    }

    /// Of one task.
    public LabelFacts(List<String> labels, List<Long> rows, Standard standard) {
        this(labels, rows, standard, Map.of(), PictureFacts.NONE);
    }

    /// Of several tasks, by name.
    public static LabelFacts ofTasks(Map<String, LabelFacts> tasks) {
        return new LabelFacts(List.of(), List.of(), Standard.NONE, tasks, PictureFacts.NONE);
    }

    /// The same of pictures.
    public LabelFacts with(PictureFacts facts) {
        return new LabelFacts(labels, rows, standard, tasks, facts);
    }

    /// What is known of one of several tasks.
    public LabelFacts ofTask(String task) {
        return tasks.getOrDefault(task, NONE);
    }

    /// What `id2label` says: the classes, or transformers' word for the one output of a regression.
    public List<String> names() {
        return labels.isEmpty() && !standard.equals(Standard.NONE) ? List.of("LABEL_0") : labels;
    }

    /// No labels.
    public static final LabelFacts NONE = new LabelFacts(List.of(), List.of(), Standard.NONE);

    /// Classes whose rows nobody counted.
    public static LabelFacts of(List<String> labels) {
        return new LabelFacts(labels, List.of(), Standard.NONE);
    }

    /// Classes as if each had one row: where a model is opened again and nothing is learned.
    public static LabelFacts even(List<String> labels) {
        return new LabelFacts(labels, Collections.nCopies(labels.size(), 1L), Standard.NONE);
    }

    /// Weights by which every class counts as much as another in all: rows / (classes * rows of the class).
    float[] balanced() {
        if (rows.size() != labels.size()) {
            throw new RecipeException("objective.class_weights: balanced needs rows with labels to count");
        }
        double all = rows.stream().mapToLong(Long::longValue).sum();
        float[] weights = new float[rows.size()];
        for (int k = 0; k < weights.length; k++) {
            if (rows.get(k) == 0) {
                throw new RecipeException("objective.class_weights: balanced needs a row of each class, and no training row is of class '"
                        + labels.get(k) + "'; give the weights as a map");
            }
            weights[k] = (float) (all / (weights.length * (double) rows.get(k)));
        }
        return weights;
    }

    /// Where a network that knows nothing of a row would draw the thresholds between neighbours of an order: the log-odds of lying above
    /// each, from the rows' shares. Small steps could not move them apart in time.
    List<Float> thresholds() {
        double all = rows.stream().mapToLong(count -> count + 1).sum(); // as if each class had a row more: none has a share of 0
        List<Float> thresholds = new ArrayList<>();
        double above = 1;
        for (int k = 0; k + 1 < labels.size(); k++) {
            above -= (rows.isEmpty() ? 1.0 / labels.size() : (rows.get(k) + 1) / all);
            thresholds.add((float) Math.log(above / (1 - above)));
        }
        return thresholds;
    }

    /// @param given by the class's name; 1 for the others
    float[] given(Map<String, Double> given) {
        given.keySet().forEach(name -> {
            if (!labels.contains(name)) {
                throw new RecipeException("objective.class_weights names the class '" + name + "', which no training row has; there are " + labels);
            }
        });
        float[] weights = new float[labels.size()];
        for (int k = 0; k < weights.length; k++) {
            weights[k] = given.getOrDefault(labels.get(k), 1.0).floatValue();
        }
        return weights;
    }
}
