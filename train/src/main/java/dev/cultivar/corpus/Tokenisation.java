package dev.cultivar.corpus;

import dev.cultivar.batch.DataException;
import dev.cultivar.text.Pieces;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Turns documents into a [TokenStream]: one thread reads and writes, all cores encode between the two, and the order stays.
///
/// What is held at once is bounded by the number of threads, whatever the corpus. A process that is killed on the way leaves
/// what it wrote; the next one reads the documents again, encodes none that is safely written, and gives the same bytes as if
/// nothing had happened.
public final class Tokenisation {
    private static final int CODE_VERSION = 1; // raised when the same text would be encoded otherwise
    private static final int BATCH_CHARACTERS = 1 << 17;
    private static final int BATCH_TEXTS = 512;
    private static final long NOT_THROUGH = -1;

    private Tokenisation() {}

    /// SHA-256 of everything that the tokens depend on: documents, tokenizer, what ends a document, version of this code.
    public static String fingerprint(Documents documents, Pieces pieces, OptionalInt end) {
        return new TextDigest().add(TokenFile.VERSION).add(CODE_VERSION).add(pieces.fingerprint()).add(pieces.vocabulary())
                .add(end.orElse(-1)).add(documents.fingerprint()).hex();
    }

    /// The tokens, from a folder of streams that are named by their fingerprints.
    ///
    /// @param end follows each document where it is given
    public static TokenStream of(Documents documents, Pieces pieces, OptionalInt end, Path cache) {
        return of(documents, pieces, end, cache, TokenStreamWriter.DURABLE_EVERY_BYTES);
    }

    /// @param durableEvery so many bytes of tokens are made safe at once
    static TokenStream of(Documents documents, Pieces pieces, OptionalInt end, Path cache, long durableEvery) {
        String fingerprint = fingerprint(documents, pieces, end);
        Path file = cache.resolve(fingerprint + ".stream");
        if (Files.exists(file)) {
            try {
                return TokenStream.open(file, fingerprint);
            } catch (DataException e) {
                // a damaged cache is no loss: it is written anew
            }
        }
        try (TokenStreamWriter writer = new TokenStreamWriter(file, fingerprint, pieces.vocabulary(), end, durableEvery)) {
            write(documents, pieces, writer);
            if (writer.tokens() == 0) {
                throw new DataException(documents.name() + " gives no token: its texts hold nothing that the tokenizer knows");
            }
            writer.finish();
        }
        return TokenStream.open(file, fingerprint);
    }

    private static void write(Documents documents, Pieces pieces, TokenStreamWriter writer) {
        int threads = Runtime.getRuntime().availableProcessors();
        try (ExecutorService workers = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().name("encode-", 0).factory())) {
            Line line = new Line(pieces, writer, workers, 2 * threads);
            try {
                documents.each(line);
                line.submit(line.read);
                while (!line.waiting.isEmpty()) {
                    line.writeFirst();
                }
            } finally {
                workers.shutdownNow();
            }
        }
    }

    /// Texts that are encoded together.
    ///
    /// @param starts  whether each begins a document
    /// @param upTo    how many documents are through with the last of them; [#NOT_THROUGH] inside one
    private record Batch(List<String> texts, List<Boolean> starts, long upTo) {}

    private record Encoded(Batch batch, List<int[]> ids) {}

    /// Batches on their way, in order.
    private static final class Line implements Documents.Sink {
        private final Pieces pieces;
        private final TokenStreamWriter writer;
        private final ExecutorService workers;
        private final int most;
        private final Deque<Future<Encoded>> waiting = new ArrayDeque<>();
        private List<String> texts = new ArrayList<>();
        private List<Boolean> starts = new ArrayList<>();
        private int characters;
        private long read;

        Line(Pieces pieces, TokenStreamWriter writer, ExecutorService workers, int most) {
            this.pieces = pieces;
            this.writer = writer;
            this.workers = workers;
            this.most = most;
        }

        @Override
        public void document(Document document) {
            if (read++ < writer.resumedAt()) {
                return; // its tokens are on the disk
            }
            String text = document.text();
            boolean start = !document.continued();
            for (int from = 0; from < text.length(); ) {
                int to = text.length() - from > Cut.ENCODED ? from + Cut.before(text.substring(from, from + Cut.ENCODED + 1), Cut.ENCODED) : text.length();
                texts.add(text.substring(from, to));
                starts.add(start);
                start = false;
                characters += to - from;
                from = to;
                if (from < text.length() && characters >= BATCH_CHARACTERS) {
                    submit(NOT_THROUGH);
                }
            }
            if (characters >= BATCH_CHARACTERS || texts.size() >= BATCH_TEXTS) {
                submit(read);
            }
        }

        void submit(long upTo) {
            if (texts.isEmpty()) {
                return;
            }
            Batch batch = new Batch(texts, starts, upTo);
            waiting.add(workers.submit(() -> new Encoded(batch, batch.texts().stream().map(pieces::ids).toList())));
            texts = new ArrayList<>();
            starts = new ArrayList<>();
            characters = 0;
            while (waiting.size() >= most) {
                writeFirst();
            }
        }

        void writeFirst() {
            Encoded encoded = result(waiting.remove());
            for (int i = 0; i < encoded.ids().size(); i++) {
                if (encoded.batch().starts().get(i)) {
                    writer.startDocument();
                }
                writer.add(encoded.ids().get(i));
                writer.text(Utf8Length.of(encoded.batch().texts().get(i)));
            }
            if (encoded.batch().upTo() != NOT_THROUGH) {
                writer.mark(encoded.batch().upTo());
            }
        }

        private static Encoded result(Future<Encoded> future) {
            try {
                return future.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw new CompletionException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted while a corpus was encoded");
            }
        }
    }
}
