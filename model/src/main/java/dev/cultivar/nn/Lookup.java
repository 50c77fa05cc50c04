package dev.cultivar.nn;

import dev.cultivar.torch.GradientHook;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Rows of a table by their numbers, whose gradient is added to the rows that were read and to no others.
///
/// The library's own lookup makes a gradient as large as the table, nearly all of it zeros, and adds that to the one that is there. Of
/// 30,522 pieces a step reads a few hundred. The sum is the same: the rows' gradients in the order of the tokens.
final class Lookup {
    private Lookup() {}

    /// (...) -> (..., C)
    ///
    /// @param table   (V, C)
    /// @param numbers of the rows that `ids` holds
    /// @param pad     the number whose row gets no gradient; below 0 for none
    static Tensor of(Tensor table, Tensor ids, int[] numbers, int pad) {
        if (!GradMode.is_enabled() || !gathers(table)) {
            return torch.embedding(table, ids, pad, false, false);
        }
        Tensor rows;
        try (var without = new NoGradient()) {
            rows = torch.embedding(table, ids, pad, false, false);
        }
        rows.requires_grad_(true);
        GradientHook.on(rows, gradient -> {
            try (var scope = Scope.open()) {
                add(gradient.contiguous(), numbers, pad, table.grad());
            }
            return gradient;
        });
        return rows;
    }

    /// Whether the table is one that an optimizer moves, in float32, with a gradient that lies ready: what a group has packed.
    private static boolean gathers(Tensor table) {
        return table.requires_grad()
                && table.is_leaf()
                && table.scalar_type().intern() == ScalarType.Float
                && !table.is_cuda()
                && table.grad().defined()
                && table.grad().is_contiguous();
    }

    private static void add(Tensor gradient, int[] numbers, int pad, Tensor table) {
        int width = Math.toIntExact(table.size(1));
        MemorySegment from = Tensors.bytes(gradient);
        MemorySegment to = Tensors.bytes(table);
        float[] own = new float[width];
        float[] sum = new float[width];
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] == pad) {
                continue;
            }
            long row = (long) Float.BYTES * width * numbers[i];
            MemorySegment.copy(from, ValueLayout.JAVA_FLOAT, (long) Float.BYTES * width * i, own, 0, width);
            MemorySegment.copy(to, ValueLayout.JAVA_FLOAT, row, sum, 0, width);
            for (int c = 0; c < width; c++) {
                sum[c] += own[c];
            }
            MemorySegment.copy(sum, 0, to, ValueLayout.JAVA_FLOAT, row, width);
        }
    }
}
