package dev.cultivar.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.cultivar.format.Safetensors.Entry;
import dev.cultivar.format.SafetensorsWriter.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A damaged file either opens and is consistent, or is refused with a [CheckpointException]: never another exception,
/// and never an allocation that the size of the file does not explain.
class SafetensorsFuzzTest {
    private static final int MUTANTS = 2_000;
    private static final String[] NUMBERS = {
        "-1", "0", "1", "8", "4294967296", "1152921504606846976", "9223372036854775807", "9223372036854775808",
        "18446744073709551615", "1e3", "1.0", "null", "\"1\"", "[]", "9".repeat(400)
    };
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    Path folder;

    @Test
    @Timeout(120)
    void mutationsOfItsOwnFiles() throws IOException {
        Path file = folder.resolve("own.safetensors");
        List<Tensor> tensors = new ArrayList<>();
        for (ElementType type : ElementType.values()) {
            tensors.add(Tensor.of("layer." + type, type, new long[] {2, 3}, MemorySegment.ofArray(new byte[6 * type.bytes()])));
        }
        tensors.add(Tensor.of("empty", ElementType.F32, new long[] {0}, MemorySegment.NULL));
        SafetensorsWriter.write(file, tensors);
        survives(List.of(file), 17);
    }

    @Test
    @Timeout(120)
    void mutationsOfRealFiles() throws IOException {
        List<Path> small = SafetensorsTest.Fixtures.files(".safetensors").stream()
                .filter(path -> path.toFile().length() < 20_000)
                .toList();
        survives(small, 18);
    }

    private void survives(List<Path> seeds, long seed) throws IOException {
        var random = new Random(seed);
        Path mutant = folder.resolve("mutant.safetensors");
        for (Path whole : seeds) { // loads every class, so that what is measured is what the mutants cost
            try (Safetensors open = Safetensors.open(whole)) {
                assertConsistent(open, Files.size(whole));
            }
        }
        refuses(Files.write(mutant, new byte[100]));
        refuses(Files.write(mutant, withHeader(new byte[8], 8, "{\"a\":")));
        int opened = 0;
        int refused = 0;
        for (int i = 0; i < MUTANTS; i++) {
            byte[] bytes = Files.readAllBytes(seeds.get(i % seeds.size()));
            for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
                bytes = mutate(bytes, random);
            }
            Files.write(mutant, bytes);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            try (Safetensors open = Safetensors.open(mutant)) {
                opened++;
                assertConsistent(open, bytes.length);
            } catch (CheckpointException refusal) {
                refused++;
                check(mutant, refusal);
            }
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertThat(allocated).as("bytes allocated for mutant %d of %d bytes", i, bytes.length)
                    .isLessThan(1_000_000 + 60L * bytes.length);
        }
        // Both must happen, or the mutations prove nothing.
        assertThat(opened).isGreaterThan(MUTANTS / 40);
        assertThat(refused).isGreaterThan(MUTANTS / 2);
    }

    private static void refuses(Path file) {
        try (Safetensors open = Safetensors.open(file)) {
            throw new AssertionError("opened: " + open.entries());
        } catch (CheckpointException refusal) {
            check(file, refusal);
        }
    }

    private static void check(Path file, CheckpointException refusal) {
        assertThat(refusal.getMessage()).startsWith(file + ": ").hasSizeLessThan(2_000);
    }

    private static void assertConsistent(Safetensors open, long fileBytes) {
        long end = -1;
        for (Entry entry : open.entries().values()) {
            long needed = Arrays.stream(entry.shape()).reduce(entry.type().bytes(), Math::multiplyExact);
            boolean follows = end == -1 || entry.offset() == end;
            end = entry.offset() + entry.bytes();
            if (needed != entry.bytes() || !follows || end > fileBytes || open.bytes(entry.name()).byteSize() != needed) {
                throw new AssertionError("inconsistent: " + entry);
            }
            switch (entry.type()) {
                case F64, F32, F16, BF16 -> assertThat(open.floats(entry.name()).length).isEqualTo((int) entry.elements());
                default -> assertThat(open.longs(entry.name()).length).isEqualTo((int) entry.elements());
            }
        }
        assertThat(end).isIn(-1L, fileBytes);
    }

    private static byte[] mutate(byte[] bytes, Random random) {
        int headerEnd = bytes.length < 8 ? bytes.length : (int) Math.clamp(headerLength(bytes) + 8, 8, bytes.length);
        return switch (bytes.length < 16 ? 0 : random.nextInt(10)) {
            case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)); // cut short
            case 1 -> Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(64)); // longer
            case 2 -> flip(bytes, random.nextInt(bytes.length), random);
            case 3 -> flip(bytes, random.nextInt(headerEnd), random);
            case 4 -> flip(bytes, random.nextInt(8), random);
            case 5 -> ByteBuffer.wrap(bytes.clone()).order(ByteOrder.LITTLE_ENDIAN).putLong(0, random.nextLong() >>> random.nextInt(64)).array();
            default -> withHeader(bytes, headerEnd, editHeader(new String(bytes, 8, headerEnd - 8, StandardCharsets.UTF_8), random));
        };
    }

    private static long headerLength(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong() & (Long.MAX_VALUE >> 1);
    }

    private static byte[] flip(byte[] bytes, int at, Random random) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= (byte) (1 << random.nextInt(8));
        return flipped;
    }

    /// One number, word or piece of the header changed, removed or doubled.
    private static String editHeader(String header, Random random) {
        int at = random.nextInt(header.length() + 1);
        String left = header.substring(0, at);
        String right = header.substring(at);
        return switch (random.nextInt(8)) {
            case 0, 1 -> left + right.replaceFirst("\\d+", NUMBERS[random.nextInt(NUMBERS.length)]);
            case 2 -> left + right.replaceFirst("\"(F64|F32|I64|BF16)\"", "\"" + (random.nextBoolean() ? "F8_E4M3" : "I32") + "\"");
            case 3 -> left + right.replaceFirst("\\{[^{}]*\\}", random.nextBoolean() ? "{}" : "[[[[{}]]]]");
            case 4 -> left + right.replaceFirst("(\"[^\"]*\":\\{[^{}]*\\})", "$1,$1"); // a tensor twice
            case 5 -> left + right.replaceFirst("(\"(dtype|shape|data_offsets)\":[^{}]*?),", "$1,$1,"); // a key twice
            case 6 -> left + " ".repeat(random.nextInt(40)) + right;
            default -> left + right.substring(Math.min(right.length(), random.nextInt(12)));
        };
    }

    /// The header replaced; its length says so, most of the time.
    private static byte[] withHeader(byte[] bytes, int headerEnd, String header) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length + bytes.length - headerEnd)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .put(bytes, headerEnd, bytes.length - headerEnd)
                .array();
    }
}
