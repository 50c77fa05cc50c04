package dev.cultivar.recipe;

import java.util.Comparator;

/// Where something is said: a line of a recipe file, or an override.
///
/// @param text   as a message names it: `recipes/x.yaml:14`
/// @param source 0 for the file, then the overrides in the order they were given
/// @param line   from 1; 0 for the source as a whole
/// @param column from 1; 0 for the line as a whole
record Place(String text, int source, int line, int column) implements Comparable<Place> {

    private static final Comparator<Place> ORDER =
            Comparator.comparingInt(Place::source).thenComparingInt(Place::line).thenComparingInt(Place::column);

    /// The whole of a file.
    static Place file(String name) {
        return new Place(name, 0, 0, 0);
    }

    /// The whole of the override with this index, from 0.
    static Place override(String override, int index) {
        return new Place("override " + Yaml.shortened(override), index + 1, 0, 0);
    }

    /// A line of this source; overrides are one line, so their text stays.
    Place at(int line, int column) {
        return new Place(source == 0 && this.line == 0 ? text + ":" + line : text, source, line, column);
    }

    @Override
    public int compareTo(Place other) {
        return ORDER.compare(this, other);
    }
}
