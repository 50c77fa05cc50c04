package dev.cultivar.optim;

import dev.cultivar.nn.FlatGroup;
import dev.cultivar.torch.Owned;
import dev.cultivar.torch.Scope;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// A flat float32 tensor of zeros beside each group, owned by the optimizer.
final class Moments {
    private final List<Tensor> flat = new ArrayList<>();

    Moments(List<FlatGroup> groups, Owned memory) {
        try (var scope = Scope.open()) {
            for (FlatGroup group : groups) {
                flat.add(memory.own(torch.zeros_like(group.data())));
            }
        }
    }

    Tensor of(Segment segment) {
        return segment.of(flat.get(segment.index()));
    }

    List<Tensor> tensors() {
        return flat;
    }
}
