package dev.cultivar.objective;

import dev.cultivar.nn.RowClassifier;
import java.util.SequencedMap;
import java.util.TreeMap;

/// Probabilities of rows that are parts of longer texts, put together: each text's are the mean of its parts', in the order of the parts,
/// whatever the order in which they were measured.
final class Documents {
    private final SequencedMap<Integer, Document> documents = new TreeMap<>();

    private record Document(int label, SequencedMap<Long, float[]> parts) {}

    /// Takes a text's number, label and probabilities.
    interface Sink {
        void document(int number, int label, float[] probabilities);
    }

    /// @param document the text's number
    /// @param part     the row's number, rising within a text
    void add(int document, long part, int label, float[] probabilities) {
        documents.computeIfAbsent(document, _ -> new Document(label, new TreeMap<>())).parts().put(part, probabilities);
    }

    void each(Sink sink) {
        documents.forEach((number, document) -> sink.document(number, document.label(), RowClassifier.mean(java.util.List.copyOf(document.parts().values()))));
    }

    void clear() {
        documents.clear();
    }
}
