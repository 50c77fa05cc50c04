package dev.cultivar.recipe;

import java.util.SequencedMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Reads a map of tasks whose names are the recipe's own.
final class TaskNames {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,39}");

    private TaskNames() {}

    /// Refuses a name that may not stand before a dot, or in a folder's name.
    static void require(Node node, String name) {
        if (!NAME.matcher(name).matches() && !node.reading().isSurvey()) {
            node.fail("must be called a letter and letters, digits, - and _, at most 40 in all");
        }
    }

    /// At least one task, each read by `read`.
    static <T> SequencedMap<String, T> each(Node node, String type, Function<Node, T> read) {
        return node.map(keys -> {
            SequencedMap<String, T> tasks = keys.each(type, child -> {
                require(child, child.path().substring(node.path().length() + 1));
                return read.apply(child);
            });
            if (tasks.isEmpty()) {
                node.fail("needs at least one task, by its name");
            }
            return tasks;
        });
    }
}
