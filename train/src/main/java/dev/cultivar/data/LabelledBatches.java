package dev.cultivar.data;

import dev.cultivar.batch.Batch;
import dev.cultivar.text.Pieces;
import dev.cultivar.text.TokenGrid;
import java.util.Arrays;
import java.util.List;

/// Batches of rows with a label each: `input_ids`, `attention_mask`, `token_type_ids` `(B, T)` and `labels` `(B)`.
///
/// A row without a label, and filler, has the label -100, which no loss counts.
public record LabelledBatches(TokenStore store, Pieces pieces) implements BatchMaker {
    static final int IGNORED = -100;

    public LabelledBatches {
        TokenGrid.requireFrame(pieces);
    }

    @Override
    public int rows() {
        return store.rows();
    }

    @Override
    public int[] lengths(long epoch) {
        return store.lengths();
    }

    @Override
    public int maxLength() {
        return store.maxLength();
    }

    @Override
    public List<String> fixedInputs() {
        return List.of("input_ids", "attention_mask", "token_type_ids");
    }

    @Override
    public Batch make(int[] rows, int height, int length, long epoch) {
        TokenGrid grid = new TokenGrid(height, length, pieces.pad());
        int[] labels = new int[height];
        Arrays.fill(labels, IGNORED);
        for (int i = 0; i < rows.length; i++) {
            TokenRow row = store.row(rows[i]);
            grid.put(i, TokenGrid.assemble(row.first(), row.second(), pieces), row.first().length);
            labels[i] = row.label() == Labels.NONE ? IGNORED : row.label();
        }
        grid.fill(rows.length);
        return grid.into(Batch.of(TokenGrid.origin(rows))).ints("labels", labels, height).build();
    }
}
