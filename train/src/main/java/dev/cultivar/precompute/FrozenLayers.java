package dev.cultivar.precompute;

import dev.cultivar.nn.Backbone;
import dev.cultivar.nn.Hidden;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import dev.cultivar.torch.Torch;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// The layers below a cut, computed in canonical batches: what they make of a row depends on nothing but the row, to the bit.
///
/// A matrix product's last bits depend on the shape of the matrices, and on the place that a row has in them: a kernel works on a tile
/// of columns at a time, and those that are left over at an edge, or where threads divide the work, are added up in another order.
/// So a batch always has 8 rows, and a width that is the row's own length rounded up to a multiple of 24: OpenBLAS's kernels take 12 or 24
/// tokens at a time, and then no row shares a tile with another. Each width is put to the proof before it is used, with one row in all eight
/// places; where the places differ all the same, rows of that width are computed alone.
final class FrozenLayers {
    static final int HEIGHT = 8;
    static final int MULTIPLE = 24;

    private final Backbone backbone;
    private final int cut;
    private final Form form;
    private final ScalarType storage;
    private final int threads;
    private final Map<Integer, Integer> heights = new HashMap<>();

    /// @param cut     the last layer that is computed, 0 for the embeddings
    /// @param storage what the values are turned into
    /// @param threads of each operator
    FrozenLayers(Backbone backbone, int cut, Form form, ScalarType storage, int threads) {
        this.backbone = backbone;
        this.cut = cut;
        this.form = form;
        this.storage = storage;
        this.threads = threads;
    }

    /// How wide the batch is that a row is computed in: a function of its own length; of a picture, all its numbers.
    int width(Row row) {
        int length = row.length();
        if (row.isPicture()) {
            return length;
        }
        int width = Math.ceilDiv(length, MULTIPLE) * MULTIPLE;
        return backbone.positions() > 0 ? Math.max(length, Math.min(width, backbone.positions())) : width;
    }

    /// How many rows the batch has: 8 where a row's place among them is proven not to matter, else 1.
    ///
    /// @param row any of that width
    synchronized int height(int width, Row row) {
        Integer known = heights.get(width);
        if (known == null) {
            List<byte[]> places = new ArrayList<>();
            compute(Collections.nCopies(HEIGHT, row), width, HEIGHT, (place, values) -> places.add(values.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE)));
            known = places.stream().allMatch(place -> java.util.Arrays.equals(place, places.getFirst())) ? HEIGHT : 1;
            heights.put(width, known);
        }
        return known;
    }

    /// Computes rows of one width; `out` gets each one's number and its values, which are valid during the call.
    ///
    /// @param height of the batches; the first row fills up the last one
    synchronized void compute(List<Row> rows, int width, int height, BiConsumer<Integer, MemorySegment> out) {
        int before = Torch.threads();
        Torch.operatorThreads(threads); // whoever calls, an operator is divided alike
        try (var without = new NoGradient()) {
            for (int from = 0; from < rows.size(); from += height) {
                List<Row> some = new ArrayList<>(rows.subList(from, Math.min(rows.size(), from + height)));
                int real = some.size();
                while (some.size() < height) {
                    some.add(some.getFirst());
                }
                try (var scope = Scope.open()) {
                    MemorySegment values = Tensors.bytes(values(some, width));
                    long each = values.byteSize() / height;
                    for (int i = 0; i < real; i++) {
                        long own = form.tokens(width) == 1 || some.get(i).isPicture() ? each : each / width * some.get(i).length();
                        out.accept(from + i, values.asSlice(i * each, own));
                    }
                }
            }
        } finally {
            Torch.operatorThreads(before);
        }
    }

    private Tensor values(List<Row> rows, int width) {
        Inputs inputs = Inputs.of(Row.batch(rows, width)).upTo(cut);
        Hidden hidden = backbone.forward(inputs, Mode.INFERENCE);
        return form.of(backbone, hidden, cut, inputs).to(storage).contiguous();
    }
}
