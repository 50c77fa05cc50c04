package dev.cultivar.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Reads `data`: what is learned from and measured on.
final class DataReader {
    private static final List<String> ZOO = List.of("wordnet");
    private static final List<String> ZOO_PARTS = List.of("pretraining", "train", "validation", "test");

    private static final List<String> PARTS = List.of("train", "validation", "test");

    private DataReader() {}

    static DataRecipe data(Node node) {
        return node.oneOf("rows", List.of(
                new Kind<DataRecipe>("rows", DataReader::rows),
                new Kind<>("images", ImagesReader::images),
                new Kind<>("tasks", DataReader::tasks),
                new Kind<>("custom", keys -> new DataRecipe.Custom(keys.name("name"), ParametersReader.read(keys)))));
    }

    private static DataRecipe tasks(Keys keys) {
        return new DataRecipe.Tasks(
                keys.need("tasks", "map", "each as data of kind rows", "", node -> TaskNames.each(node, "map", DataReader::taskRows)),
                keys.number("temperature", 1, Range.closed(1, 100)));
    }

    /// What a task's rows may say stands at the top of the table of keys.
    private static DataRecipe.Rows taskRows(Node node) {
        return node.reading().isSurvey() ? rows(new Keys(node.muted(), Map.of())) : node.oneOf("rows", List.of(new Kind<>("rows", DataReader::rows)));
    }

    private static DataRecipe.Rows rows(Keys keys) {
        String path = keys.node().path() + ".train";
        String hint = "; give it as " + path + ".file=FILE";
        Reading reading = keys.node().reading();
        int before = reading.mistakes();
        DataRecipe.Source train = keys.need("train", "map", "", hint, node -> node.map(DataReader::source));
        DataRecipe.Held validation = keys.have("validation", "map or none", "none", DataReader::held);
        DataRecipe.Held test = keys.have("test", "map or none", "none", DataReader::held);
        if (reading.mistakes() == before && fraction(validation) + fraction(test) >= 1) {
            keys.at("test").fail("leaves no training rows: "
                    + "the fractions of validation and test must be below 1 together, got "
                    + YamlText.number(fraction(validation)) + " and " + YamlText.number(fraction(test)));
        }
        SequencedMap<String, DataRecipe.Source> also = keys.have("also", "map", "{}", node -> node.map(DataReader::also));
        DataRecipe.Columns columns = keys.have("columns", "map", "{}", node -> node.map(DataReader::columns));
        return new DataRecipe.Rows(train, validation, test, also, columns);
    }

    private static SequencedMap<String, DataRecipe.Source> also(Keys keys) {
        return keys.each("map", node -> {
            String name = node.path().substring(keys.node().path().length() + 1);
            if (PARTS.contains(name)) {
                node.fail("has the name of another part; call it otherwise, as " + keys.node().path() + ".general");
            } else {
                TaskNames.require(node, name);
            }
            return node.map(DataReader::source);
        });
    }

    private static double fraction(DataRecipe.Held held) {
        return held instanceof DataRecipe.Held.Fraction fraction ? fraction.fraction() : 0;
    }

    private static DataRecipe.Columns columns(Keys keys) {
        return new DataRecipe.Columns(
                keys.text("text", "text"), keys.text("pair", ""), keys.text("negative", ""), keys.text("label", ""), keys.text("start", ""));
    }

    private static DataRecipe.Source source(Keys keys) {
        return keys.exactlyOne(sources(), "where", "part", "rows", "clean");
    }

    private static List<Kind<DataRecipe.Source>> sources() {
        return List.of(
                new Kind<>("file", keys -> new DataRecipe.Source.Table(keys.file("file"), keys.text("where", ""))),
                new Kind<>("sql", keys -> new DataRecipe.Source.Sql(keys.name("sql"))),
                new Kind<>("zoo", keys -> new DataRecipe.Source.Zoo(
                        keys.need("zoo", "one of " + String.join(", ", ZOO), "", "", node -> node.word(ZOO)),
                        keys.need("part", "one of " + String.join(", ", ZOO_PARTS), "", "", node -> node.word(ZOO_PARTS)),
                        keys.count("rows", 0, Range.countFrom(0)))),
                new Kind<>("corpus", keys -> new DataRecipe.Source.Corpus(CorpusReader.corpus(keys))));
    }

    private static DataRecipe.Held held(Node node) {
        if (node.isWord("none")) {
            return new DataRecipe.Held.None();
        }
        List<Kind<DataRecipe.Held>> alternatives = new ArrayList<>();
        alternatives.add(new Kind<>("fraction", keys ->
                new DataRecipe.Held.Fraction(
                        keys.number("fraction", Range.open(0, 1)), keys.choice("by", DataRecipe.By.ROWS, DataRecipe.By.values()))));
        for (Kind<DataRecipe.Source> source : sources()) {
            alternatives.add(new Kind<>(source.name(), keys -> new DataRecipe.Held.Apart(source.read().apply(keys))));
        }
        return node.map(keys -> keys.exactlyOne(alternatives, "by", "where", "part", "rows", "clean"));
    }
}
