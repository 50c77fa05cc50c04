package dev.cultivar.recipe;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// YAML text to a [Yaml] tree.
///
/// It is built from the parser's events rather than from its nodes, so that what a recipe has no use for and what could
/// exhaust memory or the stack (anchors, tags, depth) is refused before anything is made of it.
final class YamlParser {
    /// Characters of the longest recipe.
    static final int LONGEST = 1 << 20;

    /// Lists and maps inside each other.
    static final int DEEPEST = 32;

    private static final Set<String> STANDARD_TAGS =
            Set.of("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:str");

    private final Iterator<Event> events;
    private final Place source;
    private final Reading reading;

    private YamlParser(Iterator<Event> events, Place source, Reading reading) {
        this.events = events;
        this.source = source;
        this.reading = reading;
    }

    /// The document, an empty scalar where there is none, or [Yaml.Absent] where it cannot be read; the mistakes are in
    /// `reading`.
    static Yaml parse(String text, Place source, Reading reading) {
        if (text.length() > LONGEST) {
            reading.mistake(source, "", "has " + text.length() + " characters; a recipe has at most " + LONGEST);
            return new Yaml.Absent(source);
        }
        try {
            LoadSettings settings = LoadSettings.builder().setCodePointLimit(LONGEST + 1).build();
            return new YamlParser(new Parse(settings).parseString(text).iterator(), source, reading).document();
        } catch (Refused refused) {
            reading.mistake(refused.place, "", String.valueOf(refused.getMessage()));
        } catch (MarkedYamlEngineException broken) {
            String context = broken.getContext() == null ? "" : ", " + broken.getContext();
            reading.mistake(placeOf(source, broken.getProblemMark()), "",
                    "is not YAML: " + broken.getProblem() + context + hint(broken.getProblem()));
        } catch (YamlEngineException broken) {
            reading.mistake(source, "", "is not YAML: " + Yaml.shortened(String.valueOf(broken.getMessage())));
        }
        return new Yaml.Absent(source);
    }

    private static String hint(String problem) {
        return problem.contains("TAB") || problem.contains("'\\t'") ? "; indent with spaces" : "";
    }

    private Yaml document() {
        Yaml value = new Yaml.Scalar("", true, source);
        boolean begun = false;
        while (events.hasNext()) {
            Event event = events.next();
            if (event instanceof DocumentStartEvent) {
                if (begun) {
                    throw new Refused("a second document begins here; a recipe is one", place(event));
                }
                begun = true;
                value = value(events.next(), place(event), 0);
            }
        }
        return value;
    }

    /// @param place where the value is said to be: at its key, where it has one
    private Yaml value(Event event, Place place, int depth) {
        if (depth > DEEPEST) {
            throw new Refused("is nested more than " + DEEPEST + " deep", place(event));
        }
        return switch (event) {
            case ScalarEvent scalar -> {
                refuse(scalar.getAnchor(), scalar.getTag(), place(event));
                yield new Yaml.Scalar(scalar.getValue(), scalar.isPlain(), place);
            }
            case SequenceStartEvent start -> {
                refuse(start.getAnchor(), start.getTag(), place(event));
                yield sequence(place, depth);
            }
            case MappingStartEvent start -> {
                refuse(start.getAnchor(), start.getTag(), place(event));
                yield mapping(place, depth);
            }
            case AliasEvent alias -> throw new Refused(
                    "*" + Yaml.shortened(alias.getAlias().getValue())
                            + " is an alias, which a recipe cannot have; write the value out",
                    place(event));
            default -> throw new IllegalStateException("unexpected " + event);
        };
    }

    private Yaml sequence(Place place, int depth) {
        List<Yaml> items = new ArrayList<>();
        for (Event event = events.next(); !(event instanceof SequenceEndEvent); event = events.next()) {
            items.add(value(event, place(event), depth + 1));
        }
        return new Yaml.Sequence(List.copyOf(items), place);
    }

    private Yaml mapping(Place place, int depth) {
        Map<String, Yaml> entries = new LinkedHashMap<>();
        for (Event event = events.next(); !(event instanceof MappingEndEvent); event = events.next()) {
            if (!(value(event, place(event), depth + 1) instanceof Yaml.Scalar(String key, _, Place said))) {
                throw new Refused("a key must be a text, got a list or a map", place(event));
            }
            Yaml value = value(events.next(), said, depth + 1);
            Yaml before = entries.putIfAbsent(key, value);
            if (before != null) {
                String where = before.place().line() == said.line() ? "" : ", first in line " + before.place().line();
                reading.mistake(said, key, Yaml.shortened(key) + " is said twice" + where);
            }
        }
        return new Yaml.Mapping(entries, place);
    }

    private static void refuse(Optional<Anchor> anchor, Optional<String> tag, Place place) {
        if (anchor.isPresent()) {
            throw new Refused(
                    "&" + Yaml.shortened(anchor.get().getValue()) + " is an anchor, which a recipe cannot have; write values out",
                    place);
        }
        if (tag.isPresent() && !STANDARD_TAGS.contains(tag.get())) {
            throw new Refused(Yaml.shortened(tag.get()) + " is a tag, which a recipe cannot have", place);
        }
    }

    private Place place(Event event) {
        return placeOf(source, event.getStartMark());
    }

    private static Place placeOf(Place source, Optional<Mark> mark) {
        return mark.map(m -> source.at(m.getLine() + 1, m.getColumn() + 1)).orElse(source);
    }

    /// What ends the reading of a document at once.
    private static final class Refused extends RuntimeException {
        private final transient Place place;

        private Refused(String message, Place place) {
            super(message, null, false, false);
            this.place = place;
        }
    }
}
