package dev.cultivar.corpus;

import dev.cultivar.batch.Draw;
import java.util.Arrays;

/// Signatures of sets, of which as large a share of places is equal as the sets share of their elements (Broder, 1997, "On the
/// resemblance and containment of documents").
///
/// Each place holds the least hash of the set under a function of its own, of the multiply-add kind; its low 16 bits are kept
/// (Li and König, 2010, "b-bit minwise hashing"), which lets two differing places seem equal with chance 2^-16.
final class MinHash {
    private final long[] factors;
    private final long[] addends;

    MinHash(int size, long seed) {
        factors = new long[size];
        addends = new long[size];
        for (int i = 0; i < size; i++) {
            factors[i] = Draw.bits(seed, i, 0) | 1;
            addends[i] = Draw.bits(seed, i, 1);
        }
    }

    /// @param set at least one element, each a well mixed number; repetitions change nothing
    short[] signature(long[] set) {
        int[] least = new int[factors.length];
        Arrays.fill(least, Integer.MAX_VALUE);
        for (long element : set) {
            for (int i = 0; i < least.length; i++) {
                least[i] = Math.min(least[i], (int) ((factors[i] * element + addends[i]) >>> 33));
            }
        }
        short[] signature = new short[least.length];
        for (int i = 0; i < least.length; i++) {
            signature[i] = (short) least[i];
        }
        return signature;
    }

    /// The share of equal places: an estimate of the Jaccard similarity J with variance J (1 - J) / size.
    static double similarity(short[] a, short[] b) {
        int equal = 0;
        for (int i = 0; i < a.length; i++) {
            equal += a[i] == b[i] ? 1 : 0;
        }
        return (double) equal / a.length;
    }
}
