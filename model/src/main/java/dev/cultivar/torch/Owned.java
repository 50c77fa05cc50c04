package dev.cultivar.torch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;

/// Native memory with an owner instead of a block: weights and optimizer state, which outlive every scope and may be
/// closed by another thread than the one that made them.
public final class Owned implements AutoCloseable {
    private final List<Pointer> pointers = new ArrayList<>();

    /// Takes a pointer: the scope it was born in no longer frees it.
    public synchronized <P extends Pointer> P own(P pointer) {
        pointers.add(pointer.retainReference());
        return pointer;
    }

    /// Frees one pointer before the rest.
    public synchronized void release(Pointer pointer) {
        for (int i = 0; i < pointers.size(); i++) {
            if (pointers.get(i) == pointer) {
                pointers.remove(i).releaseReference();
                return;
            }
        }
    }

    /// Frees all of it; a second call does nothing.
    @Override
    public synchronized void close() {
        pointers.forEach(Pointer::releaseReference);
        pointers.clear();
    }
}
