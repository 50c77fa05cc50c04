package dev.cultivar.bench;

import dev.cultivar.format.DurableFiles;
import dev.cultivar.predict.Embedder;
import dev.cultivar.zoo.Models;
import dev.cultivar.zoo.ZooModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/// Sentences a second from text to vector, tokens included: `Embedder` as a Java service calls it, beside ONNX Runtime and PyTorch on
/// the same sentences in the same order, and how far their vectors lie apart.
final class EmbedBench {
    private static final int SENTENCES = 2_000;
    private static final int SECONDS = 10;

    private final Options options;

    private EmbedBench(Options options) {
        this.options = options;
    }

    static EmbedBench of(Options options) {
        return new EmbedBench(options);
    }

    void run() throws IOException, InterruptedException {
        var sst2 = new Sst2(options.sst2());
        if (!sst2.missing().isEmpty()) {
            System.err.println("embed skipped: " + sst2.missing());
            return;
        }
        Path folder = Files.createTempDirectory("bench-embed");
        try {
            Path sentences = folder.resolve("sentences.txt");
            Files.write(sentences, sst2.train(SENTENCES).stream().map(Sst2.Row::text).toList());
            Path model = Models.find("minilm");
            Path ours = folder.resolve("cultivar.f32");
            List<Side> sides = new ArrayList<>();
            sides.add(new Side(
                    "Cultivar",
                    List.of("bash", options.root().resolve("bench/run").toString(), "embed-side", model.toString(), sentences.toString(), ours.toString()),
                    output -> new Side.Found(rate(output, "Cultivar"), "")));
            if (options.python().isPresent()) {
                Path graph = folder.resolve("model.onnx");
                graph(graph);
                for (String engine : List.of("onnxruntime", "pytorch")) {
                    Path theirs = folder.resolve(engine + ".f32");
                    sides.add(new Side(
                            engine + " float32",
                            List.of(options.python().get(), options.peer("embed.py").toString(), "--engine", engine, "--model", model.toString(),
                                    "--onnx", graph.toString(), "--sentences", sentences.toString(), "--vectors", theirs.toString(),
                                    "--seconds", String.valueOf(SECONDS)),
                            output -> new Side.Found(rate(output, engine), apart(ours, theirs))));
                }
            }
            new Comparison("embedding " + SENTENCES + " sentences with minilm", "sentences/s", sides).run(options.rounds());
        } finally {
            DurableFiles.delete(folder);
        }
    }

    /// The graph as the artifact brings it.
    private static void graph(Path to) throws IOException {
        ZooModel minilm = ZooModel.named("minilm").orElseThrow();
        try (InputStream in = EmbedBench.class.getResourceAsStream(minilm.graph())) {
            if (in == null) {
                throw new IOException("the class path lacks " + minilm.graph() + "; expected the artifact of " + minilm.source());
            }
            Files.copy(in, to);
        }
    }

    private static OptionalDouble rate(String output, String name) {
        Map<String, ?> said = Side.said(output, name);
        return said.get("sentences_per_second") instanceof Number rate ? OptionalDouble.of(rate.doubleValue()) : OptionalDouble.empty();
    }

    private static String apart(Path ours, Path theirs) throws IOException {
        FloatBuffer a = floats(ours);
        FloatBuffer b = floats(theirs);
        if (a.limit() != b.limit()) {
            return b.limit() + " numbers instead of " + a.limit();
        }
        double most = 0;
        for (int i = 0; i < a.limit(); i++) {
            most = Math.max(most, Math.abs(a.get(i) - b.get(i)));
        }
        return String.format(Locale.ROOT, "largest difference %.1e", most);
    }

    private static FloatBuffer floats(Path file) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    }

    /// Our side, in a process of its own: MODEL SENTENCES VECTORS.
    static void side(String[] arguments) throws IOException {
        List<String> sentences = Files.readAllLines(Path.of(arguments[1]));
        try (var embedder = Embedder.open(arguments[0])) {
            List<float[]> vectors = embedder.embed(sentences);
            var bytes = ByteBuffer.allocate(4 * vectors.size() * embedder.width()).order(ByteOrder.LITTLE_ENDIAN);
            for (float[] vector : vectors) {
                for (float value : vector) {
                    bytes.putFloat(value);
                }
            }
            Files.write(Path.of(arguments[2]), bytes.array());
            List<Double> rates = new ArrayList<>();
            long began = System.nanoTime();
            while (rates.size() < 3 || System.nanoTime() - began < SECONDS * 1_000_000_000L) {
                long started = System.nanoTime();
                embedder.embed(sentences);
                rates.add(sentences.size() * 1e9 / (System.nanoTime() - started));
            }
            System.out.printf(Locale.ROOT, "{\"sentences_per_second\": %.1f, \"passes\": %d}%n", Comparison.median(rates), rates.size());
        }
    }
}
