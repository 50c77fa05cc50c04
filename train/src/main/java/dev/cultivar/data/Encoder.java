package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import dev.cultivar.text.Encoded;
import dev.cultivar.text.Pieces;
import dev.cultivar.text.TokenGrid;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/// Turns rows of text into a [TokenStore], or finds the one that was made of the same rows by the same tokenizer before.
///
/// @param pieces    the tokenizer
/// @param targets   what the rows' labels mean
/// @param layout    how texts become rows
/// @param maxLength the longest row in tokens, special ones included
public record Encoder(Pieces pieces, Targets targets, Layout layout, int maxLength) {
    private static final int CODE_VERSION = 1; // raised when the same text would be encoded otherwise
    private static final int CHUNK = 1_024;

    /// How texts become rows.
    public enum Layout {
        /// Each record is a row of its text and, where there is one, its pair; what is too long is cut and counted.
        RECORDS,
        /// Lines of a document are packed into rows, nothing is cut off.
        PACKED,
        /// As packed, each row parted into a segment and the one that follows it.
        PAIRED;

        /// The usual one: records of a table; a text's lines packed, in pairs where the next sentence is predicted.
        public static Layout of(boolean plainText, boolean nextSentence) {
            return !plainText ? RECORDS : nextSentence ? PAIRED : PACKED;
        }
    }

    public Encoder {
        if (maxLength < 4) {
            throw new IllegalArgumentException("a row needs at least 4 tokens, got maxLength " + maxLength);
        }
    }

    /// SHA-256 of everything that the rows depend on: texts, tokenizer, labels, layout, length, version of this code.
    public String fingerprint(Examples examples) {
        Fingerprint fingerprint = new Fingerprint().add(TokenStore.VERSION).add(CODE_VERSION).add(layout.name()).add(maxLength)
                .add(pieces.fingerprint()).add(examples.fingerprint()).add(targets.meaning()).add(targets.labels().size());
        targets.labels().names().forEach(fingerprint::add);
        return fingerprint.hex();
    }

    /// The encoded rows, from a folder of stores that are named by their fingerprints.
    public TokenStore encode(Examples examples, Path cache) {
        String fingerprint = fingerprint(examples);
        Path file = cache.resolve(fingerprint + ".tokens");
        if (Files.exists(file)) {
            try {
                return TokenStore.open(file, fingerprint);
            } catch (DataException e) {
                // a damaged cache is no loss: it is written anew
            }
        }
        try (TokenStoreWriter writer = new TokenStoreWriter(file, fingerprint, maxLength)) {
            write(examples, writer);
            writer.finish();
        }
        return TokenStore.open(file, fingerprint);
    }

    private void write(Examples examples, TokenStoreWriter writer) {
        Chunks chunks = new Chunks(examples, writer);
        examples.each(chunks);
        chunks.flush();
        chunks.packer.endOfDocument();
    }

    /// Collects rows by the thousand, so that all cores encode; rows leave in the order in which they came.
    private final class Chunks implements Examples.Sink {
        private final Examples examples;
        private final TokenStoreWriter writer;
        private final Packer packer;
        private final List<Example> chunk = new ArrayList<>(CHUNK);
        private final BitSet ends = new BitSet(); // documents end before these places of the chunk

        Chunks(Examples examples, TokenStoreWriter writer) {
            this.examples = examples;
            this.writer = writer;
            this.packer = new Packer(maxLength, layout == Layout.PAIRED, writer::add);
        }

        @Override
        public void row(Example example) {
            chunk.add(example);
            if (chunk.size() == CHUNK) {
                flush();
            }
        }

        @Override
        public void endOfDocument() {
            ends.set(chunk.size());
        }

        void flush() {
            TokenRow[] rows = new TokenRow[chunk.size()];
            IntStream.range(0, rows.length).parallel().forEach(i -> rows[i] = encode(chunk.get(i), examples));
            for (int i = 0; i < rows.length; i++) {
                if (ends.get(i)) {
                    packer.endOfDocument();
                }
                if (layout == Layout.RECORDS) {
                    writer.add(rows[i]);
                } else {
                    packer.line(rows[i].first(), rows[i].starts(), rows[i].origin());
                }
            }
            if (ends.get(rows.length)) {
                packer.endOfDocument();
            }
            chunk.clear();
            ends.clear();
        }
    }

    private TokenRow encode(Example example, Examples from) {
        Encoded first = pieces.encode(example.text());
        if (layout != Layout.RECORDS) {
            return new TokenRow(first.ids(), new int[0], starts(first), new int[0], 0, example.row());
        }
        Encoded second = example.pair().isEmpty() ? new Encoded(new int[0], new int[0]) : pieces.encode(example.pair());
        int[] kept = TokenGrid.fit(first.ids().length, second.ids().length, maxLength);
        boolean[] starts = Arrays.copyOf(starts(first), kept[0] + kept[1]);
        System.arraycopy(starts(second), 0, starts, kept[0], kept[1]);
        int cut = first.ids().length + second.ids().length - kept[0] - kept[1];
        return new TokenRow(Arrays.copyOf(first.ids(), kept[0]), Arrays.copyOf(second.ids(), kept[1]), starts,
                targets.read(example, from), cut, example.row());
    }

    private static boolean[] starts(Encoded encoded) {
        boolean[] starts = new boolean[encoded.ids().length];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = i == 0 || encoded.words()[i] != encoded.words()[i - 1];
        }
        return starts;
    }
}
