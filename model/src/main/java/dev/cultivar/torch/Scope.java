package dev.cultivar.torch;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/// A block that native memory is born in and freed with.
///
/// Four lifetimes exist, each a block: run, phase, step, micro-batch. Only Java values leave a scope; what must
/// outlive it is handed to an outer one with [#keep]. The stack of scopes belongs to the thread that opened it.
public final class Scope implements AutoCloseable {
    private final PointerScope pointers;

    private Scope() {
        Torch.start();
        pointers = new PointerScope();
    }

    /// Opens a block inside the innermost open one of this thread.
    public static Scope open() {
        return new Scope();
    }

    /// Moves a pointer that was born in an inner block to this one, which must still be open.
    public <P extends Pointer> P keep(P pointer) {
        pointers.attach(pointer);
        return pointer;
    }

    @Override
    public void close() {
        pointers.close();
    }
}
