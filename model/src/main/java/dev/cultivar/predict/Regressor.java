package dev.cultivar.predict;

import dev.cultivar.nn.Backbones;
import java.nio.file.Path;
import java.util.List;

/// A trained model that says a number for a text, opened from its folder to be asked.
///
/// Any number of threads may share one. Texts are laid out as in training and computed row by row, so a value is the same to the bit
/// whoever else asks. Values are in the unit of the training rows.
public final class Regressor implements AutoCloseable {
    /// Texts that are worked on before another caller has its turn.
    private static final int SLICE = 64;

    private final Opened<RowTask> opened;

    private Regressor(Opened<RowTask> opened) {
        this.opened = opened;
    }

    /// What is said of one text.
    ///
    /// @param value in the unit of the training rows
    /// @param cut   how many tokens of the text were not seen
    public record Valued(double value, int cut) {}

    /// Opens a run folder (its best checkpoint, else its last), a checkpoint, or the folder of a Hugging Face sequence classifier with one
    /// label and its `tokenizer.json`.
    ///
    /// @throws dev.cultivar.format.CheckpointException if it is damaged, incomplete, or no regression
    public static Regressor open(Path run) {
        return open(run.toString());
    }

    /// The same, by what a user wrote.
    public static Regressor open(String run) {
        return open(run, Backbones.Custom.NONE);
    }

    /// The same, for a backbone that an extension builds.
    public static Regressor open(String run, Backbones.Custom custom) {
        return new Regressor(Opened.open(run, custom, RowTask.VALUES));
    }

    /// The longest row in tokens; a text's own tokens are two fewer, those of a pair together three.
    public int maxLength() {
        return opened.maxLength();
    }

    public double predict(String text) {
        return predict(List.of(text)).getFirst().value();
    }

    /// The values in the order of the texts.
    public List<Valued> predict(List<String> texts) {
        return predictPairs(texts.stream().map(text -> new TextPair(text, "")).toList());
    }

    /// The values in the order of the pairs.
    public List<Valued> predictPairs(List<TextPair> pairs) {
        return opened.asked(pairs, SLICE, slice -> RowTask.ask(opened, slice).stream()
                .map(said -> new Valued(opened.network().standard().value(said.numbers()[0]), said.cut()))
                .toList());
    }

    /// Frees the model's memory once no thread is asking any more; a second call does nothing.
    @Override
    public void close() {
        opened.close();
    }
}
