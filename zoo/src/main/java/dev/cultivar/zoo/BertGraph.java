package dev.cultivar.zoo;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.ElementType;
import dev.cultivar.format.OnnxFile;
import dev.cultivar.format.OnnxFile.Initialiser;
import dev.cultivar.format.Said;
import dev.cultivar.format.SafetensorsWriter.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;

/// Finds a BERT's weights in the graph that PyTorch's exporter wrote of it, under Hugging Face's names.
///
/// Embeddings, biases and norms kept their names. The matrices of linear layers were transposed and renamed; which is which
/// is told by the product that reads them: the operator `/encoder/layer.0/output/dense/MatMul` reads the transposed
/// `encoder.layer.0.output.dense.weight`. A graph with other weights or operators than a BERT's is refused as a whole.
final class BertGraph {
    private static final String WORDS = "embeddings.word_embeddings.weight";
    private static final String PRODUCT = "MatMul";
    private static final int TILE = 32;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// What the exporter writes a BERT with: `Erf` is the exact GELU; `Tanh` in its place would be another one.
    private static final Set<String> OPERATORS = Set.of(
            "Add", "Cast", "Concat", "Constant", "Div", "Erf", "Gather", PRODUCT, "Mul", "Pow", "ReduceMean", "Reshape", "Shape",
            "Slice", "Softmax", "Sqrt", "Sub", "Transpose", "Unsqueeze");

    /// Constants that are computed, not learned.
    private static final Set<String> LEFT_OUT = Set.of("embeddings.position_ids");

    private final OnnxFile file;
    private final SequencedMap<String, Weight> found = new LinkedHashMap<>();

    private BertGraph(OnnxFile file) {
        this.file = file;
    }

    /// @param transposed whether it lies in the file as (in, out), where Hugging Face has (out, in)
    private record Weight(Initialiser stored, boolean transposed) {
        long[] shape() {
            long[] shape = stored.shape();
            return transposed && shape.length == 2 ? new long[] {shape[1], shape[0]} : shape;
        }
    }

    /// Sizes that the weights tell.
    record Sizes(long vocabulary, long positions, long segments, long width, long feedForward, int layers) {}

    /// @param tensors to write, valid as long as the file is open
    record Bert(Sizes sizes, List<Tensor> tensors) {}

    /// The weights of a graph, or a [CheckpointException] that says in what it is no BERT.
    static Bert read(OnnxFile file) {
        var graph = new BertGraph(file);
        graph.find();
        return graph.checked();
    }

    private void find() {
        Set<String> read = new HashSet<>();
        for (OnnxFile.Node node : file.nodes()) {
            String matrix = node.operator().equals(PRODUCT) && node.inputs().size() == 2 ? node.inputs().get(1) : "";
            Initialiser stored = file.initialisers().get(matrix);
            if (stored != null) {
                if (read.add(matrix)) {
                    put(module(node.name()) + ".weight", new Weight(stored, true));
                } else {
                    throw unknown("tensor " + Said.name(matrix) + " is read by two products, one of them " + Said.name(node.name()));
                }
            }
        }
        file.initialisers().forEach((name, tensor) -> {
            if (!read.contains(name) && !LEFT_OUT.contains(name)) {
                put(name, new Weight(tensor, false));
            }
        });
    }

    private void put(String name, Weight weight) {
        if (found.putIfAbsent(name, weight) != null) {
            throw unknown("two tensors stand for " + Said.name(name));
        }
    }

    /// `/encoder/layer.0/output/dense/MatMul` -> `encoder.layer.0.output.dense`.
    private static String module(String node) {
        String path = node.startsWith("/") ? node.substring(1) : node;
        int end = path.endsWith("/" + PRODUCT) ? path.length() - PRODUCT.length() - 1 : path.length();
        return path.substring(0, end).replace('/', '.');
    }

