package dev.cultivar.data;

import dev.cultivar.batch.Draw;
import dev.cultivar.text.Pieces;
import java.util.HashSet;
import java.util.Set;

/// One pass over a part's rows: what is counted, and the first row of each kind, for the message.
final class RowCounts {
    int truncated;
    long unknown;
    int nothing;
    int duplicates;
    int leaked;
    int firstTruncated = -1;
    int firstNothing = -1;
    int firstDuplicate = -1;
    int firstLeaked = -1;

    private RowCounts() {}

    /// @param seenInTraining filled by the training rows, asked by the others
    /// @param targets        what rows are labelled with
    /// @param labelCounts    filled with the rows of each label
    static RowCounts of(TokenStore store, Pieces pieces, Set<Long> seenInTraining, boolean training, Targets targets, int[] labelCounts) {
        RowCounts counts = new RowCounts();
        Set<Long> seen = training ? seenInTraining : new HashSet<>();
        for (int i = 0; i < store.rows(); i++) {
            TokenRow row = store.row(i);
            counts.pieces(row, i, pieces);
            long key = key(row);
            if (!seen.add(key) && counts.duplicates++ == 0) {
                counts.firstDuplicate = i;
            }
            if (!training && seenInTraining.contains(key) && counts.leaked++ == 0) {
                counts.firstLeaked = i;
            }
            for (int label : targets.classes(row)) {
                labelCounts[label]++;
            }
        }
        return counts;
    }

    private void pieces(TokenRow row, int number, Pieces pieces) {
        int ordinary = 0;
        int unk = pieces.special().unk().orElse(-1); // -1 is no piece
        for (int[] segment : new int[][] {row.first(), row.second()}) {
            for (int piece : segment) {
                unknown += piece == unk ? 1 : 0;
                ordinary += pieces.ordinary(piece) ? 1 : 0;
            }
        }
        if (ordinary == 0 && nothing++ == 0) {
            firstNothing = number;
        }
        if (row.cut() > 0 && truncated++ == 0) {
            firstTruncated = number;
        }
    }

    /// A number for a row's pieces; two rows that differ share one with chance 2^-64.
    static long key(TokenRow row) {
        long key = Draw.mix(row.first().length + 1L);
        for (int[] segment : new int[][] {row.first(), row.second()}) {
            for (int piece : segment) {
                key = Draw.mix(key ^ (piece + 0x9E3779B97F4A7C15L));
            }
        }
        return key;
    }
}
