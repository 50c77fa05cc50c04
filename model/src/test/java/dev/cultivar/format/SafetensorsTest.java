package dev.cultivar.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.format.SafetensorsWriter.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsTest {
    private static final String ONE = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";

    @TempDir
    Path folder;

    /// A file from its header and so many zero bytes.
    static byte[] file(String header, int dataBytes) {
        return file(header.getBytes(StandardCharsets.UTF_8), dataBytes);
    }

    static byte[] file(byte[] header, int dataBytes) {
        return ByteBuffer.allocate(8 + header.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("x.safetensors"), bytes);
    }

    @Test
    void whatIsWrittenIsRead() {
        Path file = folder.resolve("x.safetensors");
        float[] floats = {1.5f, -0f, Float.MIN_VALUE, Float.NaN, Float.NEGATIVE_INFINITY, 3};
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment flags = arena.allocateFrom(ValueLayout.JAVA_BYTE, (byte) 1, (byte) 0, (byte) 1);
            SafetensorsWriter.write(file, Map.of("format", "pt", "ü", "\"\n"), List.of(
                    Tensor.of("flags", ElementType.BOOL, new long[] {3}, flags),
                    Tensor.of("w", ElementType.F32, new long[] {2, 3}, MemorySegment.ofArray(floats)),
                    Tensor.of("nothing", ElementType.F32, new long[] {0, 7}, MemorySegment.NULL),
                    Tensor.of("n", ElementType.I64, new long[0], MemorySegment.ofArray(new long[] {Long.MIN_VALUE}))));
        }

        try (Safetensors open = Safetensors.open(file)) {
            assertThat(open.metadata()).containsExactlyInAnyOrderEntriesOf(Map.of("format", "pt", "ü", "\"\n"));
            assertThat(open.entries().keySet()).containsExactly("n", "w", "nothing", "flags");
            assertThat(open.floats("w")).containsExactly(floats);
            assertThat(open.longs("n")).containsExactly(Long.MIN_VALUE);
            assertThat(open.longs("flags")).containsExactly(1, 0, 1);
            assertThat(open.floats("nothing")).isEmpty();
            assertThat(open.entry("w").shape()).containsExactly(2, 3);
            assertThat(open.entry("w").elements()).isEqualTo(6);
            assertThat(open.bytes("w").isReadOnly()).isTrue();
            open.entries().values().forEach(entry ->
                    assertThat(entry.offset() % entry.type().bytes()).as(entry.toString()).isZero());
        }
    }

    @Test
    void everyTypeIsConverted() {
        Path file = folder.resolve("x.safetensors");
        SafetensorsWriter.write(file, List.of(
                tensor("f64", ElementType.F64, MemorySegment.ofArray(new double[] {0.1, -1e300})),
                tensor("f16", ElementType.F16, MemorySegment.ofArray(new short[] {0x3C00, (short) 0xC000, 1})),
                tensor("bf16", ElementType.BF16, MemorySegment.ofArray(new short[] {0x3F80, (short) 0xC000})),
                tensor("i32", ElementType.I32, MemorySegment.ofArray(new int[] {-1, 7})),
                tensor("i16", ElementType.I16, MemorySegment.ofArray(new short[] {-2})),
                tensor("i8", ElementType.I8, MemorySegment.ofArray(new byte[] {-3})),
                tensor("u8", ElementType.U8, MemorySegment.ofArray(new byte[] {-1}))));
        try (Safetensors open = Safetensors.open(file)) {
            assertThat(open.floats("f64")).containsExactly(0.1f, Float.NEGATIVE_INFINITY);
            assertThat(open.floats("f16")).containsExactly(1f, -2f, 0x1p-24f);
            assertThat(open.floats("bf16")).containsExactly(1f, -2f);
            assertThat(open.longs("i32")).containsExactly(-1, 7);
            assertThat(open.longs("i16")).containsExactly(-2);
            assertThat(open.longs("i8")).containsExactly(-3);
            assertThat(open.longs("u8")).containsExactly(255);
            assertThatThrownBy(() -> open.floats("i8"))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("tensor 'i8' is I8; expected real numbers");
            assertThatThrownBy(() -> open.longs("f64"))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("tensor 'f64' is F64; expected whole numbers");
            assertThatThrownBy(() -> open.bytes("absent"))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("has no tensor 'absent'; it has 'f64', 'i32'");
        }
    }

    private static Tensor tensor(String name, ElementType type, MemorySegment bytes) {
        return Tensor.of(name, type, new long[] {bytes.byteSize() / type.bytes()}, bytes);
    }

    @Test
    void aLargeTensorIsWrittenInPieces() {
        int[] values = new int[700_001];
        Arrays.setAll(values, i -> i * 31);
        Path onHeap = folder.resolve("heap.safetensors");
        Path offHeap = folder.resolve("native.safetensors");
        SafetensorsWriter.write(onHeap, List.of(tensor("x", ElementType.I32, MemorySegment.ofArray(values))));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_INT, values);
            SafetensorsWriter.write(offHeap, List.of(tensor("x", ElementType.I32, bytes)));
        }
        assertThat(onHeap).hasSameBinaryContentAs(offHeap);
        try (Safetensors open = Safetensors.open(onHeap)) {
            assertThat(open.longs("x")).isEqualTo(Arrays.stream(values).asLongStream().toArray());
        }
    }

    @Test
    void theWriterRefusesWhatIsAMistakeOfTheCaller() {
        Path file = folder.resolve("x.safetensors");
        Tensor right = tensor("x", ElementType.I8, MemorySegment.ofArray(new byte[] {1}));
        SafetensorsWriter.write(file, List.of(right));
        Tensor wrong = Tensor.of("y", ElementType.F32, new long[] {2}, MemorySegment.ofArray(new byte[7]));
        assertThatThrownBy(() -> SafetensorsWriter.write(file, List.of(wrong)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs 8 bytes, got 7");
        assertThatThrownBy(() -> SafetensorsWriter.write(file, List.of(right, right)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two tensors are named 'x'");
        assertThatThrownBy(() -> Tensor.of("__metadata__", ElementType.I8, new long[] {1}, MemorySegment.NULL))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(folder).isDirectoryNotContaining("glob:**.writing");
        try (Safetensors open = Safetensors.open(file)) {
            assertThat(open.longs("x")).containsExactly(1);
        }
    }

    @Test
    void aMappedFileStaysValidWhenItIsReplaced() {
        Path file = folder.resolve("x.safetensors");
        SafetensorsWriter.write(file, List.of(tensor("x", ElementType.I8, MemorySegment.ofArray(new byte[] {1}))));
        try (Safetensors open = Safetensors.open(file)) {
            SafetensorsWriter.write(file, List.of());
            assertThat(open.longs("x")).containsExactly(1);
        }
        try (Safetensors open = Safetensors.open(file)) {
            assertThat(open.entries()).isEmpty();
        }
    }

    static Stream<Arguments> refusals() {
        String a = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";
        return Stream.of(
                Arguments.of(ONE, 7, "tensor 'a' lies at bytes 0 to 8 of the data; expected within 0 to 7"),
                Arguments.of(ONE, 9, "describes 8 bytes of tensors, and the file has 9"),
                Arguments.of("{}", 1, "describes 0 bytes of tensors, and the file has 1"),
                Arguments.of("{", 0, "not a JSON object"),
                Arguments.of("{} {}", 0, "expected spaces after the object"),
                Arguments.of(ONE + "x", 8, "not a JSON object"),
                Arguments.of("{\"a\":1}", 0, "expected an object for tensor 'a' at 1:6, got VALUE_NUMBER_INT"),
                Arguments.of(a + "," + a.substring(1) + "}", 8, "names tensor 'a' twice"),
                Arguments.of(ONE.replace("F32", "F8_E4M3"), 8, "tensor 'a' has element type 'F8_E4M3'; Cultivar reads [F64, "),
                Arguments.of(ONE.replace("F32", "f32"), 8, "tensor 'a' has element type 'f32'"),
                Arguments.of(ONE.replace("[2]", "[-2]"), 8, "tensor 'a' has '-2' in shape"),
                Arguments.of(ONE.replace("[2]", "[2.0]"), 8, "expected whole numbers in shape of tensor 'a'"),
                Arguments.of(ONE.replace("[2]", "[99999999999999999999]"), 8, "'99999999999999999999' in shape"),
                Arguments.of(ONE.replace("[2]", "[3]"), 8, "shape [3] of F32, which is 12 bytes; its data_offsets [0, 8] hold 8"),
                Arguments.of(ONE.replace("[2]", "[4294967296,4294967296]"), 8, "which is beyond 2^63 bytes"),
                Arguments.of(ONE.replace("[2]", "[" + "1,".repeat(64) + "2]"), 8, "more than 64 numbers in shape"),
                Arguments.of(ONE.replace("[0,8]", "[8,0]"), 8, "lies at bytes 8 to 0"),
                Arguments.of(ONE.replace("[0,8]", "[0,8,9]"), 8, "more than 2 numbers in data_offsets"),
                Arguments.of(ONE.replace("[0,8]", "[0]"), 8, "needs dtype, shape and data_offsets [begin, end]"),
                Arguments.of(ONE.replace("\"dtype\":\"F32\",", ""), 8, "needs dtype, shape and data_offsets"),
                Arguments.of(ONE.replace("\"dtype\"", "\"dtype\":\"F32\",\"dtype\""), 8, "tensor 'a' has dtype twice"),
                Arguments.of(ONE.replace("\"dtype\"", "\"stride\":[1],\"dtype\""), 8, "has the key 'stride'"),
                Arguments.of(ONE.replace("[0,8]", "[4,12]"), 12, "tensor 'a' leaves a hole after the header"),
                Arguments.of(a + ",\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}", 12,
                        "tensor 'b' overlaps 'a': it begins at byte 4 of the data, expected 8"),
                Arguments.of("{\"__metadata__\":{\"a\":1}}", 0, "expected a text as __metadata__ 'a'"),
                Arguments.of("{\"__metadata__\":{\"a\":\"1\",\"a\":\"1\"}}", 0, "__metadata__ 'a' twice"),
                Arguments.of("{\"__metadata__\":{},\"__metadata__\":{}}", 0, "__metadata__ twice"),
                Arguments.of("{\"__metadata__\":{\"\\ud800\":\"1\"}}", 0, "half of a surrogate pair"),
                Arguments.of("{\"a\":{\"dtype\":{\"dtype\":{}}}}", 0, "expected a text as dtype of tensor 'a'"),
                Arguments.of("{\"a\":{\"dtype\":\"F32\",\"shape\":" + "[".repeat(10_000), 0, "expected whole numbers"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aHeaderThatLiesIsRefused(String header, int dataBytes, String message) throws IOException {
        Path file = write(file(header, dataBytes));
        assertThatThrownBy(() -> Safetensors.open(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message);
    }

    @Test
    void aHeaderThatIsNotUtf8IsRefused() throws IOException {
        var header = new ByteArrayOutputStream();
        header.writeBytes("{\"__metadata__\":{\"".getBytes(StandardCharsets.UTF_8));
        header.write(0xFF);
        header.writeBytes("\":\"\"}}".getBytes(StandardCharsets.UTF_8));
        Path file = write(file(header.toByteArray(), 0));
        assertThatThrownBy(() -> Safetensors.open(file)).isInstanceOf(CheckpointException.class).hasMessageContaining("it is not UTF-8");
    }

    @Test
    void anImpossibleHeaderLengthIsRefused() throws IOException {
        for (long length : new long[] {-1, Long.MIN_VALUE, 1L << 60, 100_000_001, 61}) {
            byte[] bytes = file(ONE, 0);
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
            Path file = write(bytes);
            assertThatThrownBy(() -> Safetensors.open(file))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("its header claims " + Long.toUnsignedString(length) + " bytes");
        }
    }

    @Test
    void otherFilesAreRefusedByName() throws IOException {
        refused("model.bin", "PK\3\4........", "is a PyTorch pickle");
        refused("model.safetensors", "\u0080\2}q........", "A pickle can run any code");
        refused("weights.pt", "anything else", "safetensors.torch.save_file");
        refused("model.safetensors", "version https://git-lfs.github.com/spec/v1", "git lfs pull");
        refused("model.safetensors", "GGUF\3\0\0\0\0\0", "is a GGUF file");
        refused("model.safetensors", "", "got only 0 bytes");
        refused("model.safetensors", "\2\0\0\0\0\0\0\0", "got only 8 bytes");
        assertThatThrownBy(() -> Safetensors.open(folder)).isInstanceOf(CheckpointException.class).hasMessageContaining("is a folder");
        assertThatThrownBy(() -> Safetensors.open(folder.resolve("absent")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("there is no such file");
    }

    private void refused(String name, String content, String message) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content, StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> Safetensors.open(file)).isInstanceOf(CheckpointException.class).hasMessageContaining(message);
    }

    /// A header of 0x280 bytes begins with the two bytes of a pickle of protocol 2.
    @Test
    void aHeaderLengthThatLooksLikeAPickleIsNone() throws IOException {
        Path file = write(file(ONE + " ".repeat(0x280 - ONE.length()), 8));
        try (Safetensors open = Safetensors.open(file)) {
            assertThat(open.floats("a")).containsExactly(0, 0);
        }
    }

    @Test
    void realFilesAreReadAndWrittenAgainByteForByte() throws IOException {
        List<Path> files = Fixtures.files(".safetensors");
        assertThat(files).hasSizeGreaterThan(100);
        for (Path file : files) {
            try (Safetensors open = Safetensors.open(file)) {
                List<Tensor> tensors = open.entries().values().stream()
                        .map(entry -> Tensor.of(entry.name(), entry.type(), entry.shape(), open.bytes(entry.name())))
                        .toList();
                Path again = folder.resolve("again.safetensors");
                SafetensorsWriter.write(again, open.metadata(), tensors);
                assertThat(again).as(file.toString()).hasSameBinaryContentAs(file);
            }
        }
    }

    /// Files of the ecosystem that the project does not ship.
    static final class Fixtures {
        private Fixtures() {}

        static List<Path> files(String ending) throws IOException {
            Path fixtures = Path.of(System.getProperty("cultivar.root")).resolve("../shared/fixtures");
            Assumptions.assumeTrue(Files.isDirectory(fixtures), "needs the golden files of ../shared/fixtures");
            try (Stream<Path> all = Files.walk(fixtures)) {
                return all.filter(path -> path.toString().endsWith(ending)).sorted().toList();
            }
        }
    }
}
