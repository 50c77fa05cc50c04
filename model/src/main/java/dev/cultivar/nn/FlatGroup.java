package dev.cultivar.nn;

import dev.cultivar.torch.Scope;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Parameters that lie in one piece of memory, and their gradients in another: clipping, an optimizer's step,
/// averaging and saving are then one call each.
///
/// @param members   the parameters in their order in memory
/// @param data      float32 (N): every parameter is a view of a part of it
/// @param gradients float32 (N) for each replica, laid out alike; the first is the one that the optimizer reads
/// @param reduced   the bfloat16 copy that the forward pass reads, and its gradients; absent in float32
public record FlatGroup(List<Member> members, Tensor data, List<Tensor> gradients, Optional<Reduced> reduced) {
    /// Members start at multiples of so many elements: 64 bytes.
    static final int ALIGNMENT = 16;
    private static final long PIECE = 1 << 18;

    public FlatGroup {
        members = List.copyOf(members);
        gradients = List.copyOf(gradients);
    }

    /// @param name   of the parameter
    /// @param shape  of the parameter
    /// @param format in which its numbers lie
    /// @param from   its first element in the group
    public record Member(String name, long[] shape, MemoryFormat format, long from) {
        public long elements() {
            long product = 1;
            for (long size : shape) {
                product *= size;
            }
            return product;
        }

        /// A flat tensor's own part of it, in its shape, a view.
        ///
        /// @param first where that part begins
        public Tensor view(Tensor flat, long first) {
            return format.shaped(flat.narrow(0, first, elements()), shape);
        }

        /// The first element after it that another may take.
        public long to() {
            return from + Math.ceilDiv(elements(), ALIGNMENT) * ALIGNMENT;
        }
    }

    /// @param data      bfloat16 (N)
    /// @param gradients bfloat16 (N) for each replica
    public record Reduced(Tensor data, List<Tensor> gradients) {}

    /// The gradient that the optimizer reads.
    public Tensor gradient() {
        return gradients.getFirst();
    }

    /// Whenever the master weights have changed: the bfloat16 copy follows the master weights.
    public void cast() {
        reduced.ifPresent(copy -> {
            try (var scope = Scope.open(); var without = new NoGradient()) {
                copy.data().copy_(data);
            }
        });
    }

    /// Once a micro-batch: a replica's bfloat16 gradient is added to its float32 one, so that many micro-batches lose nothing.
    public void collect(int replica) {
        reduced.ifPresent(copy -> {
            Tensor from = copy.gradients().get(replica);
            Tensor to = gradients.get(replica);
            long elements = from.numel();
            try (var without = new NoGradient()) {
                for (long first = 0; first < elements; first += PIECE) { // in the cache: all at once would make as many float32 numbers anew
                    try (var scope = Scope.open()) {
                        long count = Math.min(PIECE, elements - first);
                        Tensor piece = from.narrow(0, first, count);
                        to.narrow(0, first, count).add_(piece.to(ScalarType.Float), new Scalar(1.0));
                        piece.zero_();
                    }
                }
            }
        });
    }

    /// Once a turn: the replicas' gradients are added to the first one's, in their order.
    public void merge() {
        try (var scope = Scope.open(); var without = new NoGradient()) {
            for (int replica = 1; replica < gradients.size(); replica++) {
                if (gradient().is_cuda()) {
                    gradient().add_(gradients.get(replica), new Scalar(1.0));
                    gradients.get(replica).zero_();
                } else {
                    SparseSum.move(gradients.get(replica), gradient());
                }
            }
        }
    }

    /// Forgets the gradient.
    public void clear() {
        try (var scope = Scope.open()) {
            gradient().zero_();
        }
    }
}
