package dev.cultivar.checkpoint;

import dev.cultivar.format.ElementType;
import dev.cultivar.torch.Tensors;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/// Saves and restores float32 tensors in place, in a stated order.
public final class TensorState {
    private TensorState() {}

    /// Writes `name.0`, `name.1`, ...
    public static void save(StateWriter out, String name, List<Tensor> tensors) {
        for (int i = 0; i < tensors.size(); i++) {
            Tensor tensor = tensors.get(i);
            out.tensor(name + "." + i, ElementType.F32, new long[] {tensor.numel()}, Tensors.bytes(tensor));
        }
    }

    /// Overwrites the tensors' values with what [#save] wrote.
    public static void restore(StateReader in, String name, List<Tensor> tensors) {
        for (int i = 0; i < tensors.size(); i++) {
            Tensor tensor = tensors.get(i);
            MemorySegment from = in.tensor(name + "." + i, ElementType.F32, new long[] {tensor.numel()});
            MemorySegment.copy(from, 0, Tensors.bytes(tensor), 0, from.byteSize());
        }
    }
}