    private Bert checked() {
        Sizes sizes = sizes();
        Map<String, long[]> expected = expected(sizes);
        List<String> faults = new ArrayList<>();
        say(faults, "weights missing", expected.keySet().stream().filter(name -> !found.containsKey(name)).toList());
        say(faults, "weights unexpected", found.keySet().stream().filter(name -> !expected.containsKey(name)).toList());
        say(faults, "weights of another shape or type than float32", found.entrySet().stream()
                .filter(entry -> expected.containsKey(entry.getKey()))
                .filter(entry -> entry.getValue().stored().type() != ElementType.F32
                        || !Arrays.equals(entry.getValue().shape(), expected.get(entry.getKey())))
                .map(entry -> entry.getValue().stored() + " for " + entry.getKey())
                .toList());
        Set<String> operators = new TreeSet<>(file.nodes().stream().map(OnnxFile.Node::operator).toList());
        say(faults, "operators unknown", operators.stream().filter(name -> !OPERATORS.contains(name)).toList());
        if (!operators.contains("Erf") && faults.isEmpty()) {
            faults.add("operators missing: 'Erf', the GELU");
        }
        if (!faults.isEmpty()) {
            throw unknown(String.join("; ", faults));
        }
        List<Tensor> tensors = new ArrayList<>();
        expected.forEach((name, shape) -> {
            Weight weight = Objects.requireNonNull(found.get(name)); // or it would have been missing
            tensors.add(new Tensor(name, ElementType.F32, shape, () -> weight.transposed() ? transposed(weight.stored()) : weight.stored().bytes()));
        });
        return new Bert(sizes, tensors);
    }

    private static void say(List<String> faults, String what, List<String> names) {
        if (!names.isEmpty()) {
            faults.add(names.size() + " " + what + ": " + Said.names(names));
        }
    }

    private Sizes sizes() {
        int layers = 0;
        while (anyBelow("encoder.layer." + layers + ".")) {
            layers++;
        }
        return new Sizes(
                size(WORDS, 0), size("embeddings.position_embeddings.weight", 0), size("embeddings.token_type_embeddings.weight", 0),
                size(WORDS, 1), size("encoder.layer.0.intermediate.dense.bias", 0), Math.max(1, layers));
    }

    private boolean anyBelow(String prefix) {
        return found.keySet().stream().anyMatch(name -> name.startsWith(prefix));
    }

    private long size(String name, int dimension) {
        Weight weight = found.get(name);
        return weight == null || weight.shape().length <= dimension ? 0 : weight.shape()[dimension];
    }

    /// Names and shapes of a BERT's encoder without a pooler, in the order of transformers' files.
    private static SequencedMap<String, long[]> expected(Sizes sizes) {
        SequencedMap<String, long[]> shapes = new LinkedHashMap<>();
        long width = sizes.width();
        shapes.put(WORDS, new long[] {sizes.vocabulary(), width});
        shapes.put("embeddings.position_embeddings.weight", new long[] {sizes.positions(), width});
        shapes.put("embeddings.token_type_embeddings.weight", new long[] {sizes.segments(), width});
        norm(shapes, "embeddings.LayerNorm", width);
        for (int layer = 0; layer < sizes.layers(); layer++) {
            String prefix = "encoder.layer." + layer + ".";
            for (String part : List.of("query", "key", "value")) {
                linear(shapes, prefix + "attention.self." + part, width, width);
            }
            linear(shapes, prefix + "attention.output.dense", width, width);
            norm(shapes, prefix + "attention.output.LayerNorm", width);
            linear(shapes, prefix + "intermediate.dense", sizes.feedForward(), width);
            linear(shapes, prefix + "output.dense", width, sizes.feedForward());
            norm(shapes, prefix + "output.LayerNorm", width);
        }
        return shapes;
    }

    private static void linear(Map<String, long[]> shapes, String name, long out, long in) {
        shapes.put(name + ".weight", new long[] {out, in});
        shapes.put(name + ".bias", new long[] {out});
    }

    private static void norm(Map<String, long[]> shapes, String name, long width) {
        shapes.put(name + ".weight", new long[] {width});
        shapes.put(name + ".bias", new long[] {width});
    }

    /// (in, out) -> (out, in), by tiles, so that neither side jumps through memory.
    private static MemorySegment transposed(Initialiser matrix) {
        int in = Math.toIntExact(matrix.shape()[0]);
        int out = Math.toIntExact(matrix.shape()[1]);
        float[] to = new float[Math.multiplyExact(in, out)];
        MemorySegment from = matrix.bytes();
        for (int row = 0; row < in; row += TILE) {
            for (int column = 0; column < out; column += TILE) {
                for (int i = row; i < Math.min(in, row + TILE); i++) {
                    for (int j = column; j < Math.min(out, column + TILE); j++) {
                        to[j * in + i] = from.getAtIndex(FLOAT, (long) i * out + j);
                    }
                }
            }
        }
        return MemorySegment.ofArray(to);
    }

    private CheckpointException unknown(String what) {
        return new CheckpointException(file.file() + ": the graph is not that of a BERT as PyTorch exports it: " + what
                + ". Give the model's own Hugging Face folder with model.safetensors.");
    }
}
