package dev.cultivar.recipe;

import java.util.List;

/// The linear layers of a backbone that an adapter stands on, chosen by their names as PEFT's `target_modules` does it.
public sealed interface Targets {
    /// The word for [All].
    String ALL = "all-linear";

    /// Those whose name ends so, behind a dot; none for those that PEFT takes for the family.
    record Endings(List<String> names) implements Targets {
        public Endings {
            names = List.copyOf(names);
        }
    }

    /// Those whose whole name matches a regular expression. It may leave out what the names start with only under a head, such as `bert.`.
    record Matching(String pattern) implements Targets {}

    /// All linear layers of the backbone.
    record All() implements Targets {}

    /// By endings.
    static Targets of(String... names) {
        return new Endings(List.of(names));
    }

    /// By endings.
    static Targets of(List<String> names) {
        return new Endings(names);
    }

    /// By a regular expression for the whole name.
    static Targets matching(String pattern) {
        return new Matching(pattern);
    }

    /// All of them.
    static Targets allLinear() {
        return new All();
    }
}
