package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import dev.cultivar.batch.Draw;

/// Pairs or triples as they were stored by [TextsApart], one unit a row of the source; a mined negative may stand in the third place.
public final class StoredPairs implements Units {
    private static final long NEGATIVE = Draw.name("mined negative");

    private final TokenStore store;
    private final int texts;
    private final int[][] nearest;
    private final long seed;

    /// @param texts   stored for each row
    /// @param nearest for each unit the rows that a negative is drawn from; none where nothing was mined
    public StoredPairs(TokenStore store, int texts, int[][] nearest, long seed) {
        this.store = store;
        this.texts = texts;
        this.nearest = nearest;
        this.seed = seed;
    }

    @Override
    public int count() {
        return store.rows() / texts;
    }

    @Override
    public int most() {
        return nearest.length == 0 ? texts : texts + 1;
    }

    @Override
    public int[] rows(int unit, long epoch) {
        int[] rows = new int[most()];
        for (int i = 0; i < texts; i++) {
            rows[i] = unit * texts + i;
        }
        if (nearest.length > 0) {
            rows[texts] = nearest[unit][Draw.below(nearest[unit].length, seed, NEGATIVE, epoch, unit)];
        }
        return rows;
    }

    /// Refuses rows whose texts are the same to the model: they teach nothing, and what belongs and does not belong is no triple.
    ///
    /// @param meanings numbers of the stored texts, equal for equal ones
    public void requireDistinct(Examples source, int[] meanings) {
        int equal = 0;
        int first = -1;
        for (int unit = 0; unit < count(); unit++) {
            int from = unit * texts;
            boolean same = meanings[from] == meanings[from + 1]
                    || texts > 2 && (meanings[from + 2] == meanings[from] || meanings[from + 2] == meanings[from + 1]);
            if (same && equal++ == 0) {
                first = from;
            }
        }
        if (equal > 0) {
            throw new DataException(source.place(store.origin(first)) + ": two texts of the row are equal (as the tokenizer and max_length leave "
                    + "them); " + equal + " such rows. A text has nothing to learn from itself: drop them with data.train.where");
        }
    }
}
