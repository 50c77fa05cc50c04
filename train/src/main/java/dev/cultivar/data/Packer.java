package dev.cultivar.data;

import java.util.Arrays;
import java.util.function.Consumer;

/// Fills rows with the lines of a document, dropping nothing: a line is cut only where it alone is longer than a row, and
/// then between words where it can be.
///
/// For next-sentence prediction a full row is parted in two at the line nearest its middle, or, inside a line that had
/// to be cut, at the word nearest its middle; a row of one whole line has no second segment.
final class Packer {
    private final int budget;
    private final boolean paired;
    private final Consumer<TokenRow> out;
    private int[] ids;
    private boolean[] starts;
    private boolean[] lines; // where a line starts
    private int length;
    private long origin;
    private boolean continued; // the row holds a part of a line that was cut

    Packer(int maxLength, boolean paired, Consumer<TokenRow> out) {
        this.budget = maxLength - (paired ? 3 : 2);
        this.paired = paired;
        this.out = out;
        this.ids = new int[budget];
        this.starts = new boolean[budget];
        this.lines = new boolean[budget];
    }

    void line(int[] pieces, boolean[] wordStarts, long row) {
        int from = 0;
        if (length + pieces.length > budget) {
            flush();
            while (pieces.length - from > budget) {
                int to = wordBoundary(wordStarts, from, from + budget);
                continued = true;
                append(pieces, wordStarts, from, to, row);
                flush();
                from = to;
                continued = true;
            }
        }
        append(pieces, wordStarts, from, pieces.length, row);
    }

    void endOfDocument() {
        flush();
    }

    private static int wordBoundary(boolean[] starts, int from, int to) {
        for (int at = to; at > from; at--) {
            if (starts[at]) {
                return at;
            }
        }
        return to;
    }

    private void append(int[] pieces, boolean[] wordStarts, int from, int to, long row) {
        if (to == from) {
            return;
        }
        if (length == 0) {
            origin = row;
        }
        System.arraycopy(pieces, from, ids, length, to - from);
        System.arraycopy(wordStarts, from, starts, length, to - from);
        lines[length] = true;
        length += to - from;
    }

    private void flush() {
        if (length > 0) {
            int middle = paired ? middle() : length;
            out.accept(new TokenRow(Arrays.copyOf(ids, middle), Arrays.copyOfRange(ids, middle, length),
                    Arrays.copyOf(starts, length), new int[0], 0, origin));
        }
        Arrays.fill(lines, false);
        length = 0;
        continued = false;
    }

    private int middle() {
        int atLine = nearestMiddle(lines);
        return atLine < length || !continued ? atLine : nearestMiddle(starts);
    }

    private int nearestMiddle(boolean[] candidates) {
        int best = length;
        for (int at = 1; at < length; at++) {
            if (candidates[at] && Math.abs(2 * at - length) < Math.abs(2 * best - length)) {
                best = at;
            }
        }
        return best;
    }
}
