package dev.cultivar.predict;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.LinearHead;
import dev.cultivar.nn.Meaning;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.Pooling;
import dev.cultivar.nn.RowClassifier;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// How relevant documents are to a query, read together by a cross-encoder; opened from its folder to be asked.
///
/// Any number of threads may share one. A score is the head's output as it is: any number, the higher the more relevant; where the model
/// was trained with the loss `pointwise`, its sigmoid is a probability. A query's documents are computed in batches of like length, so that
/// the last bits of a score depend on the documents beside it, by less than 1e-4.
public final class Ranker implements AutoCloseable {
    private static final Opened.Task<RowClassifier> TASK = new Opened.Task<>() {
        @Override
        public void check(ModelFolder folder) {
            if (folder.classes() != 1) {
                throw new CheckpointException(folder.folder() + ": a ranker has a head with one output, " + LinearHead.CLASSIFIER
                        + ".weight of shape [1, ...]; this one has " + (folder.classes() == 0 ? "no head" : folder.classes() + " outputs")
                        + ". Train one with a recipe of objective.kind: ranking");
            }
        }

        @Override
        public boolean pools(ModelFolder folder) {
            return true;
        }

        @Override
        public RowClassifier network(ModelFolder folder, Model model) {
            return RowClassifier.of(model, Pooling.CLS, Meaning.VALUE, 1, 0);
        }
    };

    private final Opened<RowClassifier> opened;
    private final TextRows rows;

    private Ranker(Opened<RowClassifier> opened) {
        this.opened = opened;
        this.rows = new TextRows(opened, inputs -> opened.network().logits(inputs, Mode.INFERENCE), "cultivar-ranker");
    }

    /// One document in its place.
    ///
    /// @param document its place among those that were given, from 0
    /// @param score    its relevance
    public record Ranked(int document, float score) {}

    /// Opens the run folder of a ranking (its best checkpoint, else its last), a checkpoint, or the folder of a Hugging Face sequence
    /// classifier with one output.
    ///
    /// @throws CheckpointException if it is damaged, incomplete, or has no single score
    public static Ranker open(Path run) {
        return open(run.toString());
    }

    /// The same, by what a user wrote.
    public static Ranker open(String run) {
        return open(run, Backbones.Custom.NONE);
    }

    /// The same, for a backbone that an extension builds.
    public static Ranker open(String run, Backbones.Custom custom) {
        return new Ranker(Opened.open(run, custom, TASK));
    }

    /// The longest row in tokens; those of a query and a document together are three fewer, and the longer of them is cut first.
    public int maxLength() {
        return opened.maxLength();
    }

    /// The relevance of one document.
    public float score(String query, String document) {
        return rows.answer(List.of(new TextPair(query, document)), TextRows.Computed.ALONE).getFirst()[0];
    }

    /// The relevance of each document, in their order.
    public float[] score(String query, List<String> documents) {
        List<TextPair> pairs = documents.stream().map(document -> new TextPair(query, document)).toList();
        List<float[]> answers = rows.answer(pairs, TextRows.Computed.TOGETHER);
        float[] scores = new float[answers.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = answers.get(i)[0];
        }
        return scores;
    }

    /// The documents by falling relevance; of equal ones the first that was given comes first.
    public List<Ranked> rank(String query, List<String> documents) {
        float[] scores = score(query, documents);
        return IntStream.range(0, scores.length)
                .mapToObj(document -> new Ranked(document, scores[document]))
                .sorted(Comparator.comparing(Ranked::score, Comparator.reverseOrder()).thenComparing(Ranked::document))
                .toList();
    }

    /// Frees the model's memory once no thread is asking any more; a second call does nothing.
    @Override
    public void close() {
        rows.close();
    }
}
