package dev.cultivar.data;

import dev.cultivar.batch.Batch;
import dev.cultivar.text.Pieces;
import dev.cultivar.text.TextFrame;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Batches of rows with a text and the one that is to be written from it.
///
/// Fields: `input_ids`, `attention_mask` (B, S), `decoder_attention_mask`, `labels` (B, T), each side as wide as its rows need. A row counts
/// with the tokens of both. Where texts are to be scored, `references` (B, R) are the targets in full, however long, -1 where they end.
public final class TextBatches implements BatchMaker {
    private final TokenStore store;
    private final TextRows layout;
    private final boolean references;

    /// @param store      rows of [Encoder.Layout#TEXTS]
    /// @param maxTarget  tokens that are learned to be written at most
    /// @param references whether whole targets are given too
    public TextBatches(TokenStore store, Pieces pieces, int maxTarget, boolean references) {
        this.store = store;
        this.layout = new TextRows(TextFrame.of(pieces.special()), pieces.pad(), store.maxLength(), maxTarget);
        this.references = references;
    }

    @Override
    public int rows() {
        return store.rows();
    }

    @Override
    public int[] lengths(long epoch) {
        return IntStream.range(0, store.rows()).map(row -> layout.length(store.firstLength(row), store.secondLength(row))).toArray();
    }

    @Override
    public int maxLength() {
        return layout.maxLength();
    }

    @Override
    public Batch make(int[] rows, int height, int length, long epoch) {
        List<TokenRow> stored = Arrays.stream(rows).mapToObj(store::row).toList();
        Batch.Builder batch = layout.batch(
                stored.stream().map(row -> new TextRows.Texts(row.first(), row.second())).toList(), rows, height);
        if (references) {
            int longest = stored.stream().mapToInt(row -> row.second().length).max().orElse(0);
            int[] whole = new int[height * longest];
            Arrays.fill(whole, -1);
            for (int i = 0; i < rows.length; i++) {
                System.arraycopy(stored.get(i).second(), 0, whole, i * longest, stored.get(i).second().length);
            }
            batch.ints("references", whole, height, longest);
        }
        return batch.build();
    }
}
