package dev.cultivar.data;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Puts pieces of text side by side into rows of one length, so that little is padding.
public final class Packing {
    private Packing() {}

    /// Best fit decreasing (Johnson, 1973): the longest piece first, each into the row with the least room that still holds it.
    /// Of pieces of one length the earlier comes first; of rows with the same room, the one that got it last.
    ///
    /// @param lengths of the pieces, each at most `room`
    /// @param room    of a row
    /// @return for each row the numbers of its pieces, from left to right
    public static List<int[]> bestFitDecreasing(int[] lengths, int room) {
        int[] order = IntStream.range(0, lengths.length).boxed()
                .sorted(Comparator.<Integer>comparingInt(i -> -lengths[i]).thenComparing(i -> i))
                .mapToInt(i -> i).toArray();
        List<List<Integer>> rows = new ArrayList<>();
        TreeMap<Integer, Deque<Integer>> byRoom = new TreeMap<>();
        for (int piece : order) {
            if (lengths[piece] > room) {
                throw new IllegalArgumentException("piece " + piece + " has " + lengths[piece] + " tokens, a row has room for " + room);
            }
            Map.Entry<Integer, Deque<Integer>> best = byRoom.ceilingEntry(lengths[piece]);
            int row;
            int left;
            if (best == null) {
                row = rows.size();
                left = room;
                rows.add(new ArrayList<>());
            } else {
                row = best.getValue().removeLast();
                left = best.getKey();
                if (best.getValue().isEmpty()) {
                    byRoom.remove(left);
                }
            }
            rows.get(row).add(piece);
            byRoom.computeIfAbsent(left - lengths[piece], key -> new ArrayDeque<>()).addLast(row);
        }
        return rows.stream().map(row -> row.stream().mapToInt(Integer::intValue).toArray()).toList();
    }
}
