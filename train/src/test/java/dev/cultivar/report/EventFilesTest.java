package dev.cultivar.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFilesTest {
    private static final InstantSource NOON = InstantSource.fixed(Instant.parse("2026-01-01T12:00:00.5Z"));

    @TempDir
    Path folder;

    @Test
    void theChecksumIsTheOneOfTfRecord() {
        // The check value of CRC-32C over "123456789" is E3069283 (RFC 3720's polynomial), rotated by 15 and shifted.
        byte[] nine = "123456789".getBytes(StandardCharsets.US_ASCII);
        assertThat(EventFiles.masked(nine, 0, 9)).isEqualTo(((0xE3069283 >>> 15) | (0xE3069283 << 17)) + 0xA282EAD8);
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        Path file;
        try (EventFiles events = EventFiles.start(folder, 0, NOON)) {
            file = events.file();
            events.scalar("train/loss", 300, 2.5);
            events.scalar("é", 1L << 40, Double.NaN);
        }

        List<Map<Integer, Object>> events = records(file);
        assertThat(events).hasSize(4);
        assertThat(events.get(0)).containsEntry(1, 1767268800.5).containsEntry(3, "brain.Event:2");
        assertThat(message(events.get(1).get(7))).containsEntry(1, 1L);
        assertThat(events.get(2)).containsEntry(2, 300L);
        assertThat(message(message(events.get(2).get(5)).get(1))).containsEntry(1, "train/loss").containsEntry(2, 2.5f);
        assertThat(events.get(3)).containsEntry(2, 1L << 40);
        assertThat(message(message(events.get(3).get(5)).get(1))).containsEntry(1, "é").containsEntry(2, Float.NaN);
    }

    @Test
    void aResumeStartsANewFileAndSaysFromWhere() throws IOException {
        Path first;
        Path second;
        try (EventFiles a = EventFiles.start(folder, 0, NOON); EventFiles b = EventFiles.start(folder, 120, NOON)) {
            first = a.file();
            second = b.file();
        }

        assertThat(second.getFileName().toString()).isGreaterThan(first.getFileName().toString()).contains("tfevents");
        assertThat(records(second).get(1)).containsEntry(2, 121L).containsKey(7);
    }

    private static List<Map<Integer, Object>> records(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Map<Integer, Object>> events = new ArrayList<>();
        while (bytes.hasRemaining()) {
            int start = bytes.position();
            int length = (int) bytes.getLong();
            assertThat(bytes.getInt()).isEqualTo(EventFiles.masked(bytes.array(), start, 8));
            byte[] event = new byte[length];
            bytes.get(event);
            assertThat(bytes.getInt()).isEqualTo(EventFiles.masked(event, 0, length));
            events.add(fields(event));
        }
        return events;
    }

    /// A message's fields by number; what has a length is text where it reads as such, as the tests only ask for what they wrote.
    private static Map<Integer, Object> fields(byte[] message) {
        ByteBuffer bytes = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        Map<Integer, Object> fields = new TreeMap<>();
        while (bytes.hasRemaining()) {
            int key = (int) varint(bytes);
            fields.put(key >>> 3, switch (key & 7) {
                case 0 -> varint(bytes);
                case 1 -> bytes.getDouble();
                case 5 -> bytes.getFloat();
                case 2 -> {
                    byte[] inner = new byte[(int) varint(bytes)];
                    bytes.get(inner);
                    String text = new String(inner, StandardCharsets.UTF_8);
                    yield text.codePoints().allMatch(c -> c >= 0x20 && c != 0xFFFD) ? text : inner;
                }
                default -> throw new AssertionError("wire type " + (key & 7));
            });
        }
        return fields;
    }

    private static Map<Integer, Object> message(Object field) {
        return fields((byte[]) field);
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }
}
