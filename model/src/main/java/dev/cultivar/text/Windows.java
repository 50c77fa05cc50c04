package dev.cultivar.text;

import java.util.ArrayList;
import java.util.List;

/// Cuts what is too long for a row into stretches that overlap, so that nothing is left out and little loses its context.
///
/// @param from first piece
/// @param to   the piece after the last
public record Windows(int from, int to) {

    /// The stretches of so many pieces, in their order; one, which may be empty, where all fit.
    ///
    /// @param pieces in all
    /// @param room   that a row has, at least 1
    /// @param stride pieces that two neighbours share; fewer than `room` are taken where the room is small
    public static List<Windows> of(int pieces, int room, int stride) {
        if (room < 1) {
            throw new IllegalArgumentException("a window needs room for a piece, got " + room);
        }
        List<Windows> windows = new ArrayList<>();
        int step = room - Math.min(stride, room - 1);
        for (int from = 0; ; from += step) {
            int to = Math.min(from + room, pieces);
            windows.add(new Windows(from, to));
            if (to == pieces) {
                return windows;
            }
        }
    }

    /// How much context a piece has on its poorer side: of several windows with the piece, the one with most sees it best.
    public int context(int piece) {
        return Math.min(piece - from, to - 1 - piece);
    }

    /// For each piece the number of the window that sees it best; of equal ones the first.
    public static int[] best(List<Windows> windows, int pieces) {
        int[] best = new int[pieces];
        for (int w = 1; w < windows.size(); w++) {
            for (int piece = windows.get(w).from(); piece < windows.get(w).to(); piece++) {
                boolean before = piece < windows.get(best[piece]).to();
                if (!before || windows.get(w).context(piece) > windows.get(best[piece]).context(piece)) {
                    best[piece] = w;
                }
            }
        }
        return best;
    }
}
