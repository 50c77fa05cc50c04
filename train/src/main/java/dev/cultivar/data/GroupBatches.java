package dev.cultivar.data;

import dev.cultivar.batch.Batch;
import dev.cultivar.text.Pieces;
import dev.cultivar.text.TokenGrid;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Batches whose rows are groups of texts: `input_ids`, `attention_mask`, `token_type_ids` (G, N, T), `texts` (G), how many of a
/// group's N places are taken, and what [Fields] adds.
///
/// A group's length is that of its longest text times its texts, so that a budget of tokens counts what is computed.
public record GroupBatches(TokenStore store, Pieces pieces, Units units, Fields fields) implements BatchMaker {
    private static final int MULTIPLE = 8;

    public GroupBatches {
        TokenGrid.requireFrame(pieces);
    }

    /// Adds what a loss needs to know of the groups beside their texts.
    @FunctionalInterface
    public interface Fields {
        /// @param groups the units of the batch; filler, copies of the first, included
        /// @param rows   the stored rows of each
        void into(Batch.Builder batch, int[] groups, List<int[]> rows);
    }

    /// For each stored text a number, equal for texts that are equal to the model; two that differ share one with chance 2^-64.
    public static int[] meanings(TokenStore store) {
        Map<Long, Integer> numbers = new HashMap<>();
        int[] meanings = new int[store.rows()];
        for (int row = 0; row < meanings.length; row++) {
            meanings[row] = numbers.computeIfAbsent(RowCounts.key(store.row(row)), key -> numbers.size());
        }
        return meanings;
    }

    /// `meaning` (G, N) of each text, and where there are scores `labels` (G).
    ///
    /// @param meanings of the stored texts
    /// @param scores   of the units; empty where they have none
    public static Fields compared(int[] meanings, java.util.Optional<java.util.function.IntToDoubleFunction> scores) {
        return (batch, groups, rows) -> {
            int texts = rows.getFirst().length;
            int[] meaning = rows.stream().flatMapToInt(of -> Arrays.stream(of).map(row -> meanings[row])).toArray();
            batch.ints("meaning", meaning, groups.length, texts);
            scores.ifPresent(score -> {
                float[] labels = new float[groups.length];
                for (int i = 0; i < labels.length; i++) {
                    labels[i] = (float) score.applyAsDouble(groups[i]);
                }
                batch.floats("labels", labels, groups.length);
            });
        };
    }

    /// `labels` (G, N), the grade of each document.
    public static Fields graded(TokenStore store) {
        return (batch, groups, rows) -> {
            int most = most(rows);
            float[] grades = new float[groups.length * most];
            for (int group = 0; group < groups.length; group++) {
                for (int i = 0; i < rows.get(group).length; i++) {
                    grades[group * most + i] = Targets.Graded.grade(store.target(rows.get(group)[i]));
                }
            }
            batch.floats("labels", grades, groups.length, most);
        };
    }

    @Override
    public int rows() {
        return units.count();
    }

    @Override
    public int[] lengths(long epoch) {
        int[] lengths = new int[rows()];
        Arrays.setAll(lengths, unit -> {
            int[] rows = units.rows(unit, epoch);
            return longest(rows) * rows.length;
        });
        return lengths;
    }

    private int longest(int[] rows) {
        return Arrays.stream(rows).map(store::length).max().orElse(0);
    }

    @Override
    public int maxLength() {
        return Math.multiplyExact(store.maxLength(), units.most());
    }

    private static int most(List<int[]> rows) {
        return rows.stream().mapToInt(of -> of.length).max().orElse(0);
    }

    @Override
    public Batch make(int[] chosen, int height, int length, long epoch) {
        int[] groups = Arrays.copyOf(chosen, height);
        Arrays.fill(groups, chosen.length, height, chosen[0]);
        List<int[]> rows = Arrays.stream(groups).mapToObj(unit -> units.rows(unit, epoch)).toList();
        int most = most(rows);
        int longest = rows.stream().mapToInt(this::longest).max().orElse(0);
        int width = Math.min((longest + MULTIPLE - 1) / MULTIPLE * MULTIPLE, store.maxLength());
        TokenGrid grid = new TokenGrid(height * most, width, pieces.pad());
        for (int group = 0; group < height; group++) {
            for (int i = 0; i < rows.get(group).length; i++) {
                TokenRow row = store.row(rows.get(group)[i]);
                grid.put(group * most + i, TokenGrid.assemble(row.first(), row.second(), pieces), row.first().length);
            }
        }
        Batch.Builder batch = Batch.of(TokenGrid.origin(chosen));
        Batch flat = grid.into(Batch.of()).build();
        flat.fields().keySet().forEach(name -> batch.ints(name, flat.ints(name).values(), height, most, width));
        batch.ints("texts", rows.stream().mapToInt(of -> of.length).toArray(), height);
        fields.into(batch, groups, rows);
        return batch.build();
    }
}
