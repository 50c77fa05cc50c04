package dev.cultivar.nn;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// In which order the numbers of maps, (B, C, H, W), and of kernels, (out, in, h, w), lie in memory. Shapes are the same in both, and so is what a
/// flattened map is.
///
/// Maps follow the kernels that make them, so it is chosen for the weights and nowhere else.
public enum MemoryFormat {
    /// As the shape says: a channel's places side by side.
    CONTIGUOUS,
    /// A place's channels side by side.
    CHANNELS_LAST;

    private static final int KERNEL = 4; // dimensions of a kernel; everything else lies as its shape says

    /// A view of a flat tensor in a parameter's shape.
    Tensor shaped(Tensor flat, long... shape) {
        return this == CHANNELS_LAST && shape.length == KERNEL
                ? flat.view(shape[0], shape[2], shape[3], shape[1]).permute(0, 3, 1, 2) // (out h w in) -> (out, in, h, w)
                : flat.view(shape);
    }

    /// The same numbers, in this order.
    Tensor of(Tensor values) {
        return this == CHANNELS_LAST && values.dim() == KERNEL
                ? values.contiguous(torch.MemoryFormat.ChannelsLast)
                : values.contiguous();
    }

    /// Whether a kernel's channels lie side by side, and not because there is no other way.
    static boolean isChannelsLast(Tensor kernel) {
        return !kernel.is_contiguous() && kernel.is_contiguous(torch.MemoryFormat.ChannelsLast);
    }
}
