package dev.cultivar.recipe;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;

/// The keys of one map while it is read: each is asked for once, by name; [#close] then finds those that nobody asked for.
final class Keys {
    private static final String REQUIRED = "required";

    private final Node node;
    private final Map<String, Yaml> entries;
    private final List<String> alternatives;
    private final Set<String> asked;
    private final Map<Set<String>, String> missing;

    Keys(Node node, Map<String, Yaml> entries) {
        this(node, entries, List.of(), new LinkedHashSet<>(), new LinkedHashMap<>());
    }

    private Keys(
            Node node,
            Map<String, Yaml> entries,
            List<String> alternatives,
            Set<String> asked,
            Map<Set<String>, String> missing) {
        this.node = node;
        this.entries = entries;
        this.alternatives = alternatives;
        this.asked = asked;
        this.missing = missing;
    }

    /// These keys, as those of a kind.
    Keys of(String kind) {
        return new Keys(new Node(node.yaml(), node.path(), kind, node.reading()), entries, alternatives, asked, missing);
    }

    Node node() {
        return node;
    }

    boolean has(String key) {
        return entries.containsKey(key);
    }

    /// A key that was asked for before, to note what is wrong with it beside others; this map where it is absent.
    Node at(String key) {
        return node.child(key, entries.getOrDefault(key, node.yaml()));
    }

    /// Notes that a key that is there has no place beside others.
    void refuse(String key, String message) {
        asked.add(key);
        at(key).fail(message);
    }

    /// Whether a key is there that may be.
    boolean mayHave(String key) {
        asked.add(key);
        return has(key);
    }

    /// The value of a key, or nothing.
    private Node ask(String key, String type, String otherwise, String bounds) {
        asked.add(key);
        Node child = node.child(key, entries.getOrDefault(key, new Yaml.Absent(node.yaml().place())));
        node.reading().known(new KnownKey(child.path(), node.kind(), type, otherwise, bounds));
        return child;
    }

    /// A key that must be there.
    <T> T need(String key, String type, String bounds, String hint, Function<Node, T> read) {
        Node child = ask(key, type, alternatives.contains(key) ? "one of " + String.join(", ", alternatives) : REQUIRED, bounds);
        if (!has(key) && !node.reading().isSurvey()) {
            missing.put(Set.of(key), child.path() + " is missing" + hint);
            return read.apply(new Node(child.yaml(), child.path(), child.kind(), Reading.ofRecipe()));
        }
        return read.apply(child);
    }

    /// A key that stands for `otherwise` where it is absent.
    <T> T have(String key, String type, String bounds, T otherwise, String described, Function<Node, T> read) {
        Node child = ask(key, type, described, bounds);
        return has(key) || node.reading().isSurvey() ? read.apply(child) : otherwise;
    }

    /// A key whose value, where it is absent, is read from the YAML `otherwise`.
    <T> T have(String key, String type, String otherwise, Function<Node, T> read) {
        return have(key, type, otherwise, otherwise, read);
    }

    /// @param described `otherwise` in the table of keys
    <T> T have(String key, String type, String otherwise, String described, Function<Node, T> read) {
        Node child = ask(key, type, described, "");
        if (has(key) || node.reading().isSurvey()) {
            return read.apply(child);
        }
        Yaml silent = YamlParser.parse(otherwise, node.yaml().place(), node.reading());
        return read.apply(new Node(silent, child.path(), child.kind(), child.reading()));
    }

    /// The values of all keys there are, where their names are the recipe's own.
    <T> SequencedMap<String, T> each(String type, Function<Node, T> read) {
        SequencedMap<String, T> values = new LinkedHashMap<>();
        for (String key : node.reading().isSurvey() ? Set.of("*") : entries.keySet()) {
            values.put(key, need(key, type, "", "", read));
        }
        return values;
    }

    long whole(String key, Range range) {
        return need(key, "whole number", range.described(), "", node -> node.whole(range));
    }

    long whole(String key, long otherwise, Range range) {
        return have(key, "whole number", range.described(), otherwise, String.valueOf(otherwise), node -> node.whole(range));
    }

    int count(String key, Range range) {
        return (int) whole(key, range);
    }

    int count(String key, int otherwise, Range range) {
        return (int) whole(key, otherwise, range);
    }

    /// @param described `otherwise` in the table of keys
    int count(String key, int otherwise, String described, Range range) {
        return have(key, "whole number", range.described(), (long) otherwise, described, node -> node.whole(range)).intValue();
    }

    double number(String key, Range range) {
        return need(key, "number", range.described(), "", node -> node.number(range));
    }

    double number(String key, double otherwise, Range range) {
        return have(key, "number", range.described(), otherwise, YamlText.number(otherwise), node -> node.number(range));
    }

    boolean flag(String key, boolean otherwise) {
        return have(key, "true or false", "", otherwise, String.valueOf(otherwise), Node::flag);
    }

