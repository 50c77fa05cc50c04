package dev.cultivar.nn;

import dev.cultivar.batch.Batch;
import dev.cultivar.torch.Tensors;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// A batch on its way into a model: its arrays, and tensors made of them when first asked for, in the scope that is open then.
public final class Inputs {
    private final Batch batch;
    private final Map<String, Tensor> given;
    private final Map<String, Tensor> tensors = new HashMap<>();

    private final Optional<Start> start;
    private final OptionalInt end;
    private final Optional<KeyValues> past;
    private final Optional<Virtual> virtual;
    private final boolean first;

    private Inputs(
            Batch batch,
            Map<String, Tensor> given,
            Optional<Start> start,
            OptionalInt end,
            Optional<KeyValues> past,
            Optional<Virtual> virtual,
            boolean first) {
        this.batch = batch;
        this.given = given;
        this.start = start;
        this.end = end;
        this.past = past;
        this.virtual = virtual;
        this.first = first;
    }

    public static Inputs of(Batch batch) {
        return new Inputs(batch, Map.of(), Optional.empty(), OptionalInt.empty(), Optional.empty(), Optional.empty(), false);
    }

    /// The same batch, in which a tensor stands for a field, whether the batch has that field or not: what another network made, so
    /// that a gradient may flow back to it.
    public Inputs with(String field, Tensor made) {
        Map<String, Tensor> more = new HashMap<>(given);
        more.put(field, made);
        var same = new Inputs(batch, more, start, end, past, virtual, first);
        same.tensors.putAll(tensors);
        return same;
    }

    /// Another batch, which stands behind virtual tokens.
    Inputs behind(Batch longer, Virtual tokens) {
        return new Inputs(longer, Map.of(), start, end, past, Optional.of(tokens), first);
    }

    /// Vectors of words in which each row's first ones, that stand for virtual tokens, are replaced by those of the prompt.
    ///
    /// @param words (B, P + T, C)
    Tensor prompted(Tensor words) {
        return virtual.map(tokens -> tokens.prompted(words)).orElse(words);
    }

    /// How many virtual tokens each layer sees before a row's own.
    int virtualKeys() {
        return virtual.map(Virtual::keys).orElse(0);
    }

    /// A layer's keys and values behind those of the prefix: (B, H, T, d) -> (B, H, P + T, d)
    KeyValues.Layer behindPrefix(int layer, Tensor keys, Tensor values) {
        return virtual.map(tokens -> tokens.before(layer, keys, values)).orElseGet(() -> new KeyValues.Layer(keys, values));
    }

    /// A mask of what is no padding that covers the prefix too: (B, T) -> (B, P + T)
    Tensor seen(Tensor mask) {
        return virtualKeys() == 0 ? mask : torch.cat(new TensorVector(torch.ones_like(mask.narrow(1, 0, 1)).expand(-1, virtualKeys()), mask), 1);
    }

    /// The same as numbers, row after row.
    int[] seen(int[] mask, int rows) {
        return Virtual.lengthened(mask, rows, virtualKeys(), 1);
    }

    /// What the layers below a cut make of the batch, known already: a backbone goes on from there.
    ///
    /// @param cut    0 for the output of the embeddings, n for that of layer n, see [Hidden#layers]; one more than the backbone has
    ///               layers where even the vector is known that a head reads of each row
    /// @param states (B, T, C); of the last layer also (B, 1, C), where nothing but the first token is read; (B, C) above the layers
    public record Start(int cut, Tensor states) {}

    /// The same batch, of which a backbone computes only the layers above the cut.
    public Inputs from(Start start) {
        return new Inputs(batch, given, Optional.of(start), end, past, virtual, first);
    }

    /// The same batch, of which nothing above a cut is asked for: a backbone may leave those layers out.
    public Inputs upTo(int cut) {
        return new Inputs(batch, given, start, OptionalInt.of(cut), past, virtual, first);
    }

    /// The same batch, of whose last layer nothing but the first token is read: a backbone may leave the others out, and then gives states
    /// of (B, 1, C).
    Inputs firstToken() {
        return new Inputs(batch, given, start, end, past, virtual, true);
    }

    /// Whether nothing but the first token of the last layer is read. Where virtual tokens stand before a row's own, all are computed.
    boolean ofFirstToken() {
        return first && virtual.isEmpty();
    }

    /// The highest cut that is asked for; empty where all layers are.
    public OptionalInt end() {
        return end;
    }

    /// Where the backbone goes on from; empty where it starts at the input.
    public Optional<Start> start() {
        return start;
    }

    /// The same batch, read by a decoder after what it has read before; what it reads is added there.
    public Inputs after(KeyValues past) {
        return new Inputs(batch, given, start, end, Optional.of(past), virtual, first);
    }

    /// What was read before; empty where the batch stands alone.
    public Optional<KeyValues> past() {
        return past;
    }

    /// The arrays themselves.
    public Batch batch() {
        return batch;
    }

    public boolean has(String name) {
        return batch.has(name) || given.containsKey(name);
    }

    /// The field as a tensor: int64 or float32, of the field's shape.
    public Tensor tensor(String name) {
        Tensor instead = given.get(name);
        if (instead != null) {
            return instead;
        }
        Tensor made = tensors.get(name);
        if (made == null) {
            made = Tensors.of(batch.field(name));
            tensors.put(name, made);
        }
        return made;
    }
}
