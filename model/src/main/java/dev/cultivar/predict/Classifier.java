package dev.cultivar.predict;

import dev.cultivar.nn.Backbones;
import dev.cultivar.format.ModelPlace;
import dev.cultivar.text.Pieces;
import dev.cultivar.text.TokenGrid;
import dev.cultivar.text.TokenizerPieces;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// A trained text classifier, opened from its folder to be asked.
///
/// Any number of threads may share one. Texts are laid out as in training and computed row by row as in `evaluate`, so a
/// prediction is the same to the bit whether texts are given one by one or all at once, by one thread or by many.
///
/// A text that is longer than the model's rows is cut at its end, of a pair first the longer one; [Prediction#cut] says by how much.
public final class Classifier implements AutoCloseable {
    /// Texts that are worked on before another caller has its turn.
    private static final int SLICE = 64;

    private final ClassifierFolder folder;
    private final Pieces pieces;
    private final Answering answering;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    private Classifier(ClassifierFolder folder) {
        this.folder = folder;
        this.pieces = new TokenizerPieces(folder.tokenizer());
        TokenGrid.requireFrame(pieces);
        this.answering = new Answering(folder.network(), pieces.pad());
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
        ClassifierFolder folder = ClassifierFolder.open(ModelPlace.find(run), custom);
        try {
            return new Classifier(folder);
        } catch (RuntimeException problem) {
            folder.close();
            throw problem;
        }
    }

    /// The labels' names, in the order in which the model was trained on them.
    public List<String> labels() {
        return folder.labels();
    }

    /// The longest row in tokens; a text's own tokens are two fewer, those of a pair together three.
    public int maxLength() {
        return folder.maxLength();
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
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("this classifier is closed; whoever opened it may close it only after its last use");
            }
            List<Prediction> predictions = new ArrayList<>(pairs.size());
            for (int from = 0; from < pairs.size(); from += SLICE) {
                predictions.addAll(some(pairs.subList(from, Math.min(pairs.size(), from + SLICE))));
            }
            return predictions;
        } finally {
            lock.readLock().unlock();
        }
    }

    private List<Prediction> some(List<TextPair> pairs) {
        List<Answering.Row> rows = new ArrayList<>(pairs.size());
        int[] cut = new int[pairs.size()];
        for (int i = 0; i < cut.length; i++) {
            int[] first = pieces.ids(pairs.get(i).text());
            int[] second = pairs.get(i).pair().isEmpty() ? new int[0] : pieces.ids(pairs.get(i).pair());
            int[] kept = TokenGrid.fit(first.length, second.length, folder.maxLength());
            cut[i] = first.length + second.length - kept[0] - kept[1];
            int[] tokens = TokenGrid.assemble(Arrays.copyOf(first, kept[0]), Arrays.copyOf(second, kept[1]), pieces);
            rows.add(new Answering.Row(tokens, kept[0]));
        }
        List<float[]> answers = answering.answer(rows);
        List<Prediction> predictions = new ArrayList<>(cut.length);
        for (int i = 0; i < cut.length; i++) {
            predictions.add(Prediction.of(folder.labels(), answers.get(i), cut[i]));
        }
        return predictions;
    }

    /// Frees the model's memory once no thread is asking any more; a second call does nothing.
    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                answering.close();
                folder.close();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
