package dev.cultivar.batch;

/// Chances of classes that have an order.
public final class Chances {
    private Chances() {}

    /// The class in the middle: the lowest that, with those below it, has at least half.
    ///
    /// @param chances of one row or of many, row after row
    /// @param from    where the row's begin
    /// @param classes how many they are
    public static int median(float[] chances, int from, int classes) {
        double below = 0;
        for (int k = 0; k < classes; k++) {
            below += chances[from + k];
            if (below >= 0.5) {
                return k;
            }
        }
        return classes - 1;
    }
}
