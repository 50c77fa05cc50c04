package dev.cultivar.nn;

import dev.cultivar.torch.Owned;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/// The keys and values of the tokens that a decoder has read, so that going on computes only what is new.
///
/// Give it with the inputs ([Inputs#after]) of one forward pass after the other, without gradients: each pass reads the tokens
/// of its batch after those before. The batch's `attention_mask` speaks of its own tokens alone; positions that the batch does not give
/// are counted from the masks, so rows may be padded on the left. It holds native memory until it is closed.
public final class KeyValues implements AutoCloseable {
    private final int rows;
    private final int capacity;
    private final boolean[] real;
    private final int[] read;
    private final List<Layer> layers = new ArrayList<>();
    private final List<Layer> others = new ArrayList<>();
    private final Owned memory = new Owned();
    private int length;

    /// @param rows     of every batch
    /// @param capacity tokens a row, padding included, that are read at most
    public KeyValues(int rows, int capacity) {
        this.rows = rows;
        this.capacity = capacity;
        this.real = new boolean[Math.multiplyExact(rows, capacity)];
        this.read = new int[rows];
    }

    /// Tokens a row that were read, padding included.
    public int length() {
        return length;
    }

    /// What a layer attends to.
    ///
    /// @param keys   (B, G, capacity, d), or, where they were read, (B, G, S, d)
    /// @param values likewise
    record Layer(Tensor keys, Tensor values) {}

    /// Where the new tokens of each row stand, (B, T): counted over what is no padding; a padding token stands at 0.
    Positions positions(Inputs inputs, int fresh) {
        int[] ids = new int[rows * fresh];
        for (int row = 0; row < rows; row++) {
            int next = read[row];
            for (int i = 0; i < fresh; i++) {
                ids[row * fresh + i] = real(inputs, row * fresh + i) ? next++ : 0;
            }
        }
        return new Positions(ids, false, fresh);
    }

    /// Whether each token of each row is no padding, (B, S), the new ones included.
    int[] mask(Inputs inputs, int fresh) {
        int all = length + fresh;
        int[] mask = new int[rows * all];
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < length; i++) {
                mask[row * all + i] = real[row * capacity + i] ? 1 : 0;
            }
            for (int i = 0; i < fresh; i++) {
                mask[row * all + length + i] = real(inputs, row * fresh + i) ? 1 : 0;
            }
        }
        return mask;
    }

    private static boolean real(Inputs inputs, int token) {
        return !inputs.has("attention_mask") || inputs.batch().ints("attention_mask").values()[token] != 0;
    }

    /// Refuses a batch that cannot follow what was read.
    void require(Inputs inputs, int batchRows, int fresh) {
        if (batchRows != rows) {
            throw new IllegalArgumentException("these keys and values are of " + rows + " rows, got a batch of " + batchRows);
        }
        if (length + fresh > capacity) {
            throw new IllegalArgumentException(
                    "there is room for " + capacity + " tokens, got " + length + " that were read and " + fresh + " new ones");
        }
        if (inputs.has("segment_ids") || inputs.start().isPresent()) {
            throw new IllegalArgumentException("keys and values go with whole rows that are read from the input, not with packed ones or a start");
        }
    }

    /// Adds a layer's new keys and values, (B, G, T, d), and returns all, (B, G, S, d).
    Layer add(int layer, Tensor keys, Tensor values) {
        if (keys.requires_grad()) {
            throw new IllegalStateException("keys and values are kept without gradients only");
        }
        if (layer == layers.size()) {
            var options = new TensorOptions(keys.scalar_type());
            long[] shape = {rows, keys.size(1), capacity, keys.size(3)};
            layers.add(new Layer(memory.own(torch.empty(shape, options, null)), memory.own(torch.empty(shape, options, null))));
        }
        Layer all = layers.get(layer);
        long fresh = keys.size(2);
        all.keys().narrow(2, length, fresh).copy_(keys);
        all.values().narrow(2, length, fresh).copy_(values);
        return new Layer(all.keys().narrow(2, 0, length + fresh), all.values().narrow(2, 0, length + fresh));
    }

    /// A layer's keys and values of another text, the one that an encoder has read: made once, and kept.
    Layer once(int layer, Supplier<Layer> make) {
        if (layer == others.size()) {
            Layer made = make.get();
            if (made.keys().requires_grad()) {
                throw new IllegalStateException("keys and values are kept without gradients only");
            }
            others.add(new Layer(memory.own(made.keys().contiguous()), memory.own(made.values().contiguous())));
        }
        return others.get(layer);
    }

    /// Puts other rows in place of each: row i goes on from what row `from[i]` has read. What was read of another text stays, so
    /// only rows with the same one may change places.
    public void reorder(int[] from) {
        if (from.length != rows) {
            throw new IllegalArgumentException("these keys and values are of " + rows + " rows, got an order of " + from.length);
        }
        try (var scope = Scope.open()) {
            Tensor order = Tensors.ofInts(from, rows);
            for (Layer layer : layers) {
                for (Tensor all : List.of(layer.keys(), layer.values())) {
                    Tensor seen = all.narrow(2, 0, length);
                    seen.copy_(seen.index_select(0, order));
                }
            }
        }
        boolean[] wasReal = real.clone();
        int[] wasRead = read.clone();
        for (int row = 0; row < rows; row++) {
            System.arraycopy(wasReal, from[row] * capacity, real, row * capacity, capacity);
            read[row] = wasRead[from[row]];
        }
    }

    /// Counts the batch as read; every layer has it.
    void advance(Inputs inputs, int fresh) {
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < fresh; i++) {
                boolean one = real(inputs, row * fresh + i);
                real[row * capacity + length + i] = one;
                read[row] += one ? 1 : 0;
            }
        }
        length += fresh;
    }

    /// Forgets what was read of this text, and keeps the memory.
    public void clear() {
        length = 0;
        Arrays.fill(read, 0);
    }

    @Override
    public void close() {
        memory.close();
    }
}
