package dev.cultivar.recipe;

import java.util.ArrayList;
import java.util.List;

/// Reads `corpus` and `clean`: documents to pretrain on.
final class CorpusReader {
    private static final List<String> JDK = List.of("source");

    private CorpusReader() {}

    static CorpusRecipe corpus(Keys keys) {
        List<CorpusRecipe.Source> sources = keys.need("corpus", "list of maps", "not empty", "", CorpusReader::sources);
        return new CorpusRecipe(sources, keys.have("clean", "list of maps", "[]", CorpusReader::steps));
    }

    private static List<CorpusRecipe.Source> sources(Node node) {
        List<CorpusRecipe.Source> sources = new ArrayList<>();
        for (Node item : node.items()) {
            sources.add(item.map(CorpusReader::source));
        }
        if (sources.isEmpty() && node.yaml() instanceof Yaml.Sequence) {
            node.fail("must not be empty");
        }
        return sources;
    }

    private static CorpusRecipe.Source source(Keys keys) {
        CorpusRecipe.Place place = keys.exactlyOne(List.of(
                new Kind<>("files", each -> new CorpusRecipe.Place.Files(
                        each.need("files", "text or list of texts", "not empty", "", CorpusReader::some), included(each), excluded(each))),
                new Kind<>("sql", each -> new CorpusRecipe.Place.Sql(each.name("sql"))),
                new Kind<>("jdk", each -> {
                    each.need("jdk", "one of " + String.join(", ", JDK), "", "", node -> node.word(JDK));
                    return new CorpusRecipe.Place.Jdk(included(each), excluded(each));
                })), "include", "exclude");
        var source = new CorpusRecipe.Source(
                place,
                keys.number("weight", 1, Range.above(0)),
                keys.choice("document", CorpusRecipe.Document.FILE, CorpusRecipe.Document.values()),
                keys.text("column", "text"),
                keys.choice("invalid", CorpusRecipe.Invalid.REFUSE, CorpusRecipe.Invalid.values()),
                keys.choice("nul", CorpusRecipe.Nul.REFUSE, CorpusRecipe.Nul.values()));
        refuseIgnored(keys, source);
        return source;
    }

    /// What files say of themselves is seen when they are opened.
    private static void refuseIgnored(Keys keys, CorpusRecipe.Source source) {
        boolean query = source.place() instanceof CorpusRecipe.Place.Sql;
        if (query && source.document() != CorpusRecipe.Document.FILE) {
            keys.at("document").fail("says what a document of a text file is, and of a query each row is one; leave it out");
        }
        if (query && source.invalid() != CorpusRecipe.Invalid.REFUSE) {
            keys.at("invalid").fail("is for text files; what a query gives is always UTF-8; leave it out");
        }
        if (source.place() instanceof CorpusRecipe.Place.Jdk && !source.column().equals("text")) {
            keys.at("column").fail("is for tables and queries, and the JDK's sources are text files; leave it out");
        }
    }

    private static List<String> included(Keys keys) {
        return keys.have("include", "text or list of texts", "[]", CorpusReader::texts);
    }

    private static List<String> excluded(Keys keys) {
        return keys.have("exclude", "text or list of texts", "[]", CorpusReader::texts);
    }

    private static List<String> some(Node node) {
        List<String> texts = texts(node);
        if (texts.isEmpty() && node.yaml() instanceof Yaml.Sequence) {
            node.fail("must not be empty");
        }
        return texts;
    }

    private static List<String> texts(Node node) {
        List<String> texts = new ArrayList<>();
        boolean one = node.yaml() instanceof Yaml.Scalar scalar && !scalar.isNothing();
        for (Node item : one ? List.of(node) : node.reading().isSurvey() ? List.<Node>of() : node.items()) {
            String text = item.text();
            if (item.yaml() instanceof Yaml.Scalar && text.isBlank()) {
                item.fail("must not be empty");
            }
            texts.add(text);
        }
        return texts;
    }

    private static List<CorpusRecipe.Step> steps(Node node) {
        List<CorpusRecipe.Step> steps = new ArrayList<>();
        for (Node item : node.items()) {
            steps.add(item.oneOf(List.of(
                    new Kind<>("length", CorpusReader::length),
                    new Kind<>("quality", CorpusReader::quality),
                    new Kind<>("exact_duplicates", keys -> new CorpusRecipe.Step.ExactDuplicates()),
                    new Kind<>("near_duplicates", CorpusReader::nearDuplicates),
                    new Kind<>("decontamination", keys -> new CorpusRecipe.Step.Decontamination(
                            keys.count("words", 13, Range.closedCount(4, 100)),
                            keys.count("matches", 1, Range.countFrom(1)),
                            keys.count("common", 10, Range.countFrom(1)),
                            keys.have("files", "text or list of texts", "[]", CorpusReader::texts))))));
        }
        return steps;
    }

    private static CorpusRecipe.Step length(Keys keys) {
        return new CorpusRecipe.Step.Length(
                keys.count("min_characters", 0, Range.countFrom(0)),
                keys.count("max_characters", 0, Range.closedCount(0, 1 << 22)),
                keys.count("min_words", 0, Range.countFrom(0)),
                keys.count("max_words", 0, Range.countFrom(0)));
    }

    private static CorpusRecipe.Step quality(Keys keys) {
        return new CorpusRecipe.Step.Quality(
                keys.number("letters", 0.8, Range.closed(0, 1)),
                keys.number("min_word_length", 3, Range.from(0)),
                keys.number("max_word_length", 10, Range.above(0)),
                keys.number("symbols", 0.1, Range.from(0)),
                keys.number("bullets", 0.9, Range.closed(0, 1)),
                keys.number("ellipses", 0.3, Range.closed(0, 1)),
                keys.number("repeated_lines", 0.3, Range.closed(0, 1)),
                keys.number("repeated_share", 0.2, Range.closed(0, 1)));
    }

    private static CorpusRecipe.Step nearDuplicates(Keys keys) {
        return new CorpusRecipe.Step.NearDuplicates(
                keys.number("threshold", 0.8, Range.aboveTo(0, 1)),
                keys.count("words", 5, Range.closedCount(1, 100)),
                keys.count("bands", 20, Range.closedCount(1, 256)),
                keys.count("rows", 6, Range.closedCount(1, 64)),
                keys.whole("seed", 17, Range.ANY_LONG));
    }
}
