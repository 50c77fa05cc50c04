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
                work.accept(new ParameterView(member, alone, shaped(alone.data(), member), shaped(alone.gradient(), member)));
            }
        }
    }

    /// The parameter's own part of a flat tensor that begins where it does, less what only aligns it.
    private static Tensor shaped(Tensor part, FlatGroup.Member member) {
        return part.narrow(0, 0, member.elements()).view(member.shape());
    }

    /// The parameter's part of a state, in its shape.
    Tensor of(Moments moments) {
        return shaped(moments.of(place), member);
    }
}
