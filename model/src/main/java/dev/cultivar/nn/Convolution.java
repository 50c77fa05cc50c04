package dev.cultivar.nn;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// Convolutions and pools over maps, as functions of weights and a name.
final class Convolution {
    private Convolution() {}

    /// A convolution with a square kernel and a bias, in PyTorch's own initial values: uniform up to `1 / sqrt(fan in)`.
    static void declare(Weights weights, String name, int in, int out, int kernel) {
        double bound = 1 / Math.sqrt((double) in * kernel * kernel);
        weights.parameter(name + ".weight", new Initial.Uniform(bound), out, in, kernel, kernel);
        weights.parameter(name + ".bias", new Initial.Uniform(bound), out);
    }

    /// (B, in, H, W) -> (B, out, H', W'), with the bias where one was declared
    static Tensor apply(Weights weights, String name, Tensor x, int stride, int padding) {
        Tensor kernel = weights.get(name + ".weight");
        var bias = weights.has(name + ".bias") ? new TensorOptional(weights.get(name + ".bias")) : new TensorOptional();
        return ConvolutionProduct.fits(kernel, x, stride, padding)
                ? ConvolutionProduct.apply(kernel, bias, x, stride, padding)
                : torch.conv2d(x, kernel, bias, pair(stride), pair(padding), pair(1), 1);
    }

    /// (B, C, H, W) -> (B, C, H', W'): the largest of each square.
    ///
    /// @param ceiling whether squares at the edge may reach over it
    static Tensor maxPool(Tensor x, int side, int stride, int padding, boolean ceiling) {
        return torch.max_pool2d(x, pair(side), pair(stride), pair(padding), pair(1), ceiling);
    }

    /// (B, C, H, W) -> (B, C, H/side, W/side): the mean of each square.
    static Tensor meanPool(Tensor x, int side) {
        return torch.avg_pool2d(x, pair(side), pair(side), pair(0), false, true, new LongOptional());
    }

    /// Floating point operations of a convolution for one image.
    ///
    /// @param height of the map that comes out
    /// @param width  likewise
    static double flops(int in, int out, int kernel, int height, int width) {
        return 2.0 * in * out * kernel * kernel * height * width;
    }

    private static long[] pair(long side) {
        return new long[] {side, side};
    }
}
