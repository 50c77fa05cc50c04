package dev.cultivar.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Reads `data` of kind `images`: pictures to learn from and to measure on.
final class ImagesReader {
    private static final Range SIDE = Range.closedCount(1, 4096);

    private ImagesReader() {}

    static DataRecipe.Images images(Keys keys) {
        Reading reading = keys.node().reading();
        int before = reading.mistakes();
        PicturesRecipe.Source train = keys.need("train", "map", "", "; give it as data.train.folder=FOLDER", node -> node.map(ImagesReader::source));
        PicturesRecipe.Held validation = keys.have("validation", "map or none", "none", ImagesReader::held);
        PicturesRecipe.Held test = keys.have("test", "map or none", "none", ImagesReader::held);
        if (reading.mistakes() == before && fraction(validation) + fraction(test) >= 1) {
            keys.at("test").fail("leaves no training pictures: the fractions of validation and test must be below 1 together, got "
                    + YamlText.number(fraction(validation)) + " and " + YamlText.number(fraction(test)));
        }
        int rows = keys.count("rows", 0, Range.countFrom(0));
        int height = keys.count("height", SIDE);
        var shape = new PicturesRecipe.Shape(
                height,
                keys.count("width", height, "height", SIDE),
                channels(keys),
                keys.choice("fit", PicturesRecipe.Fit.CROP, PicturesRecipe.Fit.values()));
        PicturesRecipe.Normalization normalization = keys.have(
                "normalize", "map", "backbone", node -> normalization(node, shape.channels()));
        PicturesRecipe.Augmentation augmentation = keys.have("augment", "map or none", "none", ImagesReader::augmentation);
        List<PicturesRecipe.Source> added = keys.have("added", "list of maps", "[]", node ->
                node.items().stream().map(item -> item.map(ImagesReader::source)).toList());
        List<String> classes = keys.have("classes", "list of texts", "[]", ImagesReader::classes);
        return new DataRecipe.Images(train, validation, test, rows, shape, normalization, augmentation, added, classes);
    }

    private static List<String> classes(Node node) {
        List<String> classes = new ArrayList<>();
        for (Node item : node.reading().isSurvey() ? List.<Node>of() : node.items()) {
            String label = item.text();
            if (item.yaml() instanceof Yaml.Scalar && (label.isBlank() || classes.contains(label))) {
                item.fail(label.isBlank() ? "must not be empty" : "names " + label + " once more");
            }
            classes.add(label);
        }
        return classes;
    }

    private static int channels(Keys keys) {
        return keys.have("channels", "one of 1, 3", "", 1, "1", node -> Integer.parseInt(node.word(List.of("1", "3"))));
    }

    private static double fraction(PicturesRecipe.Held held) {
        return held instanceof PicturesRecipe.Held.Fraction(double fraction) ? fraction : 0;
    }

    private static PicturesRecipe.Source source(Keys keys) {
        return keys.exactlyOne(sources(), OTHERS);
    }

    private static final String[] OTHERS = {"labels", "where", "path", "label", "height", "width", "channels", "rows", "seed"};

    private static List<Kind<PicturesRecipe.Source>> sources() {
        return List.of(
                new Kind<>("folder", keys -> new PicturesRecipe.Source.Folder(keys.file("folder"))),
                new Kind<>("file", keys -> new PicturesRecipe.Source.Table(
                        keys.file("file"), keys.text("where", ""), keys.text("path", "path"), keys.text("label", "label"))),
                new Kind<>("idx", keys -> new PicturesRecipe.Source.Idx(keys.file("idx"), java.nio.file.Path.of(keys.text("labels", "")))),
                new Kind<>("pixels", keys -> {
                    var file = keys.file("pixels");
                    String where = keys.text("where", "");
                    String label = keys.text("label", "label");
                    int height = keys.count("height", 28, SIDE);
                    return new PicturesRecipe.Source.Pixels(
                            file, where, label, height, keys.count("width", height, "height", SIDE), channels(keys));
                }),
                new Kind<>("glyphs", keys -> new PicturesRecipe.Source.Glyphs(
                        keys.need("glyphs", "one of " + String.join(", ", ALPHABETS), "", "", node ->
                                PicturesRecipe.Alphabet.valueOf(node.word(ALPHABETS).toUpperCase(Locale.ROOT))),
                        keys.count("rows", 10_000, Range.countFrom(1)),
                        keys.whole("seed", 17, Range.ANY_LONG))),
                new Kind<>("generator", keys -> new PicturesRecipe.Source.Generator(
                        keys.name("generator"),
                        keys.count("rows", 10_000, Range.countFrom(1)),
                        keys.whole("seed", 17, Range.ANY_LONG))));
    }

    private static final List<String> ALPHABETS = List.of("digits", "letters", "characters");

    private static PicturesRecipe.Held held(Node node) {
        if (node.isWord("none")) {
            return new PicturesRecipe.Held.None();
        }
        List<Kind<PicturesRecipe.Held>> alternatives = new ArrayList<>();
        alternatives.add(new Kind<>("fraction", keys -> new PicturesRecipe.Held.Fraction(keys.number("fraction", Range.open(0, 1)))));
        for (Kind<PicturesRecipe.Source> source : sources()) {
            alternatives.add(new Kind<>(source.name(), keys -> new PicturesRecipe.Held.Apart(source.read().apply(keys))));
        }
        return node.map(keys -> keys.exactlyOne(alternatives, OTHERS));
    }

    private static PicturesRecipe.Normalization normalization(Node node, int channels) {
        return node.oneOf("backbone", List.of(
                new Kind<>("backbone", _ -> new PicturesRecipe.Normalization.OfBackbone()),
                new Kind<>("data", _ -> new PicturesRecipe.Normalization.OfData()),
                new Kind<>("none", _ -> new PicturesRecipe.Normalization.None()),
                new Kind<>("given", keys -> new PicturesRecipe.Normalization.Given(
                        numbers(keys, "mean", channels, Range.ANY_DOUBLE), numbers(keys, "deviation", channels, Range.above(0))))));
    }

    private static List<Double> numbers(Keys keys, String key, int channels, Range range) {
        return keys.need(key, "list of numbers", "one a channel", "", node -> {
            int before = node.reading().mistakes();
            List<Double> numbers = node.items().stream().map(item -> item.number(range)).toList();
            if (node.reading().mistakes() == before && !node.reading().isSurvey() && numbers.size() != channels) {
                node.fail("must have a number for each of the " + channels + " channels, got " + numbers.size());
                return java.util.Collections.nCopies(channels, 1.0);
            }
            return numbers;
        });
    }

    private static PicturesRecipe.Augmentation augmentation(Node node) {
        if (node.isWord("none")) {
            return PicturesRecipe.Augmentation.NONE;
        }
        return node.map(keys -> new PicturesRecipe.Augmentation(
                keys.number("shift", 0, Range.below(0, 1)),
                keys.number("rotate", 0, Range.closed(0, 180)),
                keys.number("scale", 0, Range.below(0, 1)),
                keys.number("shear", 0, Range.closed(0, 60)),
                keys.number("flip", 0, Range.closed(0, 1)),
                keys.number("brightness", 0, Range.closed(0, 1)),
                keys.number("contrast", 0, Range.closed(0, 1)),
                keys.number("erase", 0, Range.closed(0, 1)),
                keys.number("mixup", 0, Range.closed(0, 100)),
                keys.number("cutmix", 0, Range.closed(0, 100)),
                keys.count("views", 0, Range.closedCount(0, 1000))));
    }
}
