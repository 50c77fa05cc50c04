package dev.cultivar.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;

/// Runs a backbone's layers one after the other, from where a batch starts to where nothing more is asked for, and keeps what each gives.
final class Cuts {
    private Cuts() {}

    /// What the layer of a depth makes of the output of the one below.
    @FunctionalInterface
    interface Layer {
        /// @param depth from 1
        Tensor apply(int depth, Tensor x);
    }

    /// @param layers how many there are
    /// @param embed  what the first layer reads, asked for where the batch starts at its input
    static Hidden forward(Inputs inputs, int layers, Supplier<Tensor> embed, Mode mode, Layer layer) {
        int from = inputs.start().map(Inputs.Start::cut).orElse(0);
        Tensor x = inputs.start().map(Inputs.Start::states).orElseGet(embed);
        return forward(x, from, inputs.end().orElse(layers), mode, layer);
    }

    /// @param from depth that `x` is the output of
    /// @param to   the last depth that is computed
    static Hidden forward(Tensor x, int from, int to, Mode mode, Layer layer) {
        List<Tensor> cuts = new ArrayList<>();
        cuts.add(x);
        for (int depth = from + 1; depth <= to; depth++) {
            int at = depth;
            cuts.add(Adapters.drawing(mode, at, in -> layer.apply(at, in)).apply(cuts.getLast()));
        }
        return new Hidden(cuts.getLast(), cuts);
    }
}
