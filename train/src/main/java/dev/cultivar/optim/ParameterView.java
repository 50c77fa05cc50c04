package dev.cultivar.optim;

import dev.cultivar.nn.FlatGroup;
import dev.cultivar.torch.Scope;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;

/// A parameter of a segment in its own shape, for formulas that need rows and columns.
///
/// @param member   the parameter
/// @param place    the segment that it alone makes
/// @param data     its values, a view
/// @param gradient its gradient, a view
record ParameterView(FlatGroup.Member member, Segment place, Tensor data, Tensor gradient) {

    /// Calls `work` for each parameter of a segment, in their order, in a scope of its own.
    static void each(Segment segment, Consumer<ParameterView> work) {
        for (int i = segment.first(); i <= segment.last(); i++) {
            try (var scope = Scope.open()) {
                FlatGroup.Member member = segment.group().members().get(i);
                Segment alone = segment.part(i, i);
                work.accept(new ParameterView(member, alone, member.view(alone.data(), 0), member.view(alone.gradient(), 0)));
            }
        }
    }

    /// The parameter's part of a state, in its shape.
    Tensor of(Moments moments) {
        return member.view(moments.of(place), 0);
    }
}
