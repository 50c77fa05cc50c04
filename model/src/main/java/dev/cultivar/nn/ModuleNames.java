package dev.cultivar.nn;

import dev.cultivar.format.CheckpointException;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// Modules chosen by name, as PEFT's `target_modules` does it: by what the name ends with, or by a pattern for the whole name.
///
/// @param endings whole names, or what stands behind a dot at their end
/// @param pattern for whole names, instead of endings; null where there are endings
/// @param all     every linear layer, whatever its name
/// @param place   where it is said, for messages
public record ModuleNames(List<String> endings, @Nullable Pattern pattern, boolean all, String place) {
    /// The word for every linear layer.
    public static final String ALL = "all-linear";
    private static final String SOMEWHERE = "targets";
    static final ModuleNames NONE = of(List.of());

    public ModuleNames {
        endings = List.copyOf(endings);
    }

    public static ModuleNames of(List<String> endings) {
        return new ModuleNames(endings, null, false, SOMEWHERE);
    }

    /// @param pattern a regular expression for the whole name
    public static ModuleNames matching(String pattern) {
        return new ModuleNames(List.of(), pattern(pattern, SOMEWHERE), false, SOMEWHERE);
    }

    /// Every linear layer of the backbone.
    public static ModuleNames everyLinear() {
        return new ModuleNames(List.of(), null, true, SOMEWHERE);
    }

    /// What a configuration says: a list of endings, or a text that is a pattern.
    ///
    /// @param place of it, for the message
    static ModuleNames read(@Nullable Object value, String place) {
        return switch (value) {
            case null -> NONE;
            case List<?> list when list.stream().allMatch(String.class::isInstance) ->
                of(list.stream().map(String::valueOf).toList()).said(place);
            case String text when text.equals(ALL) -> everyLinear().said(place);
            case String text -> new ModuleNames(List.of(), pattern(text, place), false, place);
            default -> throw new CheckpointException(place + " must be a list of module names or a pattern, got " + value);
        };
    }

    /// The same as it is said somewhere.
    public ModuleNames said(String where) {
        return new ModuleNames(endings, pattern, all, where);
    }

    static Pattern pattern(String text, String place) {
        try {
            return Pattern.compile(text.replace("(?P<", "(?<")); // Python's way to name a group
        } catch (PatternSyntaxException wrong) {
            throw new CheckpointException(place + ": " + text + " is no regular expression: " + wrong.getDescription(), wrong);
        }
    }

    /// Whether it says names, be it none.
    boolean isNamed() {
        return pattern == null && !all;
    }

    boolean isEmpty() {
        return endings.isEmpty() && pattern == null && !all;
    }

    /// A pattern may leave out what the names of a family's backbones start with under a head (`bert.`): a bare backbone's names have it not.
    ///
    /// @param prefix that start, empty for none
    boolean matches(String module, String prefix) {
        return matches(module) || module.startsWith(prefix) && matches(module.substring(prefix.length()));
    }

    boolean matches(String module) {
        return all
                || (pattern != null ? pattern.matcher(module).matches() : endings.stream().anyMatch(end -> module.equals(end) || module.endsWith("." + end)));
    }

    /// The layers that a pattern or the word for all means, by their names; itself again where it means none. Endings stay.
    ModuleNames spelledOut(Collection<String> layers, String prefix) {
        List<String> meant = layers.stream()
                .filter(layer -> matches(layer, prefix))
                .map(layer -> layer.startsWith(prefix) ? layer.substring(prefix.length()) : layer)
                .toList();
        return isNamed() || meant.isEmpty() ? this : of(meant);
    }

    /// What the configuration says again.
    Object json() {
        return all ? ALL : pattern != null ? pattern.pattern() : endings;
    }

    /// Which layers of the backbone are meant, where not all are.
    ///
    /// @param numbers  of the layers; empty for all
    /// @param patterns what stands before the number; empty for anything
    public record Layers(List<Integer> numbers, List<String> patterns) {
        static final Layers ALL = new Layers(List.of(), List.of());
        private static final String ANY = ".*?\\.[^.]*\\.(\\d+)\\..*";

        boolean has(String module) {
            if (numbers.isEmpty()) {
                return true;
            }
            List<String> tried = patterns.isEmpty() ? List.of(ANY) : patterns.stream().map(each -> "(?:|.*?\\.)" + each + "\\.(\\d+)\\..*").toList();
            for (String each : tried) {
                Matcher found = Pattern.compile(each).matcher(module);
                if (found.matches()) {
                    return numbers.contains(Integer.parseInt(found.group(found.groupCount())));
                }
            }
            return false;
        }
    }
}
