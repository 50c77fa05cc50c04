package dev.cultivar.corpus;

import dev.cultivar.batch.Draw;
import java.util.Arrays;

/// A set of numbers in sixteen to thirty-two bytes each, by linear probing.
final class LongSet {
    private long[] slots = new long[1 << 10]; // 0 is free
    private int size;
    private boolean zero;

    /// Whether the number was not there yet.
    boolean add(long value) {
        if (value == 0) {
            boolean fresh = !zero;
            zero = true;
            return fresh;
        }
        int at = slot(value);
        if (slots[at] == value) {
            return false;
        }
        slots[at] = value;
        if (++size > slots.length / 2) {
            grow();
        }
        return true;
    }

    boolean contains(long value) {
        return value == 0 ? zero : slots[slot(value)] == value;
    }

    /// Where a number lies, below [#places()], as long as none is added; negative where it does not.
    int place(long value) {
        if (value == 0) {
            return zero ? slots.length : -1;
        }
        int at = slot(value);
        return slots[at] == value ? at : -1;
    }

    int places() {
        return slots.length + 1;
    }

    int size() {
        return size + (zero ? 1 : 0);
    }

    private int slot(long value) {
        int mask = slots.length - 1;
        int at = (int) Draw.mix(value) & mask;
        while (slots[at] != 0 && slots[at] != value) {
            at = at + 1 & mask;
        }
        return at;
    }

    private void grow() {
        if (slots.length == 1 << 30) {
            throw new IllegalStateException("more than 500 million documents are more than one pass can compare");
        }
        long[] old = slots;
        slots = new long[2 * old.length];
        Arrays.stream(old).filter(value -> value != 0).forEach(value -> slots[slot(value)] = value);
    }
}
