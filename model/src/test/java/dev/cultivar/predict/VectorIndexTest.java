package dev.cultivar.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.ElementType;
import dev.cultivar.format.Safetensors;
import dev.cultivar.format.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorIndexTest {
    private static final String MODEL = "0123456789abcdef0123";

    @TempDir
    Path folder;

    private static float[][] vectors(int count, int width, long seed) {
        var random = new Random(seed);
        float[][] vectors = new float[count][width];
        for (float[] vector : vectors) {
            float scale = 0.1f + 10 * random.nextFloat();
            for (int i = 0; i < width; i++) {
                vector[i] = scale * (float) random.nextGaussian();
            }
        }
        return vectors;
    }

    private static VectorIndex index(float[][] vectors) {
        var builder = VectorIndex.of(MODEL, vectors[0].length);
        for (int i = 0; i < vectors.length; i++) {
            builder.add("entry ä " + i, vectors[i]);
        }
        return builder.build(Map.of("among", "some texts"));
    }

    private static double cosine(float[] a, float[] b) {
        double product = 0;
        double first = 0;
        double second = 0;
        for (int i = 0; i < a.length; i++) {
            product += (double) a[i] * b[i];
            first += (double) a[i] * a[i];
            second += (double) b[i] * b[i];
        }
        return product / Math.sqrt(first * second);
    }

    /// Several blocks, the last one not full, and a width that is no multiple of eight.
    @Test
    void whatIsFoundIsWhatAllCosinesSay() {
        float[][] vectors = vectors(2_500, 19, 1);
        float[][] queries = vectors(20, 19, 2);
        try (var index = index(vectors)) {
            List<List<VectorIndex.Hit>> found = index.nearest(List.of(queries), 30);
            for (int query = 0; query < queries.length; query++) {
                float[] asked = queries[query];
                int[] order = IntStream.range(0, vectors.length).boxed()
                        .sorted(Comparator.comparingDouble(i -> -cosine(vectors[i], asked))).limit(30).mapToInt(Integer::intValue).toArray();
                for (int rank = 0; rank < 30; rank++) {
                    VectorIndex.Hit hit = found.get(query).get(rank);
                    assertThat(hit.id()).isEqualTo("entry ä " + hit.place());
                    assertThat((double) hit.similarity()).isCloseTo(cosine(vectors[hit.place()], asked), within(1e-6));
                    // Two that a float cannot tell apart may change places.
                    assertThat((double) hit.similarity()).isCloseTo(cosine(vectors[order[rank]], asked), within(1e-6));
                }
                assertThat(index.nearest(asked, 30)).isEqualTo(found.get(query));
            }
            assertThat(index.nearest(vectors[2_490], 1).getFirst().place()).isEqualTo(2_490);
            assertThat((double) index.nearest(vectors[2_490], 1).getFirst().similarity()).isCloseTo(1, within(1e-6));
        }
    }

    @Test
    void ofEquallyNearOnesTheFirstComesFirst() {
        float[][] vectors = new float[2_100][];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = i % 700 == 5 ? new float[] {1, 1, 0} : new float[] {0, 0, i + 1};
        }
        try (var index = index(vectors)) {
            assertThat(index.nearest(new float[] {3, 3, 0}, 2).stream().map(VectorIndex.Hit::place)).containsExactly(5, 705);
            assertThat(index.nearest(new float[] {3, 3, 0}, 5).stream().map(VectorIndex.Hit::place)).containsExactly(5, 705, 1_405, 0, 1);
            assertThat(index.nearest(new float[] {0, 0, 0}, 1).getFirst().similarity()).isZero();
            assertThat(index.nearest(new float[] {1, 0, 0}, 9_999)).hasSize(2_100);
        }
    }

    @Test
    void anyNumberOfThreadsFindsTheSameBits() throws Exception {
        float[][] vectors = vectors(5_000, 33, 3);
        List<float[]> queries = List.of(vectors(7, 33, 4));
        try (var index = index(vectors)) {
            Callable<List<List<VectorIndex.Hit>>> search = () -> index.nearest(queries, 50);
            List<List<VectorIndex.Hit>> expected = search.call();
            for (int threads : new int[] {1, 2, 7}) {
                try (var pool = new ForkJoinPool(threads)) {
                    for (var found : pool.invokeAll(Collections.nCopies(4, search))) {
                        assertThat(found.get()).isEqualTo(expected);
                    }
                }
            }
        }
    }

    @Test
    void savedAndOpenedItFindsTheSame() {
        Path file = folder.resolve("vectors.safetensors");
        float[][] vectors = vectors(1_500, 8, 5);
        try (var index = index(vectors)) {
            index.save(file);
            try (var opened = VectorIndex.open(file, MODEL)) {
                assertThat(opened.size()).isEqualTo(1_500);
                assertThat(opened.width()).isEqualTo(8);
                assertThat(opened.facts()).isEqualTo(Map.of("among", "some texts"));
                assertThat(opened.nearest(List.of(vectors(5, 8, 6)), 20)).isEqualTo(index.nearest(List.of(vectors(5, 8, 6)), 20));
                opened.save(folder.resolve("again"));
                assertThat(folder.resolve("again")).hasSameBinaryContentAs(file);
            }
        }
        var none = VectorIndex.of(MODEL, 3).build(Map.of());
        none.save(file);
        try (var opened = VectorIndex.open(file, MODEL)) {
            assertThat(opened.nearest(new float[] {1, 2, 3}, 4)).isEmpty();
        }
        none.close();
    }

    @Test
    void anotherModelsIndexAndOtherFilesAreRefused() throws IOException {
        Path file = folder.resolve("vectors.safetensors");
        try (var index = index(vectors(10, 4, 7))) {
            index.save(file);
        }
        assertThatThrownBy(() -> VectorIndex.open(file, "fedcba9876543210")).isInstanceOf(CheckpointException.class)
                .hasMessageContaining("vectors.safetensors: its vectors are of another model (0123456789ab, expected fedcba987654)");
        Path weights = folder.resolve("model.safetensors");
        SafetensorsWriter.write(weights, List.of(SafetensorsWriter.Tensor.of("w", ElementType.F32, new long[] {1}, MemorySegment.ofArray(new float[] {1}))));
        assertThatThrownBy(() -> VectorIndex.open(weights, MODEL)).isInstanceOf(CheckpointException.class).hasMessageContaining("is no index of vectors");
        try (var stored = Safetensors.open(file)) {
            Path damaged = folder.resolve("damaged");
            SafetensorsWriter.write(damaged, stored.metadata(), List.of(
                    SafetensorsWriter.Tensor.of("vectors", ElementType.F32, new long[] {10, 4}, stored.bytes("vectors")),
                    SafetensorsWriter.Tensor.of("ids", ElementType.U8, new long[] {3}, MemorySegment.ofArray(new byte[3])),
                    SafetensorsWriter.Tensor.of("id_ends", ElementType.I64, new long[] {10}, MemorySegment.ofArray(new long[10]))));
            assertThatThrownBy(() -> VectorIndex.open(damaged, MODEL)).isInstanceOf(CheckpointException.class).hasMessageContaining("do not fit together");
        }
        Files.write(file, new byte[] {1, 2, 3});
        assertThatThrownBy(() -> VectorIndex.open(file, MODEL)).isInstanceOf(CheckpointException.class);
    }

    @Test
    void vectorsOfAnotherWidthAndNumbersThatAreNoneAreRefused() {
        var builder = VectorIndex.of(MODEL, 3).add("a", new float[] {1, 2, 3});
        assertThatThrownBy(() -> builder.add("b", new float[2])).hasMessage("a vector of 2 numbers; this index holds vectors of 3");
        assertThatThrownBy(() -> builder.add("b", new float[] {1, Float.NaN, 0})).isInstanceOf(IllegalArgumentException.class);
        try (var index = builder.build(Map.of())) {
            assertThat(index.size()).isEqualTo(1);
            assertThatThrownBy(() -> index.nearest(new float[4], 1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> index.nearest(new float[3], 0)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
