package dev.cultivar.data;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.text.Iob2;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Words with one IOB2 tag each, whatever form they were read in; tags that break the rules are refused, or mended and counted.
///
/// Text and label come out as words and tags with a space between two. Both cells may be JSON lists of texts, or texts with white
/// space between words.
///
/// @param of     the rows as they were read
/// @param repair whether an `I-` that continues nothing becomes a `B-`
public record TaggedExamples(Examples of, boolean repair) implements Examples {
    static final Pattern SPACE = Pattern.compile("\\s");

    @Override
    public String name() {
        return of.name();
    }

    @Override
    public String place(long row) {
        return of.place(row);
    }

    @Override
    public boolean plainText() {
        return false;
    }

    @Override
    public void each(Sink sink) {
        Found found = read(sink);
        found.wrong().refuse("Correct the rows, or drop them with data.train.where.");
        if (!repair) {
            found.broken().refuse("Correct the tags, or have them mended with objective.tags=repair.");
        }
    }

    @Override
    public List<String> changes() {
        return repair ? read(_ -> {}).broken().told("tags I- that continue nothing were read as B-") : List.of();
    }

    /// All tags of the entities that rows have, `O` first.
    public static Labels labels(Iterable<Examples> parts) {
        TreeSet<String> types = new TreeSet<>();
        parts.forEach(part -> part.each(example -> Arrays.stream(example.label().split(" ")).map(Iob2::type).filter(type -> !type.isEmpty()).forEach(types::add)));
        return Labels.inOrder(Iob2.tags(types));
    }

    private record Found(Faults wrong, Faults broken) {}

    private Found read(Sink sink) {
        Found found = new Found(new Faults(), new Faults());
        of.each(example -> row(example, found).ifPresent(sink::row));
        return found;
    }

    private Optional<Example> row(Example example, Found found) {
        Optional<List<String>> listed = list(example.text());
        Optional<List<String>> listedTags = list(example.label());
        boolean lists = listed.isPresent() && listedTags.isPresent();
        List<String> words = lists ? listed.get() : words(example.text());
        List<String> tags = new ArrayList<>(lists ? listedTags.get() : words(example.label()));
        String place = of.place(example.row());
        if (words.size() != tags.size()) {
            found.wrong().add(place, "has " + words.size() + " words and " + tags.size() + " tags; expected a tag for each word");
            return Optional.empty();
        }
        String before = Iob2.OUTSIDE;
        boolean sound = true;
        for (int i = 0; i < tags.size(); i++) {
            String at = of.place(example.row(), i);
            if (words.get(i).isEmpty() || SPACE.matcher(words.get(i)).find()) {
                found.wrong().add(at, "'" + words.get(i) + "' is no word; a word has no white space and is not empty");
                sound = false;
            } else if (!Iob2.isTag(tags.get(i)) || SPACE.matcher(tags.get(i)).find()) {
                found.wrong().add(at, "'" + tags.get(i) + "' is no IOB2 tag; expected O, B-TYPE or I-TYPE");
                sound = false;
            } else if (Iob2.breaksOff(before, tags.get(i))) {
                found.broken().add(at, "the tag " + tags.get(i) + " of '" + words.get(i) + "' continues nothing, since " + before
                        + " stands before it; expected " + Iob2.opening(tags.get(i)));
                tags.set(i, Iob2.opening(tags.get(i)));
                sound &= repair;
            }
            before = Iob2.isTag(tags.get(i)) ? tags.get(i) : Iob2.OUTSIDE;
        }
        return sound && !words.isEmpty()
                ? Optional.of(new Example(example.row(), String.join(" ", words), "", "", String.join(" ", tags), example.document()))
                : Optional.empty();
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.strip().split("\\s+")).filter(word -> !word.isEmpty()).toList();
    }

    /// The texts of a JSON list; empty for anything else.
    private static Optional<List<String>> list(String cell) {
        String text = cell.strip();
        if (!text.startsWith("[") || !text.endsWith("]")) {
            return Optional.empty();
        }
        try {
            var json = JsonFiles.parse("{\"list\": " + text + "}", "list");
            return json.size() == 1 && json.get("list") instanceof List<?> all && all.stream().allMatch(String.class::isInstance)
                    ? Optional.of(all.stream().map(String.class::cast).toList())
                    : Optional.empty();
        } catch (CheckpointException noList) {
            return Optional.empty(); // then it is a text that starts and ends with brackets
        }
    }
}
