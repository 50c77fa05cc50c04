package dev.cultivar.torch;

import dev.cultivar.batch.Batch.Field;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.bytedeco.pytorch.global.torch;

/// The crossing between Java arrays and tensors; every tensor made here belongs to the innermost open [Scope].
public final class Tensors {
    private Tensors() {}

    /// A tensor of the field's shape: int64 for whole numbers, float32 for real ones.
    public static Tensor of(Field field) {
        return switch (field) {
            case Field.Ints ints -> ofInts(ints.values(), ints.shape());
            case Field.Floats floats -> ofFloats(floats.values(), floats.shape());
            case Field.Texts texts -> throw new IllegalArgumentException("texts make no tensor: " + texts.values().size() + " of them");
        };
    }

    /// An int64 tensor.
    public static Tensor ofInts(int[] values, long... shape) {
        try (var source = new IntPointer(values.length)) {
            source.put(values);
            return copy(source, ScalarType.Int, shape).to(ScalarType.Long);
        }
    }

    /// A float32 tensor.
    public static Tensor ofFloats(float[] values, long... shape) {
        try (var source = new FloatPointer(values.length)) {
            source.put(values);
            return copy(source, ScalarType.Float, shape);
        }
    }

    private static Tensor copy(Pointer source, ScalarType type, long[] shape) {
        // from_blob borrows: the clone owns its memory, so that the array may go.
        return torch.from_blob(source, shape, new TensorOptions(type)).clone();
    }

    /// A tensor over mapped bytes, without a copy: the segment must outlive it.
    public static Tensor view(MemorySegment segment, ScalarType type, long... shape) {
        if (segment.byteSize() == 0) {
            return torch.empty(shape, new TensorOptions(type), null);
        }
        return torch.from_blob(new BytePointer(new Address(segment.address())), shape, new TensorOptions(type));
    }

    /// The native bytes of a contiguous CPU tensor, valid while the tensor lives.
    public static MemorySegment bytes(Tensor tensor) {
        if (!tensor.is_contiguous() || tensor.is_cuda()) {
            throw new IllegalArgumentException("only a contiguous CPU tensor has bytes to view");
        }
        long size = tensor.numel() * tensor.element_size();
        return size == 0 ? MemorySegment.NULL : MemorySegment.ofAddress(tensor.data_ptr().address()).reinterpret(size);
    }

    /// The bytes in the order that the shape says: a view where they lie so, else a copy that lives as long as it is used.
    public static MemorySegment plainBytes(Tensor tensor) {
        if (tensor.is_contiguous()) {
            return bytes(tensor);
        }
        try (var scope = Scope.open()) {
            MemorySegment plain = bytes(tensor.detach().contiguous());
            return Arena.ofAuto().allocate(plain.byteSize(), Long.BYTES).copyFrom(plain);
        }
    }

    /// The values, row-major, as float32.
    public static float[] floats(Tensor tensor) {
        try (var scope = Scope.open()) {
            Tensor plain = tensor.detach().to(ScalarType.Float).contiguous();
            float[] values = new float[Math.toIntExact(plain.numel())];
            if (values.length > 0) {
                new FloatPointer(plain.data_ptr()).capacity(values.length).get(values);
            }
            return values;
        }
    }

    /// The only value of a tensor of one element.
    public static double item(Tensor tensor) {
        try (var scope = Scope.open()) {
            return tensor.item_double();
        }
    }

    /// A pointer to an address, as JavaCPP wants it.
    private static final class Address extends Pointer {
        Address(long address) {
            super(new RawPointer(address));
        }
    }

    private static final class RawPointer extends Pointer {
        RawPointer(long address) {
            super((Pointer) null);
            this.address = address;
        }
    }
}
