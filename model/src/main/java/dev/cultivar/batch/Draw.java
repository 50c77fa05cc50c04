package dev.cultivar.batch;

/// Random numbers as pure functions of a seed and a place: no generator's state is ever stored, so a run that
/// resumes draws what the undisturbed run would have drawn.
///
/// The mixing function is SplitMix64's finaliser (Steele, Lea and Flood, 2014, "Fast splittable pseudorandom number generators").
public final class Draw {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Draw() {}

    /// Sixty-four uniform bits for a place, for example `bits(seed, purpose, epoch, row, position)`.
    public static long bits(long seed, long... place) {
        long z = mix(seed + GOLDEN);
        for (long step : place) {
            z = mix(z ^ mix(step + GOLDEN));
        }
        return z;
    }

    /// A number in `[0, 1)` with 53 random bits.
    public static double unit(long seed, long... place) {
        return (bits(seed, place) >>> 11) * 0x1p-53;
    }

    /// A whole number in `[0, bound)`; the bias is below `bound / 2^63`.
    public static int below(int bound, long seed, long... place) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound must be at least 1, got " + bound);
        }
        return (int) Math.unsignedMultiplyHigh(bits(seed, place), bound);
    }

    /// A standard normal number, made of two uniform ones (Box and Muller, 1958).
    public static double normal(long seed, long... place) {
        long first = bits(seed, place);
        double radius = Math.sqrt(-2 * Math.log(((first >>> 11) + 1) * 0x1p-53)); // the logarithm of a number in (0, 1]
        return radius * Math.cos(2 * Math.PI * (bits(first, 1) >>> 11) * 0x1p-53);
    }

    /// A place's coordinate from a name.
    public static long name(String text) {
        long z = text.length();
        for (int i = 0; i < text.length(); i++) {
            z = mix(z ^ (text.charAt(i) + GOLDEN));
        }
        return z;
    }

    /// The finaliser: a bijection of 64 bits.
    public static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /// Where element `index` of `size` elements goes in the order that `key` names: a keyed permutation by a
    /// four-round Feistel network with cycle walking, so any element of any epoch is found without shuffling.
    public static long permute(long index, long size, long key) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("index must be in [0, " + size + "), got " + index);
        }
        if (size == 1) {
            return 0;
        }
        int half = (65 - Long.numberOfLeadingZeros(size - 1)) / 2; // bits of each half; 2^(2 half) >= size
        long mask = (1L << half) - 1;
        long at = index;
        do {
            long left = at >>> half;
            long right = at & mask;
            for (int round = 0; round < 4; round++) {
                long next = left ^ (bits(key, round, right) & mask);
                left = right;
                right = next;
            }
            at = (left << half) | right;
        } while (at >= size);
        return at;
    }
}
