package dev.cultivar.zoo;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An ONNX file of a BERT with a layer and a width of 4, as PyTorch's exporter lays it out; tests change it before it is written.
final class TinyOnnx {
    static final int WIDTH = 4;
    static final int INNER = 6;

    /// @param reads the matrix, `""` where the operator reads none
    record Product(String operator, String name, String reads) {}

    final Map<String, long[]> tensors = new LinkedHashMap<>();
    final List<Product> products = new ArrayList<>();

    TinyOnnx() {
        tensors.put("embeddings.position_ids", new long[] {1, 5});
        tensors.put("embeddings.word_embeddings.weight", new long[] {7, WIDTH});
        tensors.put("embeddings.position_embeddings.weight", new long[] {5, WIDTH});
        tensors.put("embeddings.token_type_embeddings.weight", new long[] {2, WIDTH});
        norm("embeddings.LayerNorm");
        String layer = "encoder.layer.0.";
        for (String part : List.of("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense")) {
            linear(layer + part, WIDTH, WIDTH);
        }
        norm(layer + "attention.output.LayerNorm");
        linear(layer + "intermediate.dense", WIDTH, INNER);
        linear(layer + "output.dense", INNER, WIDTH);
        norm(layer + "output.LayerNorm");
        products.add(new Product("Erf", "/encoder/layer.0/intermediate/Erf", ""));
    }

    private void norm(String name) {
        tensors.put(name + ".weight", new long[] {WIDTH});
        tensors.put(name + ".bias", new long[] {WIDTH});
    }

    private void linear(String name, long in, long out) {
        String matrix = "onnx::MatMul_" + products.size();
        tensors.put(matrix, new long[] {in, out});
        tensors.put(name + ".bias", new long[] {out});
        products.add(new Product("MatMul", "/" + name.replace("encoder.layer.0.", "encoder/layer.0/").replace("attention.", "attention/")
                .replace("self.", "self/").replace(".dense", "/dense") + "/MatMul", matrix));
    }

    /// A value that tells its tensor and place.
    static float value(int tensor, int at) {
        return tensor + at / 100f;
    }

    byte[] bytes() {
        var graph = new ByteArrayOutputStream();
        for (Product product : products) {
            var node = new ByteArrayOutputStream();
            text(node, 1, "/input");
            if (!product.reads().isEmpty()) {
                text(node, 1, product.reads());
            }
            text(node, 2, product.name() + "_output_0");
            text(node, 3, product.name());
            text(node, 4, product.operator());
            field(graph, 1, node.toByteArray());
        }
        int number = 0;
        for (Map.Entry<String, long[]> entry : tensors.entrySet()) {
            field(graph, 5, tensor(entry.getKey(), entry.getValue(), number++));
        }
        var model = new ByteArrayOutputStream();
        number(model, 1, 6);
        text(model, 2, "tests");
        field(model, 7, graph.toByteArray());
        return model.toByteArray();
    }

    private static byte[] tensor(String name, long[] shape, int number) {
        var tensor = new ByteArrayOutputStream();
        int count = 1;
        for (long size : shape) {
            number(tensor, 1, size);
            count *= (int) size;
        }
        number(tensor, 2, 1);
        text(tensor, 8, name);
        ByteBuffer values = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            values.putFloat(value(number, i));
        }
        field(tensor, 9, values.array());
        return tensor.toByteArray();
    }

    static void number(ByteArrayOutputStream to, int field, long value) {
        varint(to, field * 8L);
        varint(to, value);
    }

    private static void text(ByteArrayOutputStream to, int field, String value) {
        field(to, field, value.getBytes(StandardCharsets.UTF_8));
    }

    static void field(ByteArrayOutputStream to, int field, byte[] value) {
        varint(to, field * 8L + 2);
        varint(to, value.length);
        to.writeBytes(value);
    }

    private static void varint(ByteArrayOutputStream to, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            to.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        to.write((int) rest);
    }
}
