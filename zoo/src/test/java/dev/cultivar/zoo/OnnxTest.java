package dev.cultivar.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.OnnxFile;
import dev.cultivar.format.Safetensors;
import dev.cultivar.format.SafetensorsWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxTest {
    private static final int MUTANTS = 2_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    Path folder;

    private Path write(byte[] bytes) {
        try {
            return Files.write(folder.resolve("model.onnx"), bytes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void refused(byte[] bytes, String... words) {
        Path file = write(bytes);
        assertThatThrownBy(() -> {
                    try (var onnx = OnnxFile.open(file)) {
                        BertGraph.read(onnx);
                    }
                })
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContainingAll(words);
    }

    private void graph(Consumer<TinyOnnx> change, String... words) {
        var tiny = new TinyOnnx();
        change.accept(tiny);
        refused(tiny.bytes(), words);
    }

    @Test
    void matricesAreTurnedAndNamedByTheProductsThatReadThem() {
        var tiny = new TinyOnnx();
        Path file = write(tiny.bytes());
        Path weights = folder.resolve("model.safetensors");
        try (var onnx = OnnxFile.open(file)) {
            BertGraph.Bert bert = BertGraph.read(onnx);
            assertThat(bert.sizes()).isEqualTo(new BertGraph.Sizes(7, 5, 2, 4, 6, 1));
            SafetensorsWriter.write(weights, bert.tensors());
        }
        int number = List.copyOf(tiny.tensors.keySet()).indexOf("onnx::MatMul_5"); // (6, 4): the output layer's
        try (var written = Safetensors.open(weights)) {
            assertThat(written.entries()).hasSize(21);
            assertThat(written.entry("encoder.layer.0.output.dense.weight").shape()).containsExactly(4, 6);
            float[] turned = written.floats("encoder.layer.0.output.dense.weight");
            for (int in = 0; in < 6; in++) {
                for (int out = 0; out < 4; out++) {
                    assertThat(turned[out * 6 + in]).isEqualTo(TinyOnnx.value(number, in * 4 + out));
                }
            }
        }
    }

    @Test
    void anUnknownGraphSaysWhatIsMissing() {
        graph(tiny -> tiny.tensors.remove("encoder.layer.0.output.dense.bias"), "1 weights missing: 'encoder.layer.0.output.dense.bias'");
        graph(tiny -> tiny.tensors.put("extra", new long[] {2}), "1 weights unexpected: 'extra'");
        graph(tiny -> tiny.tensors.put("embeddings.LayerNorm.bias", new long[] {5}), "1 weights of another shape", "embeddings.LayerNorm.bias F32[5]");
        graph(tiny -> tiny.products.add(new TinyOnnx.Product("Tanh", "/act", "")), "1 operators unknown: 'Tanh'");
        graph(tiny -> tiny.products.removeIf(product -> product.operator().equals("Erf")), "operators missing: 'Erf'");
        graph(tiny -> tiny.products.add(new TinyOnnx.Product("MatMul", "/again/MatMul", "onnx::MatMul_0")), "read by two products");
        graph(tiny -> {
            tiny.tensors.clear();
            tiny.products.clear();
        }, "21 weights missing");
    }

    @Test
    void whatIsNoOnnxFileIsRefused() throws IOException {
        refused(new byte[0], "has no graph");
        refused("PK\3\4 and more".getBytes(), "is no ONNX file");
        byte[] whole = new TinyOnnx().bytes();
        refused(Arrays.copyOf(whole, whole.length - 5), "bytes, and 2693 are left");
        var twice = new ByteArrayOutputStream();
        twice.writeBytes(whole);
        twice.writeBytes(whole);
        refused(twice.toByteArray(), "two graphs");
        assertThatThrownBy(() -> OnnxFile.open(folder)).isInstanceOf(CheckpointException.class).hasMessageContaining("is a folder");
        assertThatThrownBy(() -> OnnxFile.open(folder.resolve("none"))).isInstanceOf(CheckpointException.class).hasMessageContaining("no such file");
        refused(tensor(14, 1), "in another file");
        refused(tensor(5, 3), "numbers of variable length");
    }

    /// A graph with one tensor that has one more field.
    private static byte[] tensor(int field, long value) {
        var tensor = new ByteArrayOutputStream();
        TinyOnnx.number(tensor, 2, 1);
        TinyOnnx.number(tensor, field, value);
        var graph = new ByteArrayOutputStream();
        TinyOnnx.field(graph, 5, tensor.toByteArray());
        var model = new ByteArrayOutputStream();
        TinyOnnx.field(model, 7, graph.toByteArray());
        return model.toByteArray();
    }

    /// A damaged file is a BERT, or is refused; never another exception, never an allocation that its size does not explain.
    @Test
    void mutations() throws IOException {
        byte[] whole = new TinyOnnx().bytes();
        var random = new Random(12);
        int read = 0;
        int refused = 0;
        for (int i = 0; i < MUTANTS; i++) {
            byte[] mutant = whole.clone();
            for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
                int at = random.nextInt(mutant.length);
                switch (random.nextInt(4)) {
                    case 0 -> mutant = Arrays.copyOf(mutant, Math.max(1, at));
                    case 1 -> mutant[at] = (byte) 0xFF;
                    default -> mutant[at] ^= (byte) (1 << random.nextInt(8));
                }
            }
            Path file = write(mutant);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            try (var onnx = OnnxFile.open(file)) {
                BertGraph.read(onnx).tensors().forEach(tensor -> assertThat(tensor.bytes().get().byteSize()).isEqualTo(tensor.size()));
                read++;
            } catch (CheckpointException refusal) {
                assertThat(refusal.getMessage()).startsWith(file + ": ").hasSizeLessThan(8_000);
                refused++;
            }
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).as("bytes allocated for mutant %d", i).isLessThan(2_000_000);
        }
        assertThat(read).isGreaterThan(MUTANTS / 20);
        assertThat(refused).isGreaterThan(MUTANTS / 4);
    }
}
