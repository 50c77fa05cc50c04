package dev.cultivar.recipe;

import java.util.List;
import java.util.function.Function;

/// A member of a sealed family: its name in YAML, and how it is read from the map that names it.
record Kind<T>(String name, Function<Keys, ? extends T> read) {

    static List<String> names(List<? extends Kind<?>> kinds) {
        return kinds.stream().<String>map(Kind::name).toList();
    }
}
