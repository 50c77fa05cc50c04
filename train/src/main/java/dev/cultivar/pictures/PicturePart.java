package dev.cultivar.pictures;

import dev.cultivar.data.Example;
import dev.cultivar.data.Examples;
import dev.cultivar.image.Picture;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Some of the pictures of a store: those to learn from, or to measure on. Read as rows of text, each is its key, so that what splits and
/// counts rows does it for pictures too.
///
/// @param store that holds them
/// @param rows  their numbers in the store
public record PicturePart(StoredPictures store, int[] rows) implements Examples {

    /// All of a store.
    static PicturePart all(StoredPictures store) {
        return new PicturePart(store, IntStream.range(0, store.size()).toArray());
    }

    /// Those at the places of a set.
    PicturePart at(BitSet places) {
        return new PicturePart(store, places.stream().map(place -> rows[place]).toArray());
    }

    /// Some pictures, and all of other stores.
    static PicturePart joined(PicturePart some, List<PicturePart> more) {
        if (more.isEmpty()) {
            return some;
        }
        JoinedPictures all = JoinedPictures.of(Stream.concat(Stream.of(some.store), more.stream().map(PicturePart::store)).toList());
        int own = some.store.size();
        return new PicturePart(all, IntStream.concat(Arrays.stream(some.rows), IntStream.range(own, all.size())).toArray());
    }

    public int size() {
        return rows.length;
    }

    public long key(int row) {
        return store.key(rows[row]);
    }

    public String label(int row) {
        return store.label(rows[row]);
    }

    /// Where a picture is, for messages.
    public String where(int row) {
        return store.place(rows[row]);
    }

    /// As a model sees it, before its values are changed or normalised.
    public Picture picture(int row) {
        return store.picture(rows[row]);
    }

    /// SHA-256 of which pictures they are, and of what all in the store are.
    public String fingerprint() {
        var fingerprint = new dev.cultivar.data.Fingerprint().add(store.fingerprint());
        for (int row : rows) {
            fingerprint.add(row);
        }
        return fingerprint.hex();
    }

    void read(int row, byte[] into) {
        store.read(rows[row], into);
    }

    /// Mean and deviation of each channel's values.
    public double[][] moments() {
        return store.moments(rows);
    }

    @Override
    public String name() {
        return store.name();
    }

    @Override
    public String place(long row) {
        return store.place(Math.toIntExact(row - 1));
    }

    @Override
    public boolean plainText() {
        return false;
    }

    @Override
    public void each(Sink sink) {
        for (int row : rows) {
            sink.row(new Example(row + 1L, Long.toHexString(store.key(row)), "", store.label(row)));
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PicturePart part && store == part.store && Arrays.equals(rows, part.rows);
    }

    @Override
    public int hashCode() {
        return 31 * store.hashCode() + Arrays.hashCode(rows);
    }
}
