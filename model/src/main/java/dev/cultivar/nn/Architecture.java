package dev.cultivar.nn;

import java.util.Set;

/// Transformers' class that opens a model, and what of the model lies in that class's file.
///
/// @param name   of the class
/// @param prefix of the backbone's parameters
/// @param heads  what the names of the class's heads are, or start with up to a dot; none for a bare backbone, whose file leaves the prefix out
public record Architecture(String name, String prefix, Set<String> heads) {
    public Architecture {
        heads = Set.copyOf(heads);
    }

    /// Whether the class has the parameter.
    boolean holds(String parameter) {
        return parameter.startsWith(prefix) || heads.stream().anyMatch(head -> parameter.equals(head) || parameter.startsWith(head + "."));
    }

    /// What the class calls the parameter.
    String stored(String parameter) {
        return heads.isEmpty() ? parameter.substring(prefix.length()) : parameter;
    }
}