    String text(String key, String otherwise) {
        return have(key, "text", "", otherwise, YamlText.quoted(otherwise), Node::text);
    }

    /// A text that is not empty.
    String name(String key) {
        return need(key, "text", "not empty", "", Keys::notEmpty);
    }

    Path file(String key) {
        return need(key, "file", "", "", node -> {
            try {
                return Path.of(notEmpty(node));
            } catch (InvalidPathException notAPath) {
                node.fail("must be a file's name, got " + node.yaml().described());
                return Path.of("");
            }
        });
    }

    private static String notEmpty(Node node) {
        String text = node.text();
        if (node.yaml() instanceof Yaml.Scalar && text.isBlank()) {
            node.fail("must not be empty");
        }
        return text;
    }

    <E extends Enum<E>> E choice(String key, E otherwise, E[] members) {
        List<String> words = words(members);
        return have(key, "one of " + String.join(", ", words), "", otherwise, word(otherwise),
                node -> members[words.indexOf(node.word(words))]);
    }

    /// How a member of an enum is written in YAML.
    static String word(Enum<?> member) {
        return member.name().toLowerCase(Locale.ROOT);
    }

    private static List<String> words(Enum<?>[] members) {
        List<String> words = new ArrayList<>();
        for (Enum<?> member : members) {
            words.add(word(member));
        }
        return words;
    }

    /// The kind of a sealed family, or nothing where it is missing or wrong.
    Optional<String> kind(String otherwise, List<String> kinds) {
        int before = node.reading().mistakes();
        String type = "one of " + String.join(", ", kinds);
        String name = otherwise.isEmpty()
                ? need("kind", type, "", "; one of " + String.join(", ", kinds), node -> node.word(kinds))
                : have("kind", type, "", otherwise, otherwise, node -> node.word(kinds));
        return node.reading().mistakes() == before && missing.isEmpty() ? Optional.of(name) : Optional.empty();
    }

    private Yaml entry(String key) {
        return java.util.Objects.requireNonNull(entries.get(key));
    }

    /// Asks for the keys of all kinds, where it is not known which is meant, so that a key of any is no mistake.
    void askAsAll(List<? extends Kind<?>> kinds) {
        Keys survey = new Keys(new Node(new Yaml.Absent(node.yaml().place()), node.path(), "", Reading.ofAllKeys()), Map.of());
        kinds.forEach(kind -> {
            Object ignored = kind.read().apply(survey);
        });
        asked.addAll(survey.asked);
    }

    /// The one key of several that is there; each `read` asks for the key that it is named after.
    ///
    /// @param theirs what else the alternatives ask for; not judged where it is not clear which of them is meant
    <T> T exactlyOne(List<Kind<T>> alternatives, String... theirs) {
        String names = String.join(", ", Kind.names(alternatives));
        Keys each = new Keys(node, entries, Kind.names(alternatives), asked, missing);
        if (node.reading().isSurvey()) {
            return alternatives.stream().<T>map(alternative -> alternative.read().apply(each)).toList().getFirst();
        }
        asked.addAll(Kind.names(alternatives));
        List<Kind<T>> present = alternatives.stream().filter(alternative -> has(alternative.name())).toList();
        if (present.size() == 1) {
            return present.getFirst().read().apply(each);
        }
        if (present.isEmpty()) {
            missing.put(Set.copyOf(Kind.names(alternatives)), node.path() + " needs one of " + names);
        } else {
            String last = Kind.names(present).stream().max(Comparator.comparing(key -> entry(key).place())).orElseThrow();
            node.reading().mistake(entry(last).place(), node.path(), node.path() + " takes one of " + names + ", got "
                    + String.join(" and ", Kind.names(present))
                    + "; to replace the whole, give " + node.path() + "={" + last + ": ...}");
        }
        asked.addAll(List.of(theirs));
        Node muted = new Node(node.yaml(), node.path(), node.kind(), Reading.ofRecipe());
        return alternatives.getFirst().read().apply(new Keys(muted, Map.of()));
    }

    /// Notes the keys that nobody asked for, and those that are missing, unless a misspelt one explains it.
    void close() {
        Set<String> meant = new LinkedHashSet<>();
        for (Map.Entry<String, Yaml> entry : entries.entrySet()) {
            if (!asked.contains(entry.getKey())) {
                Optional<String> nearest = Spelling.nearest(entry.getKey(), asked);
                nearest.ifPresent(meant::add);
                node.child(entry.getKey(), entry.getValue()).fail("is not a key" + nearest
                        .map(key -> "; did you mean " + key + "?")
                        .orElseGet(() -> "; the keys here are " + String.join(", ", asked)));
            }
        }
        missing.forEach((keys, message) -> {
            if (keys.stream().noneMatch(meant::contains)) {
                String path = node.path().isEmpty() ? keys.iterator().next() : node.path();
                node.reading().mistake(node.yaml().place(), path, message);
            }
        });
    }
}
