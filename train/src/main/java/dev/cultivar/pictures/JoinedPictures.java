package dev.cultivar.pictures;

import dev.cultivar.data.Fingerprint;
import dev.cultivar.recipe.PicturesRecipe.Shape;
import java.util.List;

/// Pictures of several sources, one source after the other: those of the first keep their numbers, and with them what is drawn for each.
///
/// @param parts at least one, all of one form
/// @param first number of the first picture of each, and how many there are in all
record JoinedPictures(List<StoredPictures> parts, int[] first) implements StoredPictures {

    static JoinedPictures of(List<StoredPictures> parts) {
        int[] first = new int[parts.size() + 1];
        for (int i = 0; i < parts.size(); i++) {
            first[i + 1] = Math.addExact(first[i], parts.get(i).size());
        }
        return new JoinedPictures(List.copyOf(parts), first);
    }

    private int part(int row) {
        int part = 0;
        while (row >= first[part + 1]) {
            part++;
        }
        return part;
    }

    @Override
    public String name() {
        return parts.getFirst().name();
    }

    @Override
    public int size() {
        return first[parts.size()];
    }

    @Override
    public Shape shape() {
        return parts.getFirst().shape();
    }

    @Override
    public String label(int row) {
        int part = part(row);
        return parts.get(part).label(row - first[part]);
    }

    @Override
    public String place(int row) {
        int part = part(row);
        return parts.get(part).place(row - first[part]);
    }

    @Override
    public long key(int row) {
        int part = part(row);
        return parts.get(part).key(row - first[part]);
    }

    @Override
    public String fingerprint() {
        var fingerprint = new Fingerprint();
        parts.forEach(part -> fingerprint.add(part.fingerprint()));
        return fingerprint.hex();
    }

    @Override
    public void read(int row, byte[] into) {
        int part = part(row);
        parts.get(part).read(row - first[part], into);
    }
}
