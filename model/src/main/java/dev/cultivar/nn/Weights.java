package dev.cultivar.nn;

import dev.cultivar.format.ElementType;
import dev.cultivar.torch.Owned;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.TreeSet;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// The parameters and buffers of a model by name, in the order in which they were declared.
///
/// A network declares what it needs and later asks for it by name, each time: the tensor behind a name changes when
/// parameters are packed into flat groups or computed in bfloat16. Values come from the checkpoint where it has them,
/// else from the seed and the name.
public final class Weights implements AutoCloseable {
    private final Owned memory;
    private final SequencedMap<String, Slot> slots;
    private final List<String> fresh;
    private final SequencedMap<String, LinearLayer> linears;
    private final Adapters adapters;
    private final long seed;
    private final Stored stored;
    private final String prefix;
    private MemoryFormat format = MemoryFormat.CONTIGUOUS;

    /// @param seed   where the draws of new parameters start
    /// @param stored the checkpoint's values, [Stored#NONE] for a new model
    public Weights(long seed, Stored stored) {
        this.seed = seed;
        this.stored = stored;
        memory = new Owned();
        slots = new LinkedHashMap<>();
        fresh = new ArrayList<>();
        linears = new LinkedHashMap<>();
        adapters = new Adapters(this);
        prefix = "";
    }

    private Weights(Weights whole, String prefix) {
        seed = whole.seed;
        stored = whole.stored;
        memory = whole.memory;
        slots = whole.slots;
        fresh = whole.fresh;
        linears = whole.linears;
        adapters = whole.adapters;
        this.prefix = prefix;
    }

    /// The same weights for a network that shares them with others of its kind: what it declares and asks for has this before its name. Nothing
    /// else is to be done through it: all other methods take whole names.
    Weights within(String under) {
        return new Weights(this, prefix + under);
    }

    /// Values that a checkpoint has under a name.
    public interface Stored {
        Stored NONE = (name, shape) -> Optional.empty();

        /// A tensor in the open scope, float32 or, of whole numbers, int64; empty where the checkpoint has none, or where its shape
        /// differs, which the store remembers for its report.
        Optional<Tensor> find(String name, long... shape);

        /// Whether there are values of that name, of whatever shape.
        default boolean has(String name) {
            return false;
        }
    }

    /// What lies under a name.
    private enum Role {
        PARAMETER(ScalarType.Float),
        BUFFER(ScalarType.Float),
        COUNTER(ScalarType.Long);

        private final ScalarType type;

        Role(ScalarType type) {
            this.type = type;
        }
    }

    /// @param compute what a forward pass reads, by replica; a frozen parameter or a buffer has one for all
    private record Slot(Role role, Tensor master, List<Tensor> compute) {}

    /// Which replica the running thread computes with. Replicas share their values and have gradients of their own, so
    /// that several threads may go forward and backward at once.
    private static final ScopedValue<Integer> REPLICA = ScopedValue.newInstance();

    /// Runs something that asks for weights as one of the replicas.
    public static void asReplica(int replica, Runnable work) {
        ScopedValue.where(REPLICA, replica).run(work);
    }

    /// Whether no checkpoint gives any values.
    boolean isNew() {
        return stored == Stored.NONE;
    }

    /// Whether the checkpoint has values under the name: where its files, not its configuration, tell what a model has.
    boolean isStored(String name) {
        return stored.has(prefix + name);
    }

    /// Adds a parameter; a name may be declared once.
    public void parameter(String name, Initial initial, long... shape) {
        declare(prefix + name, Role.PARAMETER, initial, shape);
    }

    /// Adds a buffer: state that no gradient moves, such as running statistics.
    public void buffer(String name, Initial initial, long... shape) {
        declare(prefix + name, Role.BUFFER, initial, shape);
    }

    /// Adds a buffer that is one whole number, from 0: int64 of no dimension, here and in files.
    void counter(String name) {
        declare(prefix + name, Role.COUNTER, new Initial.Constant(0));
    }

    /// Notes that a parameter is the matrix of a linear layer, so that an adapter may stand on it.
    ///
    /// @param transposed whether the matrix is stored as (in, out)
    void linear(String name, long in, long out, boolean transposed) {
        linears.put(prefix + name, new LinearLayer(prefix + name, in, out, transposed));
    }

    /// The linear layers by name, in the order of their declaration.
    SequencedMap<String, LinearLayer> linears() {
        return java.util.Collections.unmodifiableSequencedMap(linears);
    }

    /// What stands on the layers; nothing at first.
    public Adapters adapters() {
        return adapters;
    }

    private void declare(String name, Role role, Initial initial, long... shape) {
        if (slots.containsKey(name)) {
            throw new IllegalArgumentException("parameter " + name + " is declared twice");
        }
        try (var scope = Scope.open()) {
            Tensor value = stored.find(name, shape).orElseGet(() -> {
                fresh.add(name);
                long count = 1;
                for (long size : shape) {
                    count = Math.multiplyExact(count, size);
                }
                return Tensors.ofFloats(initial.values(Math.toIntExact(count), seed, name), shape);
            }).to(role.type);
            memory.own(value);
            slots.put(name, new Slot(role, value, List.of(value)));
        }
    }

    /// The tensor to compute with.
    public Tensor get(String name) {
        List<Tensor> compute = slot(adapters.instead(prefix + name)).compute;
        return compute.get(REPLICA.isBound() && compute.size() > 1 ? REPLICA.get() : 0);
    }

    /// The float32 values, whatever the arithmetic.
    public Tensor master(String name) {
        return slot(prefix + name).master;
    }

