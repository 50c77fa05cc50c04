package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import dev.cultivar.text.Encoded;
import dev.cultivar.text.Fitting;
import dev.cultivar.text.Pieces;
import dev.cultivar.text.QuestionRows;
import dev.cultivar.text.TextFrame;
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
/// @param fitting   what becomes of records that are longer
/// @param maxTarget the longest second text, of [Layout#TEXTS] alone: what is beyond is kept, and counted as cut
public record Encoder(Pieces pieces, Targets targets, Layout layout, int maxLength, Fitting fitting, int maxTarget) {
    private static final int CODE_VERSION = 1; // raised when the same text would be encoded otherwise
    private static final int CHUNK = 1_024;

    /// How texts become rows.
    public enum Layout {
        /// Each record is a row of its text and, where there is one, its pair; what is too long is cut and counted, or becomes several
        /// rows. Tagged words are one row, questions as many as their text has windows.
        RECORDS,
        /// Lines of a document are packed into rows, nothing is cut off.
        PACKED,
        /// As packed, each row parted into a segment and the one that follows it.
        PAIRED,
        /// Each record is a text and the one to write from it, cut apart from each other.
        TEXTS;

        /// The usual one: records of a table; a text's lines packed, in pairs where the next sentence is predicted.
        public static Layout of(boolean plainText, boolean nextSentence) {
            return !plainText ? RECORDS : nextSentence ? PAIRED : PACKED;
        }
    }

    /// Longer records are cut at their end.
    public Encoder(Pieces pieces, Targets targets, Layout layout, int maxLength) {
        this(pieces, targets, layout, maxLength, new Fitting.Truncate());
    }

    /// For rows without a text to write.
    public Encoder(Pieces pieces, Targets targets, Layout layout, int maxLength, Fitting fitting) {
        this(pieces, targets, layout, maxLength, fitting, 0);
    }

    public Encoder {
        if (maxLength < 4) {
            throw new IllegalArgumentException("a row needs at least 4 tokens, got maxLength " + maxLength);
        }
    }

