package dev.cultivar.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Documents that can be read again and again, in an order that never changes, without holding more than one in memory.
public interface Documents {

    /// What messages call them.
    String name();

    /// Reads all from the first.
    void each(Sink sink);

    /// SHA-256 of all texts and of where documents end; reads all of them.
    default String fingerprint() {
        TextDigest digest = new TextDigest();
        each(digest::add);
        return digest.hex();
    }

    /// A hash that is another where the texts are, had without reading them; nothing where only reading would tell.
    default Optional<String> stamp() {
        return Optional.empty();
    }

    /// All in memory, for small corpora and tests.
    default List<Document> list() {
        List<Document> list = new ArrayList<>();
        each(list::add);
        return list;
    }

    /// Takes documents as they are read.
    @FunctionalInterface
    interface Sink {
        void document(Document document);
    }
}
