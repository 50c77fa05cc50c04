package dev.cultivar.run;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.Standard;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.nn.Backbone;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.Hidden;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.nn.Weights;
import dev.cultivar.predict.AnswerKind;
import dev.cultivar.text.Tokenizer;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Opens what was written beside what it was written from, runs the same rows through both, and refuses where they differ: layer by
/// layer, then what the head says.
final class ExportGate {
    /// What a hidden state may differ by: rounding of a merged product, far below what moves an answer.
    static final double STATES = 1e-3;
    /// What a probability may differ by, or a value relative to its size; one that is smaller than the deviation of the values that were
    /// learned, relative to that.
    static final double ANSWERS = 1e-4;
    /// The same of a model that answers in bfloat16, where merging an adapter moves a weight by a rounding: a few units of its 8 bits.
    static final double REDUCED_ANSWERS = 2e-2;

    private ExportGate() {}

    /// How far apart two folders are.
    ///
    /// @param rows    that were run through both
    /// @param states  the largest difference of a hidden state
    /// @param answers the largest difference of what the head says; 0 where nothing is asked of the model
    record Agreement(int rows, double states, double answers) {}

    /// @param source what was exported
    /// @param made   what came of it
    static Agreement require(Path source, Path made, List<String> texts, Backbones.Custom custom) {
        if (AnswerKind.readsPictures(source.toString())) {
            return PictureGate.require(source, made, custom);
        }
        List<int[]> rows = rows(made, texts);
        List<List<float[]>> before = states(source, rows, custom);
        List<List<float[]>> after = states(made, rows, custom);
        double worst = 0;
        for (int row = 0; row < rows.size(); row++) {
            int layers = before.get(row).size();
            if (layers != after.get(row).size()) {
                throw new CheckpointException(made + ": has " + after.get(row).size() + " layers' states, the source " + layers + "; nothing was exported");
            }
            for (int layer = 0; layer < layers; layer++) {
                double gap = largest(before.get(row).get(layer), after.get(row).get(layer));
                if (!(gap <= STATES)) {
                    throw new CheckpointException("the exported model differs from " + source + " first in the output of "
                            + (layer == 0 ? "the embeddings" : "layer " + layer) + ", by " + gap + " at most (allowed " + STATES + ", row " + (row + 1)
                            + "); nothing was exported");
                }
                worst = Math.max(worst, gap);
            }
        }
        List<String> heads = heads(source);
        double answers = heads.isEmpty()
                ? answers(source, made, texts, custom)
                : heads.stream()
                        .mapToDouble(head -> answers(ModelFolder.head(source, head), ModelFolder.head(made, head), texts, custom))
                        .max()
                        .orElseThrow();
        return new Agreement(rows.size(), worst, answers);
    }

    private static List<String> heads(Path folder) {
        try (var opened = ModelFolder.open(folder)) {
            return opened.heads();
        }
    }

    private static List<int[]> rows(Path folder, List<String> texts) {
        try (var opened = ModelFolder.open(folder);
                var tokenizer = Tokenizer.open(opened.tokenizerFolder())) {
            int most = opened.config().whole("max_position_embeddings", 512) - 2;
            return texts.stream()
                    .map(text -> tokenizer.ids(text))
                    .map(ids -> Arrays.copyOf(ids, Math.min(ids.length, Math.min(most, 128))))
                    .filter(ids -> ids.length > 0)
                    .toList();
        }
    }

    /// Each layer's output for each row.
    private static List<List<float[]>> states(Path folder, List<int[]> rows, Backbones.Custom custom) {
        try (var opened = ModelFolder.open(folder)) {
            var stored = opened.stored(name -> false);
            try (var weights = new Weights(0, stored)) {
                Backbone backbone = Backbones.build(opened.config(), weights, false, custom);
                var model = new Model(weights, backbone);
                stored.finish(weights, name -> backbone.depth(name) < 0 || backbone.depth(name) > backbone.layers(), name -> true);
                List<List<float[]>> all = new ArrayList<>();
                for (int[] ids : rows) {
                    try (var scope = Scope.open(); var without = new NoGradient()) {
                        Hidden hidden = model.backbone().forward(Inputs.of(batch(ids)), Mode.INFERENCE);
                        all.add(hidden.layers().stream().map(Tensors::floats).toList());
                    }
                }
                return all;
            }
        }
    }

