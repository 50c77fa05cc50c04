package dev.cultivar.data;

import dev.cultivar.batch.Batch;
import dev.cultivar.text.Pieces;
import dev.cultivar.text.TokenGrid;
import java.util.Arrays;
import java.util.List;

/// Batches of rows with what they are labelled with: `input_ids`, `attention_mask`, `token_type_ids` (B, T) and the fields of the targets.
public record LabelledBatches(TokenStore store, Pieces pieces, Targets targets) implements BatchMaker {
    /// A whole number that no loss counts: the label of a row without one, and of filler.
    public static final int IGNORED = -100;

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
        List<TokenRow> stored = Arrays.stream(rows).mapToObj(store::row).toList();
        for (int i = 0; i < rows.length; i++) {
            TokenRow row = stored.get(i);
            grid.put(i, TokenGrid.assemble(row.first(), row.second(), pieces), row.first().length);
        }
        grid.fill(rows.length);
        Batch.Builder batch = grid.into(Batch.of(TokenGrid.origin(rows)));
        targets.into(batch, stored, height);
        return batch.build();
    }
}
