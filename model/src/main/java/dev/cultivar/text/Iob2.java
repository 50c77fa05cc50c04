package dev.cultivar.text;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/// Tags that spell out entities word by word: `B-TYPE` starts one, `I-TYPE` goes on with it, `O` is outside of all (Ratnaparkhi, 1998;
/// in the form of CoNLL-2002, in which each entity starts with a B).
public final class Iob2 {
    public static final String OUTSIDE = "O";
    private static final String BEGIN = "B-";
    private static final String INSIDE = "I-";

    private Iob2() {}

    /// What an `I-` means that continues nothing.
    public enum Reading {
        /// It opens an entity.
        LENIENT,
        /// It is none.
        STRICT
    }

    /// A stretch of words of one type.
    ///
    /// @param first word, from 0
    /// @param last  word, which counts
    public record Entity(String type, int first, int last) {}

    /// The entities that a sentence's tags spell out, in their order.
    public static List<Entity> entities(List<String> tags, Reading reading) {
        List<Entity> entities = new ArrayList<>();
        String open = "";
        int first = 0;
        for (int at = 0; at <= tags.size(); at++) {
            String tag = at < tags.size() ? tags.get(at) : OUTSIDE;
            if (goesOn(open, tag)) {
                continue;
            }
            if (!open.isEmpty()) {
                entities.add(new Entity(open, first, at - 1));
            }
            boolean opens = tag.startsWith(BEGIN) || reading == Reading.LENIENT && tag.startsWith(INSIDE);
            open = opens ? type(tag) : "";
            first = at;
        }
        return entities;
    }

    private static boolean goesOn(String open, String tag) {
        return !open.isEmpty() && tag.startsWith(INSIDE) && type(tag).equals(open);
    }

    /// The type of an entity that a tag speaks of; empty for `O`.
    public static String type(String tag) {
        return tag.equals(OUTSIDE) ? "" : tag.substring(2);
    }

    /// Whether it is `O`, `B-TYPE` or `I-TYPE`.
    public static boolean isTag(String tag) {
        return tag.equals(OUTSIDE) || tag.length() > 2 && (tag.startsWith(BEGIN) || tag.startsWith(INSIDE));
    }

    /// Whether a tag is an `I-` that continues nothing.
    ///
    /// @param before the tag of the word before, `O` for the first
    public static boolean breaksOff(String before, String tag) {
        return tag.startsWith(INSIDE) && !goesOn(type(before), tag);
    }

    /// The tag with which an entity of the same type starts.
    public static String opening(String tag) {
        return BEGIN + type(tag);
    }

    /// All tags of some types, `O` first: what a model knows that is trained on them.
    public static List<String> tags(SortedSet<String> types) {
        List<String> tags = new ArrayList<>(List.of(OUTSIDE));
        types.forEach(type -> tags.addAll(List.of(BEGIN + type, INSIDE + type)));
        return tags;
    }
}
