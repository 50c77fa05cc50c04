package dev.cultivar.nn;

import dev.cultivar.batch.Batch;
import dev.cultivar.torch.Tensors;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/// A batch on its way into a model: its arrays, and tensors made of them when first asked for, in the scope that is open then.
public final class Inputs {
    private final Batch batch;
    private final Map<String, Tensor> tensors = new HashMap<>();

    private Inputs(Batch batch) {
        this.batch = batch;
    }

    public static Inputs of(Batch batch) {
        return new Inputs(batch);
    }

    /// The arrays themselves.
    public Batch batch() {
        return batch;
    }

    public boolean has(String name) {
        return batch.has(name);
    }

    /// The field as a tensor: int64 or float32, of the field's shape.
    public Tensor tensor(String name) {
        Tensor made = tensors.get(name);
        if (made == null) {
            made = Tensors.of(batch.field(name));
            tensors.put(name, made);
        }
        return made;
    }
}