    /// SHA-256 of everything that the rows depend on: texts, tokenizer, labels, layout, length, version of this code.
    public String fingerprint(Examples examples) {
        Fingerprint fingerprint = new Fingerprint().add(TokenStore.VERSION).add(CODE_VERSION).add(layout.name()).add(maxLength)
                .add(pieces.fingerprint()).add(examples.fingerprint()).add(targets.meaning()).add(targets.labels().size())
                .add(fitting.toString());
        targets.labels().names().forEach(fingerprint::add);
        if (layout == Layout.TEXTS) {
            fingerprint.add(maxTarget);
        }
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
            List<List<TokenRow>> each = IntStream.range(0, chunk.size()).parallel().mapToObj(i -> encode(chunk.get(i), examples)).toList();
            for (int i = 0; i < each.size(); i++) {
                if (ends.get(i)) {
                    packer.endOfDocument();
                }
                if (layout == Layout.RECORDS || layout == Layout.TEXTS) {
                    each.get(i).forEach(writer::add);
                } else {
                    TokenRow line = each.get(i).getFirst();
                    packer.line(line.first(), line.starts(), line.origin());
                }
            }
            if (ends.get(each.size())) {
                packer.endOfDocument();
            }
            chunk.clear();
            ends.clear();
        }
    }

    private List<TokenRow> encode(Example example, Examples from) {
        if (layout == Layout.TEXTS) {
            return List.of(texts(example, from));
        }
        if (layout != Layout.RECORDS) {
            Encoded line = pieces.encode(example.text());
            return List.of(new TokenRow(line.ids(), new int[0], starts(line), new int[0], 0, example.row()));
        }
        return switch (targets) {
            case Targets.Tags tags -> List.of(tagged(example, tags.read(example, from)));
            case Targets.Span span -> windows(example, span.stride());
            default -> fitted(example, from);
        };
    }

    private List<TokenRow> fitted(Example example, Examples from) {
        Encoded first = pieces.encode(example.text());
        Encoded second = example.pair().isEmpty() ? new Encoded(new int[0], new int[0]) : pieces.encode(example.pair());
        int[] target = targets.read(example, from);
        return fitting.rows(first.length(), second.length(), maxLength).stream()
                .map(row -> new TokenRow(
                        Fitting.Row.of(first.ids(), row.first()),
                        Fitting.Row.of(second.ids(), row.second()),
                        joined(starts(first), row.first(), starts(second), row.second()),
                        target,
                        row.cut(),
                        example.row()))
                .toList();
    }

    private static boolean[] joined(boolean[] first, int[] ofFirst, boolean[] second, int[] ofSecond) {
        boolean[] starts = new boolean[ofFirst.length + ofSecond.length];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = i < ofFirst.length ? first[ofFirst[i]] : second[ofSecond[i - ofFirst.length]];
        }
        return starts;
    }

    /// Whole words as far as they fit, each one's number at its first piece.
    private TokenRow tagged(Example example, int[] tags) {
        Encoded words = pieces.encodeWords(List.of(example.text().split(" ")));
        int kept = Math.min(words.length(), maxLength - 2);
        boolean[] starts = Arrays.copyOf(starts(words), kept);
        int[] target = new int[kept];
        for (int i = 0; i < kept; i++) {
            target[i] = starts[i] ? tags[words.words()[i]] : LabelledBatches.IGNORED;
        }
        return new TokenRow(Arrays.copyOf(words.ids(), kept), new int[0], starts, target, words.length() - kept, example.row());
    }

    /// A row for each window of the text. Of several answers the first one is learned; a window that does not have all of it points at
    /// `[CLS]`.
    private List<TokenRow> windows(Example example, int stride) {
        QuestionRows rows = QuestionRows.of(pieces, example.text(), example.pair(), maxLength, stride);
        int[] answer = GoldAnswer.of(example.label()).stream()
                .findFirst()
                .map(gold -> rows.context().over((int) gold.start(), (int) gold.start() + gold.text().length()))
                .orElse(new int[] {-1, -1});
        return rows.windows().stream()
                .map(window -> {
                    int[] part = rows.part(window);
                    boolean here = answer[0] >= window.from() && answer[1] >= 0 && answer[1] < window.to();
                    int shift = rows.contextAt() - window.from();
                    int[] target = {here ? answer[0] + shift : 0, here ? answer[1] + shift : 0, window.from()};
                    boolean[] starts = new boolean[rows.question().length + part.length];
                    return new TokenRow(rows.question(), part, starts, target, rows.cut(), example.row());
                })
                .toList();
    }

    /// The second text stays whole: what a model writes is held against all of it.
    private TokenRow texts(Example example, Examples from) {
        if (example.pair().isBlank()) {
            throw new DataException(from.place(example.row()) + ": there is no text to write from this one, the column of data.columns.pair is empty. "
                    + "Drop such rows with data.train.where or in the query");
        }
        Encoded first = pieces.encode(example.text());
        Encoded second = pieces.encode(example.pair());
        int around = TextFrame.of(pieces.special()).pieces();
        int kept = Math.min(first.ids().length, maxLength - around);
        int cut = first.ids().length - kept + Math.max(0, second.ids().length - (maxTarget - around));
        boolean[] starts = Arrays.copyOf(starts(first), kept + second.ids().length);
        System.arraycopy(starts(second), 0, starts, kept, second.ids().length);
        return new TokenRow(Arrays.copyOf(first.ids(), kept), second.ids(), starts, targets.read(example, from), cut, example.row());
    }

    private static boolean[] starts(Encoded encoded) {
        boolean[] starts = new boolean[encoded.ids().length];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = i == 0 || encoded.words()[i] != encoded.words()[i - 1];
        }
        return starts;
    }
}
