package dev.cultivar.nn;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// A convolution as one matrix product (Chellapilla, Puri and Simard, 2006, section 3), for maps with few places and many channels.
///
/// There a library's convolution spends most of its time on bringing the kernel into an order of its own, forward and twice backward. A kernel in
/// [MemoryFormat#CHANNELS_LAST] already is the matrix, and so is its gradient. On maps of 2 x 2 with 512 channels that takes a third of the time in
/// float32 and a fifth in bfloat16; on larger maps the columns, of which each number is a copy, cost more than they save.
///
/// Legend: k the kernel's side, s stride, p padding.
final class ConvolutionProduct {
    private static final long LEAST_CHANNELS = 128;
    /// Of the map that comes out: where both take the same time.
    private static final long CHANNELS_PER_PLACE = 16;
    private static final long REDUCED_CHANNELS_PER_PLACE = 8;

    private ConvolutionProduct() {}

    /// Whether it is worth while: a matter of one image's shape, not of how many there are.
    static boolean fits(Tensor kernel, Tensor x, int stride, int padding) {
        long places = side(x.size(2), kernel.size(2), stride, padding) * side(x.size(3), kernel.size(3), stride, padding);
        long perPlace = kernel.scalar_type().intern() == ScalarType.BFloat16 ? REDUCED_CHANNELS_PER_PLACE : CHANNELS_PER_PLACE;
        return kernel.size(2) > 1
                && kernel.size(1) >= Math.max(LEAST_CHANNELS, perPlace * places)
                && MemoryFormat.isChannelsLast(kernel);
    }

    private static long side(long before, long kernel, int stride, int padding) {
        return (before + 2L * padding - kernel) / stride + 1;
    }

    /// (B, in, H, W) -> (B, out, H', W')
    ///
    /// @param kernel (out, in, k, k), channels last
    static Tensor apply(Tensor kernel, TensorOptional bias, Tensor x, int stride, int padding) {
        long rows = side(x.size(2), kernel.size(2), stride, padding);
        long columns = side(x.size(3), kernel.size(3), stride, padding);
        Tensor places = x.permute(0, 2, 3, 1); // (B, in, H, W) -> (B, H, W, in)
        Tensor padded = padding == 0 ? places : torch.constant_pad_nd(places, 0, 0, padding, padding, padding, padding); // (B, H + 2p, W + 2p, in)
        Tensor under = windows(windows(padded, 1, 3, kernel.size(2), stride, rows), 2, 4, kernel.size(3), stride, columns); // (B, H', W', k, k, in)
        long numbers = kernel.size(1) * kernel.size(2) * kernel.size(3);
        Tensor matrix = kernel.permute(0, 2, 3, 1).reshape(kernel.size(0), numbers); // (out, k k in), a view
        return torch.linear(under.view(-1, numbers), matrix, bias) // (B H' W', k k in) -> (B H' W', out)
                .view(x.size(0), rows, columns, kernel.size(0))
                .permute(0, 3, 1, 2); // (B, out, H', W')
    }

    /// What lies under each place of a kernel that is moved along a dimension.
    ///
    /// @param along the dimension, which is `count` long afterwards
    /// @param at    where the kernel's places are put, a new dimension of `side`
    private static Tensor windows(Tensor x, int along, int at, long side, int stride, long count) {
        var shifted = new TensorVector(side);
        for (long place = 0; place < side; place++) {
            long end = place + (count - 1) * stride + 1;
            shifted.put(place, x.slice(along, new LongOptional(place), new LongOptional(end), stride));
        }
        return torch.stack(shifted, at);
    }
}
