package dev.cultivar.nn;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// Transposed convolutions, which make a map larger, as functions of weights and a name; the layout is PyTorch's.
///
/// Legend: k size of the kernel, s stride, p padding.
final class TransposedConvolution {
    private TransposedConvolution() {}

    /// A square kernel and a bias, in PyTorch's own initial values: uniform up to `1 / sqrt(out k k)`.
    static void declare(Weights weights, String name, int in, int out, int kernel) {
        declare(weights, name, new Initial.Uniform(1 / Math.sqrt((double) out * kernel * kernel)), true, in, out, kernel, kernel);
    }

    /// `NAME.weight` (in, out, height, width) and, where asked, `NAME.bias` (out).
    static void declare(Weights weights, String name, Initial initial, boolean bias, int in, int out, int height, int width) {
        weights.parameter(name + ".weight", initial, in, out, height, width);
        if (bias) {
            weights.parameter(name + ".bias", initial, out);
        }
    }

    /// (B, in, H, W) -> (B, out, (H - 1) s - 2p + k + more, (W - 1) s - 2p + k + more), with the bias where one was declared
    ///
    /// @param moreRows    at the lower edge, below s
    /// @param moreColumns at the right edge, below s
    static Tensor apply(Weights weights, String name, Tensor x, int stride, int padding, int moreRows, int moreColumns) {
        Tensor kernel = weights.get(name + ".weight");
        boolean biased = weights.has(name + ".bias");
        if (!biased && padding == 0 && moreRows == 0 && moreColumns == 0 && x.size(2) == 1 && x.size(3) == 1) {
            return ofPoint(kernel, x.flatten(1, 3));
        }
        return torch.conv_transpose2d(
                x,
                kernel,
                biased ? new TensorOptional(weights.get(name + ".bias")) : new TensorOptional(),
                new long[] {stride, stride},
                new long[] {padding, padding},
                new long[] {moreRows, moreColumns},
                1,
                1,
                1);
    }

    /// Of a map of one place the kernel is a matrix, however it lies: (B, in) -> (B, out, h, w), as large as the kernel.
    private static Tensor ofPoint(Tensor kernel, Tensor x) {
        long in = kernel.size(0);
        long out = kernel.size(1);
        return MemoryFormat.isChannelsLast(kernel)
                ? torch.mm(x, kernel.permute(0, 2, 3, 1).reshape(in, -1)) // (B, h w out)
                        .view(-1, kernel.size(2), kernel.size(3), out)
                        .permute(0, 3, 1, 2)
                : torch.mm(x, kernel.reshape(in, -1)).view(-1, out, kernel.size(2), kernel.size(3));
    }
}
