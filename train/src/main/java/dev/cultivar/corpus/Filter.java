package dev.cultivar.corpus;

import java.util.function.Supplier;

/// One reason to leave documents out.
interface Filter extends AutoCloseable {

    /// Whether the answer depends on the document alone, not on those before it.
    boolean isStateless();

    /// Looks at a document, on any thread; what comes back is asked once, in the order of documents, and says why the document is
    /// left out, or nothing where it stays.
    Supplier<String> look(Document document);

    @Override
    default void close() {}
}