    private static Batch batch(int[] ids) {
        int[] ones = new int[ids.length];
        Arrays.fill(ones, 1);
        return Batch.of(0)
                .ints("input_ids", ids, 1, ids.length)
                .ints("attention_mask", ones, 1, ids.length)
                .ints("decoder_input_ids", ids, 1, ids.length)
                .ints("decoder_attention_mask", ones, 1, ids.length)
                .build();
    }

    /// What is said of the texts by the class that answers for such a model.
    private static double answers(Path source, Path made, List<String> texts, Backbones.Custom custom) {
        AnswerKind kind = AnswerKind.of(source.toString());
        AnswerKind came = AnswerKind.of(made.toString());
        if (kind == AnswerKind.NONE) {
            return 0;
        }
        if (kind != came) {
            throw new CheckpointException(made + ": answers " + came + ", the source " + kind + "; nothing was exported");
        }
        try (var before = Asked.open(source.toString(), custom); var after = Asked.open(made.toString(), custom)) {
            var rows = IntStream.range(0, texts.size())
                    .mapToObj(i -> new dev.cultivar.data.Example(i + 1, texts.get(i), before.needsPairs() ? texts.get(i) : "", ""))
                    .toList();
            List<Asked.Said> first = before.ask(rows);
            List<Asked.Said> second = after.ask(rows);
            var scale = Scale.of(source);
            double worst = 0;
            for (int row = 0; row < rows.size(); row++) {
                double gap = gap(first.get(row).json(), second.get(row).json(), scale.unit());
                if (!(gap <= scale.allowed())) {
                    throw new CheckpointException("the exported model answers otherwise than " + source + " on row " + (row + 1) + ", by " + gap
                            + " (allowed " + scale.allowed() + "): its head differs, all layers agree; nothing was exported");
                }
                worst = Math.max(worst, gap);
            }
            return worst;
        }
    }

    /// What differences are judged by.
    ///
    /// @param unit    of numbers that are smaller, at most 1
    /// @param allowed of a difference over its number or the unit
    private record Scale(double unit, double allowed) {
        static Scale of(Path source) {
            try (var folder = ModelFolder.open(source)) {
                return new Scale(Math.min(1, Standard.of(folder.extra().get("standard")).deviation()), folder.isReduced() ? REDUCED_ANSWERS : ANSWERS);
            }
        }
    }

    /// The largest difference of numbers under the same names; infinite where other things are said.
    private static double gap(Object first, Object second, double unit) {
        return switch (first) {
            case Number one when second instanceof Number two ->
                Math.abs(one.doubleValue() - two.doubleValue()) / Math.max(unit, Math.abs(one.doubleValue()));
            case Map<?, ?> one when second instanceof Map<?, ?> two && one.keySet().equals(two.keySet()) ->
                one.keySet().stream().mapToDouble(key -> key.equals("label") ? 0 : gap(value(one, key), value(two, key), unit)).max().orElse(0);
            case List<?> one when second instanceof List<?> two && one.size() == two.size() ->
                IntStream.range(0, one.size()).mapToDouble(i -> gap(one.get(i), two.get(i), unit)).max().orElse(0);
            default -> first.equals(second) ? 0 : Double.POSITIVE_INFINITY;
        };
    }

    private static Object value(Map<?, ?> map, Object key) {
        Object value = map.get(key);
        return value == null ? "" : value;
    }

    static double largest(float[] first, float[] second) {
        if (first.length != second.length) {
            return Double.POSITIVE_INFINITY;
        }
        double worst = 0;
        for (int i = 0; i < first.length; i++) {
            double gap = Math.abs(first[i] - second[i]);
            worst = gap > worst || Double.isNaN(gap) ? gap : worst;
            if (Double.isNaN(worst)) {
                return Double.POSITIVE_INFINITY;
            }
        }
        return worst;
    }
}