    public boolean has(String name) {
        return slots.containsKey(prefix + name);
    }

    /// Takes a parameter or buffer away that was declared with values of its own.
    void remove(String name) {
        memory.release(slot(name).master);
        slots.remove(name);
        fresh.remove(name);
    }

    private Slot slot(String name) {
        Slot slot = slots.get(name);
        if (slot == null) {
            throw new IllegalArgumentException("no parameter " + name + "; there are " + new TreeSet<>(slots.keySet()));
        }
        return slot;
    }

    /// Names of all parameters and buffers.
    public SequencedSet<String> names() {
        return slots.sequencedKeySet();
    }

    /// Names of the parameters.
    public List<String> parameters() {
        return slots.keySet().stream().filter(name -> slot(name).role == Role.PARAMETER).toList();
    }

    /// What the values under a name are in a file.
    ElementType stored(String name) {
        return slot(name).role == Role.COUNTER ? ElementType.I64 : ElementType.F32;
    }

    /// Names whose values no checkpoint gave.
    public List<String> fresh() {
        return List.copyOf(fresh);
    }

    /// The shape of a parameter or buffer.
    public long[] shape(String name) {
        return shape(master(name));
    }

    /// How many numbers the named parameters hold.
    public long count(Collection<String> names) {
        return names.stream().mapToLong(name -> master(name).numel()).sum();
    }

    /// Overwrites the values under a name, in place.
    public void set(String name, Tensor values) {
        try (var scope = Scope.open(); var without = new NoGradient()) {
            Slot slot = slot(name);
            slot.master.copy_(values);
            slot.compute.stream().filter(each -> each != slot.master).forEach(each -> each.copy_(values));
        }
    }

    /// Whether a gradient is computed for the parameter.
    public void requireGradient(String name, boolean required) {
        slot(name).compute.forEach(tensor -> tensor.requires_grad_(required));
    }

    /// Lays the kernels of convolutions out anew: before parameters are packed, and once all are declared.
    public void arrange(MemoryFormat asked) {
        try (var scope = Scope.open(); var without = new NoGradient()) {
            format = asked;
            for (String name : parameters()) {
                Tensor old = slot(name).master;
                Tensor laid = format.of(old);
                if (!laid.is_same(old)) {
                    memory.own(laid);
                    slots.put(name, new Slot(Role.PARAMETER, laid, List.of(laid)));
                    memory.release(old);
                }
            }
        }
    }

    /// Moves parameters into one piece of memory, in the order given, and gives them gradients that lie in another.
    ///
    /// @param bfloat16 whether forward and backward passes use a bfloat16 copy
    /// @param replicas how many threads go forward and backward at once
    public FlatGroup pack(List<String> names, boolean bfloat16, int replicas) {
        try (var scope = Scope.open(); var without = new NoGradient()) {
            List<FlatGroup.Member> members = new ArrayList<>();
            long from = 0;
            for (String name : names) {
                var member = new FlatGroup.Member(name, shape(name), format, from);
                members.add(member);
                from = member.to();
            }
            Tensor data = zeros(from, ScalarType.Float);
            List<Tensor> gradients = new ArrayList<>();
            List<Tensor> reducedGradients = new ArrayList<>();
            for (int replica = 0; replica < replicas; replica++) {
                gradients.add(zeros(from, ScalarType.Float));
                if (bfloat16) {
                    reducedGradients.add(zeros(from, ScalarType.BFloat16));
                }
            }
            Optional<FlatGroup.Reduced> reduced = bfloat16
                    ? Optional.of(new FlatGroup.Reduced(zeros(from, ScalarType.BFloat16), reducedGradients))
                    : Optional.empty();
            var group = new FlatGroup(members, data, gradients, reduced);
            members.forEach(member -> move(member, group));
            group.cast();
            return group;
        }
    }

    /// Puts a parameter's values into the group, and leaves of the backward pass over them, one a replica.
    private void move(FlatGroup.Member member, FlatGroup group) {
        Slot old = slot(member.name());
        member.view(group.data(), member.from()).copy_(old.master);
        Tensor master = memory.own(member.view(group.data(), member.from()).detach());
        List<Tensor> compute = new ArrayList<>();
        for (int replica = 0; replica < group.gradients().size(); replica++) {
            Tensor values = group.reduced().map(FlatGroup.Reduced::data).orElse(group.data());
            Tensor gradient = group.reduced().map(FlatGroup.Reduced::gradients).orElse(group.gradients()).get(replica);
            Tensor leaf = memory.own(member.view(values, member.from()).detach());
            leaf.requires_grad_(true);
            leaf.mutable_grad().put(member.view(gradient, member.from()));
            compute.add(leaf);
        }
        slots.put(member.name(), new Slot(Role.PARAMETER, master, List.copyOf(compute)));
        memory.release(old.master);
    }

    /// Lets everything that no group moves be computed in bfloat16 too; buffers stay as they are.
    public void reduceFrozen(Collection<String> names) {
        try (var scope = Scope.open(); var without = new NoGradient()) {
            for (String name : names) {
                Slot slot = slot(name);
                slots.put(name, new Slot(Role.PARAMETER, slot.master, List.of(memory.own(slot.master.to(ScalarType.BFloat16)))));
            }
        }
    }

    private Tensor zeros(long elements, ScalarType type) {
        return memory.own(torch.zeros(new long[] {elements}, new TensorOptions(type)));
    }

    static long[] shape(Tensor tensor) {
        long[] shape = new long[Math.toIntExact(tensor.dim())];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = tensor.size(i);
        }
        return shape;
    }

    @Override
    public void close() {
        memory.close();
    }
}
