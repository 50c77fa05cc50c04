package dev.cultivar.predict;

import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.RowClassifier;
import dev.cultivar.text.Fitting;
import dev.cultivar.text.Pieces;
import dev.cultivar.text.TokenGrid;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// A trained text classifier, opened from its folder to be asked.
///
/// Any number of threads may share one. Texts are laid out as in training and computed row by row as in `evaluate`, so a
/// prediction is the same to the bit whether texts are given one by one or all at once, by one thread or by many.
///
/// A text that is longer than the model's rows is treated as in training: cut at its end (of a pair first the longer one) or in its
/// middle, which [Prediction#cut] tells, or read in several parts whose probabilities are averaged.
///
/// Where the folder has a [Decision], it is followed: calibrated probabilities, thresholds by cost, no answer where the model is unsure.
public final class Classifier implements AutoCloseable {
    /// Texts that are worked on before another caller has its turn.
    private static final int SLICE = 64;

    private final Opened<RowTask> opened;

    private final Decision decision;

    private Classifier(Opened<RowTask> opened, Decision decision) {
        this.opened = opened;
        this.decision = decision;
    }

    /// Opens a run folder (its best checkpoint, else its last), a checkpoint, or the folder of a Hugging Face sequence
    /// classifier with its `tokenizer.json`.
    ///
    /// @throws dev.cultivar.format.CheckpointException if it is damaged, incomplete, or no classifier
    public static Classifier open(Path run) {
        return open(run.toString());
    }

    /// The same, by what a user wrote.
    public static Classifier open(String run) {
        return open(run, Backbones.Custom.NONE);
    }

    /// The same, for a backbone that an extension builds.
    public static Classifier open(String run, Backbones.Custom custom) {
        Opened<RowTask> opened = Opened.open(run, custom, RowTask.CLASSES);
        try {
            return new Classifier(opened, Decision.of(run, opened.network().labels()));
        } catch (RuntimeException problem) {
            opened.close();
            throw problem;
        }
    }

    /// How probabilities become answers: as `decide` has found it on held-out rows, or else the most probable label.
    public Decision decision() {
        return decision;
    }

    /// The labels' names, in the order in which the model was trained on them.
    public List<String> labels() {
        return opened.network().labels();
    }

    /// The longest row in tokens; a text's own tokens are two fewer, those of a pair together three.
    public int maxLength() {
        return opened.maxLength();
    }

    public Prediction predict(String text) {
        return predict(List.of(text)).getFirst();
    }

    /// @param pair a second text that is read with the first
    public Prediction predict(String text, String pair) {
        return predictPairs(List.of(new TextPair(text, pair))).getFirst();
    }

    /// The predictions in the order of the texts.
    public List<Prediction> predict(List<String> texts) {
        return predictPairs(texts.stream().map(text -> new TextPair(text, "")).toList());
    }

    /// The predictions in the order of the pairs.
    public List<Prediction> predictPairs(List<TextPair> pairs) {
        return opened.asked(pairs, SLICE, this::some);
    }

    private List<Prediction> some(List<TextPair> pairs) {
        RowTask task = opened.network();
        return RowTask.ask(opened, pairs).stream()
                .map(said -> decision.decide(task.network().meaning(), task.labels(), said))
                .toList();
    }

    /// Frees the model's memory once no thread is asking any more; a second call does nothing.
    @Override
    public void close() {
        opened.close();
    }
}
