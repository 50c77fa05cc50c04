package dev.cultivar.verify;

import dev.cultivar.evaluate.TagScores;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.text.Iob2;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Computes the case of tagged sentences: precision, recall and F1 of entities by seqeval's definitions.
final class TaggingCase {
    private final GoldenCase golden;
    private final List<Comparison> rows = new ArrayList<>();

    TaggingCase(GoldenCase golden) {
        this.golden = golden;
    }

    GoldenCase.Outcome outcome(String name) {
        List<List<String>> gold = sentences("gold");
        List<List<String>> predicted = sentences("predicted");
        TagScores lenient = TagScores.of(gold, predicted);
        TagScores strict = TagScores.of(gold, predicted, Iob2.Reading.STRICT);
        compare("accuracy", lenient.metrics().getLast().value());
        compare("micro", new TagScores.Mean(lenient.all().precision(), lenient.all().recall(), lenient.all().f1()), strict.all().f1());
        compare("macro", lenient.macro(), strict.macro().f1());
        compare("weighted", lenient.weighted(), strict.weighted().f1());
        var left = new TreeSet<String>();
        golden.values().keySet().forEach(key -> left.add(String.valueOf(key)));
        left.removeAll(List.of("gold", "predicted"));
        rows.forEach(row -> left.remove(row.name()));
        return new GoldenCase.Outcome(name, rows, left.isEmpty() ? "" : "not computed: " + left);
    }

    private void compare(String average, TagScores.Mean lenient, double strict) {
        compare("f1_" + average, lenient.f1());
        compare("precision_" + average, lenient.precision());
        compare("recall_" + average, lenient.recall());
        compare("f1_" + average + "_strict_iob2", strict);
    }

    private void compare(String value, double got) {
        double[] tolerance = golden.tolerance("outputs");
        float[] expected = {(float) golden.number("values", value)};
        rows.add(Comparison.of(value, new float[] {(float) got}, expected, tolerance[0], tolerance[1], null));
    }

    private List<List<String>> sentences(String key) {
        if (!(((Map<?, ?>) golden.values()).get(key) instanceof List<?> sentences)) {
            throw new CheckpointException(golden.folder() + ": case.json has no values." + key);
        }
        return sentences.stream()
                .map(sentence -> ((List<?>) sentence).stream().map(String::valueOf).toList())
                .toList();
    }
}
