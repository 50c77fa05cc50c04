package dev.cultivar.format;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// An ONNX file opened for its weights: the named tensors of its graph, mapped, and which operator reads which of them.
///
/// Nothing is run. The protobuf is read by hand because four messages are needed of it (model, graph, node, tensor), and
/// because a library would copy the weights into Java's heap. Field numbers are those of `onnx.proto`. As [Safetensors]: the
/// mapped bytes are read-only, may be read by any thread, and are valid until [#close].
public final class OnnxFile implements AutoCloseable {
    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_INITIALISER = 5;
    private static final int MOST_DIMENSIONS = 64;
    private static final int LONGEST_NAME = 4096;

    private final Path file;
    private final Arena arena;
    private final List<Node> nodes = new ArrayList<>();
    private final SequencedMap<String, Initialiser> initialisers = new LinkedHashMap<>();

    private OnnxFile(Path file, Arena arena) {
        this.file = file;
        this.arena = arena;
    }

    /// An operator of the graph.
    ///
    /// @param operator what it does, `MatMul` for instance
    /// @param name     its place in the model that was exported, `/encoder/layer.0/output/dense/MatMul` for instance
    public record Node(String operator, String name, List<String> inputs, List<String> outputs) {}

    /// A constant tensor of the graph.
    ///
    /// @param shape sizes of its dimensions; empty for a single value
    /// @param bytes little endian and row-major; read-only, valid until the file is closed
    public record Initialiser(String name, ElementType type, long[] shape, MemorySegment bytes) {
        public Initialiser {
            shape = shape.clone();
        }

        @Override
        public long[] shape() {
            return shape.clone();
        }

        @Override
        public String toString() {
            return name + " " + type + Arrays.toString(shape);
        }
    }

    /// Opens and checks a file, or says with a [CheckpointException] why it is no ONNX file that can be read.
    public static OnnxFile open(Path file) {
        if (Files.isDirectory(file)) {
            throw new CheckpointException(file + ": is a folder; expected an ONNX file. Name the file within it.");
        }
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file)) {
            var onnx = new OnnxFile(file, arena);
            onnx.model(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
            return onnx;
        } catch (IOException failure) {
            arena.close();
            throw new CheckpointException(
                    file + ": cannot be read: " + Said.reason(failure) + ". Check the path and its permissions.", failure);
        } catch (RuntimeException | Error failure) {
            arena.close();
            throw failure;
        }
    }

    private void model(MemorySegment bytes) {
        boolean graph = false;
        for (var model = new ProtobufFields(file, bytes); model.next();) {
            if (model.field() == MODEL_GRAPH) {
                if (graph) {
                    throw wrong("has two graphs");
                }
                graph = true;
                graph(model.message());
            }
        }
        if (!graph) {
            throw wrong("has no graph");
        }
    }

    private void graph(ProtobufFields graph) {
        while (graph.next()) {
            switch (graph.field()) {
                case GRAPH_NODE -> nodes.add(node(graph.message()));
                case GRAPH_INITIALISER -> {
                    Initialiser initialiser = initialiser(graph.message());
                    if (initialisers.putIfAbsent(initialiser.name(), initialiser) != null) {
                        throw wrong("names tensor " + Said.name(initialiser.name()) + " twice");
                    }
                }
                default -> {} // names, inputs, outputs, shapes: nothing that holds weights
            }
        }
    }

    private static Node node(ProtobufFields node) {
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        String name = "";
        String operator = "";
        while (node.next()) {
            switch (node.field()) {
                case 1 -> inputs.add(node.text(LONGEST_NAME));
                case 2 -> outputs.add(node.text(LONGEST_NAME));
                case 3 -> name = node.text(LONGEST_NAME);
                case 4 -> operator = node.text(LONGEST_NAME);
                default -> {} // attributes
            }
        }
        return new Node(operator, name, List.copyOf(inputs), List.copyOf(outputs));
    }

    private Initialiser initialiser(ProtobufFields tensor) {
        long[] shape = new long[MOST_DIMENSIONS];
        int dimensions = 0;
        long type = 0;
        String name = "";
        @Nullable MemorySegment bytes = null;
        while (tensor.next()) {
            switch (tensor.field()) {
                case 1 -> {
                    if (tensor.counted()) {
                        for (var sizes = tensor.packed(); sizes.hasNumber();) {
                            dimensions = put(shape, dimensions, sizes.nextNumber());
                        }
                    } else {
                        dimensions = put(shape, dimensions, tensor.number());
                    }
                }
                case 2 -> type = tensor.number();
                case 4, 9 -> { // packed floats, raw bytes: the same bytes
                    if (bytes != null) {
                        throw wrong("has the values of tensor " + Said.name(name) + " in two pieces");
                    }
                    bytes = tensor.bytes();
                }
                case 5, 7, 10, 11 -> throw wrong("has tensor " + Said.name(name) + " as numbers of variable length; write it with raw_data");
                case 8 -> name = tensor.text(LONGEST_NAME);
                case 13, 14 -> {
                    if (tensor.field() == 13 || tensor.number() != 0) {
                        throw wrong("keeps the values of tensor " + Said.name(name) + " in another file; expected them in this one");
                    }
                }
                default -> {}
            }
        }
        return checked(name, type(name, type), Arrays.copyOf(shape, dimensions), bytes == null ? MemorySegment.NULL : bytes);
    }

    private int put(long[] shape, int at, long size) {
        if (at == shape.length || size < 0) {
            throw wrong("has a tensor with " + (size < 0 ? "a size of " + size : "more than " + MOST_DIMENSIONS + " dimensions"));
        }
        shape[at] = size;
        return at + 1;
    }

    private Initialiser checked(String name, ElementType type, long[] shape, MemorySegment bytes) {
        long needed = type.bytes();
        try {
            for (long size : shape) {
                needed = Math.multiplyExact(needed, size);
            }
        } catch (ArithmeticException overflow) {
            throw wrong("has tensor " + Said.name(name) + " of shape " + Arrays.toString(shape) + ", which is beyond 2^63 bytes");
        }
        if (needed != bytes.byteSize()) {
            throw wrong("has tensor " + Said.name(name) + " of shape " + Arrays.toString(shape) + " and " + type + ", which is " + needed
                    + " bytes, but holds " + bytes.byteSize());
        }
        return new Initialiser(name, type, shape, bytes);
    }

    private ElementType type(String name, long type) {
        return switch ((int) Math.clamp(type, -1, 100)) {
            case 1 -> ElementType.F32;
            case 2 -> ElementType.U8;
            case 3 -> ElementType.I8;
            case 5 -> ElementType.I16;
            case 6 -> ElementType.I32;
            case 7 -> ElementType.I64;
            case 9 -> ElementType.BOOL;
            case 10 -> ElementType.F16;
            case 11 -> ElementType.F64;
            case 16 -> ElementType.BF16;
            default -> throw wrong("has tensor " + Said.name(name) + " of element type " + type + ", which is not read");
        };
    }

    public Path file() {
        return file;
    }

    /// The operators, in the order of the file.
    public List<Node> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    /// The constant tensors by name, in the order of the file.
    public SequencedMap<String, Initialiser> initialisers() {
        return Collections.unmodifiableSequencedMap(initialisers);
    }

    private CheckpointException wrong(String what) {
        return new CheckpointException(file + ": this ONNX file " + what + ". Copy, download or export it again.");
    }

    /// Unmaps the file; segments that came from it must not be used any more.
    @Override
    public void close() {
        arena.close();
    }
}
