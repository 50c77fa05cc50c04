package dev.cultivar.text;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// The pieces that a user asks for beside the learned ones, and how a text is read around them: the one that starts first counts,
/// of two that start together the longer one.
///
/// @param pieces in the order of their ids
record SpecialPieces(List<String> pieces) {
    SpecialPieces {
        pieces = List.copyOf(pieces);
        for (var piece : pieces) {
            if (piece.codePointCount(0, piece.length()) < 2) {
                throw new IllegalArgumentException("A special piece has at least two characters, since each single one is a piece of"
                        + " its own, but one is '" + piece + "'. Call it <|" + piece.strip() + "|>, for example.");
            }
        }
        if (new HashSet<>(pieces).size() < pieces.size()) {
            throw new IllegalArgumentException("Each special piece may be named once, but they are " + pieces + ".");
        }
    }

    /// Takes the parts of a text.
    interface Sink {
        /// @param special the piece's place in the list, -1 for a part between special pieces, which is never empty
        void part(int from, int to, int special);
    }

    void cut(String text, Sink parts) {
        var next = new ArrayList<Integer>(pieces.size()); // where each one stands next; -1 if nowhere
        pieces.forEach(piece -> next.add(text.indexOf(piece)));
        int from = 0;
        for (int first = first(next); first >= 0; first = first(next)) {
            int at = next.get(first);
            if (at > from) {
                parts.part(from, at, -1);
            }
            from = at + pieces.get(first).length();
            parts.part(at, from, first);
            for (int i = 0; i < next.size(); i++) {
                if (next.get(i) >= 0 && next.get(i) < from) {
                    next.set(i, text.indexOf(pieces.get(i), from));
                }
            }
        }
        if (from < text.length()) {
            parts.part(from, text.length(), -1);
        }
    }

    private int first(List<Integer> next) {
        int first = -1;
        for (int i = 0; i < next.size(); i++) {
            int at = next.get(i);
            boolean earlier = first < 0 || at < next.get(first) || at == next.get(first) && pieces.get(i).length() > pieces.get(first).length();
            first = at >= 0 && earlier ? i : first;
        }
        return first;
    }
}
