package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import dev.cultivar.batch.Draw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Texts of labelled rows, put together anew in every epoch as functions of (seed, epoch, row): two of one label belong together, two
/// of different labels do not (as in Tunstall et al., 2022, "Efficient few-shot learning without prompts").
///
/// A text whose label no other text has belongs to none; it still serves as what does not belong.
public final class LabelPairs implements Units {
    private static final long PARTNER = Draw.name("partner of the same label");
    private static final long OTHER = Draw.name("partner of another label");
    private static final long NEGATIVE = Draw.name("mined negative");

    /// What a unit is made of.
    public enum Shape {
        /// A text and one of its label.
        POSITIVE,
        /// In turn a text and one of its label, and a text and one of another.
        SCORED,
        /// A text, one of its label, and one of another, or a mined one.
        TRIPLE
    }

    private final TokenStore store;
    private final int[] meanings;
    private final Shape shape;
    private final int perRow;
    private final long seed;
    private final int[][] nearest;
    private final int[][] byLabel;
    private final int[] anchors;

    /// @param meanings numbers of the stored texts, equal for equal ones
    /// @param perRow   positives, and negatives, of each row in an epoch
    /// @param nearest  for each row the rows that a negative is drawn from; none where nothing was mined
    public LabelPairs(TokenStore store, Examples source, int[] meanings, Shape shape, int perRow, int[][] nearest, long seed) {
        this.store = store;
        this.meanings = meanings;
        this.shape = shape;
        this.perRow = perRow;
        this.nearest = nearest;
        this.seed = seed;
        TreeMap<Integer, List<Integer>> rows = new TreeMap<>();
        for (int row = 0; row < store.rows(); row++) {
            rows.computeIfAbsent(label(row), label -> new ArrayList<>()).add(row);
        }
        byLabel = new int[rows.isEmpty() ? 0 : rows.lastKey() + 1][];
        Arrays.setAll(byLabel, label -> rows.getOrDefault(label, List.of()).stream().mapToInt(row -> row).toArray());
        anchors = IntStream.range(0, store.rows()).filter(this::hasPartner).toArray();
        if (anchors.length == 0) {
            throw new DataException(source.name() + ": no label has two different texts, so that no pair belongs together. Give labels more rows");
        }
        if (rows.size() < 2) {
            throw new DataException(source.name() + ": all rows have one label, so that no pair is told apart. Give rows of another label");
        }
    }

    private int label(int row) {
        return store.target(row)[0];
    }

    private boolean hasPartner(int row) {
        return Arrays.stream(byLabel[label(row)]).anyMatch(other -> meanings[other] != meanings[row]);
    }

    @Override
    public int count() {
        return anchors.length * perRow * (shape == Shape.SCORED ? 2 : 1);
    }

    @Override
    public int most() {
        return shape == Shape.TRIPLE ? 3 : 2;
    }

    /// Whether the texts of a unit belong together.
    public boolean together(int unit) {
        return shape != Shape.SCORED || unit % 2 == 0;
    }

    @Override
    public int[] rows(int unit, long epoch) {
        int row = anchors[unit % (anchors.length * (shape == Shape.SCORED ? 2 : 1)) / (shape == Shape.SCORED ? 2 : 1)];
        return switch (shape) {
            case POSITIVE -> new int[] {row, partner(row, unit, epoch)};
            case SCORED -> new int[] {row, together(unit) ? partner(row, unit, epoch) : other(row, unit, epoch)};
            case TRIPLE -> new int[] {row, partner(row, unit, epoch), negative(row, unit, epoch)};
        };
    }

    /// Another text of the label: the first that differs from a drawn place on.
    private int partner(int row, int unit, long epoch) {
        int[] same = byLabel[label(row)];
        int at = Draw.below(same.length, seed, PARTNER, epoch, unit);
        while (meanings[same[at]] == meanings[row]) {
            at = (at + 1) % same.length;
        }
        return same[at];
    }

    /// A row of another label; all are equally likely.
    private int other(int row, int unit, long epoch) {
        int[] same = byLabel[label(row)]; // in rising order
        int at = Draw.below(store.rows() - same.length, seed, OTHER, epoch, unit);
        for (int mine : same) {
            at += mine <= at ? 1 : 0;
        }
        return at;
    }

    private int negative(int row, int unit, long epoch) {
        return nearest.length == 0 ? other(row, unit, epoch) : nearest[row][Draw.below(nearest[row].length, seed, NEGATIVE, epoch, unit)];
    }
}
