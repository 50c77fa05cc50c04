package dev.cultivar.precompute;

import dev.cultivar.batch.PictureFacts;
import dev.cultivar.nn.Backbone;
import dev.cultivar.nn.Hidden;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Asks a backbone, by made-up rows, what nobody can know who did not write it: whether its layers can be parted at a cut.
public final class Probing {
    private static final int TOKENS = 6;

    private Probing() {}

    /// Why the layers below a cut cannot be computed once for all; empty where they can.
    ///
    /// @param inputs   the fields that it reads of a row
    /// @param pictures what rows are, where they are pictures
    public static Optional<String> obstacle(Backbone backbone, List<String> inputs, PictureFacts pictures, int cut) {
        try (var scope = Scope.open(); var without = new NoGradient()) {
            List<Row> rows = rows(backbone, inputs, pictures);
            Tensor below = states(backbone, rows, cut);
            boolean ofTokens = pictures.none();
            if (ofTokens && (below.dim() != 3 || below.size(1) != TOKENS || below.size(2) != backbone.width())) {
                return Optional.of("the backbone's layer " + cut + " gives no state of " + backbone.width() + " numbers for each token");
            }
            Tensor others = states(backbone, List.of(rows.get(0), rows.get(2), rows.get(3), rows.get(1)), cut);
            if (!same(below.select(0, 0), others.select(0, 0))) {
                return Optional.of("the backbone's frozen layers make of a row what depends on the rows beside it");
            }
            // States that no input gives: a backbone that starts at the input all the same does not give them back.
            Tensor made = below.mul(new Scalar(0.5)).contiguous();
            Hidden gone = backbone.forward(
                    Inputs.of(Row.batch(rows, rows.getFirst().length())).from(new Inputs.Start(cut, made)), Mode.INFERENCE);
            return gone.layers().size() == backbone.layers() - cut + 1 && same(gone.layers().getFirst(), made)
                    ? Optional.empty()
                    : Optional.of("the backbone does not go on from a layer whose output is known");
        }
    }

    /// What a layer gives.
    ///
    /// @param type  of its numbers
    /// @param shape of a row's, without the rows
    record Given(ScalarType type, List<Long> shape) {}

    static Given given(Backbone backbone, List<String> inputs, PictureFacts pictures, int cut) {
        try (var scope = Scope.open(); var without = new NoGradient()) {
            Tensor states = states(backbone, rows(backbone, inputs, pictures), cut);
            return new Given(states.scalar_type().intern(), LongStream.range(1, states.dim()).mapToObj(states::size).toList());
        }
    }

    private static Tensor states(Backbone backbone, List<Row> rows, int cut) {
        return backbone.forward(Inputs.of(Row.batch(rows, rows.getFirst().length())).upTo(cut), Mode.INFERENCE).layers().get(cut);
    }

    /// Four rows of different pieces; whatever else a backbone reads is 0, and its mask 1.
    private static List<Row> rows(Backbone backbone, List<String> inputs, PictureFacts pictures) {
        return pictures.none() ? tokens(backbone, inputs) : IntStream.range(0, 4).mapToObj(row -> picture(inputs.getFirst(), pictures, row)).toList();
    }

    private static Row picture(String name, PictureFacts pictures, int row) {
        var random = new SplittableRandom(row);
        float[] values = new float[pictures.shape().values()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return Row.picture(name, values, List.of((long) pictures.channels(), (long) pictures.height(), (long) pictures.width()));
    }

    private static List<Row> tokens(Backbone backbone, List<String> inputs) {
        int pieces = Math.max(1, Math.min(backbone.vocabulary(), 8));
        List<Row> rows = new ArrayList<>();
        for (int row = 0; row < 4; row++) {
            List<int[]> fields = new ArrayList<>();
            for (String name : inputs) {
                int[] values = new int[TOKENS];
                for (int i = 0; i < TOKENS; i++) {
                    values[i] = name.equals("input_ids") ? (row + i) % pieces : name.equals("attention_mask") ? 1 : 0;
                }
                fields.add(values);
            }
            rows.add(new Row(inputs, fields, TOKENS));
        }
        return rows;
    }

    private static boolean same(Tensor a, Tensor b) {
        return Arrays.equals(Tensors.floats(a), Tensors.floats(b));
    }
}
