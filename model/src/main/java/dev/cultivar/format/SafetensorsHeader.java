package dev.cultivar.format;

import dev.cultivar.format.Safetensors.Entry;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads the JSON object at the start of a safetensors file and believes nothing of it: every number is checked against
/// the file before anybody allocates or maps by it.
///
/// The format: 8 bytes of header length `N` (little endian), `N` bytes of JSON
/// `{"NAME": {"dtype": "F32", "shape": [2, 3], "data_offsets": [begin, end]}, ..., "__metadata__": {"key": "text"}}`,
/// then the bytes of the tensors, without holes. Offsets count from the end of the header.
final class SafetensorsHeader {
    static final String METADATA = "__metadata__";
    private static final int MOST_DIMENSIONS = 64;
    private static final String AGAIN = " The file is damaged or was written by a faulty program: copy, download or write it again.";

    private final Path file;
    private final long begin;
    private final long bytes;
    private final JsonParser json;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private @Nullable Map<String, String> metadata;

    /// @param begin where the tensors begin in the file
    /// @param bytes how many bytes they have in the file
    private SafetensorsHeader(Path file, long begin, long bytes, JsonParser json) {
        this.file = file;
        this.begin = begin;
        this.bytes = bytes;
        this.json = json;
    }

    /// What a header says once all of it has been checked.
    ///
    /// @param entries in the order of their bytes
    record Content(SequencedMap<String, Entry> entries, Map<String, String> metadata) {}

    static Content read(Path file, InputStream header, long begin, long bytes) {
        try (JsonParser json = JsonText.tokens(header)) {
            var reading = new SafetensorsHeader(file, begin, bytes, json);
            try {
                reading.object();
            } catch (JacksonException failure) {
                String place = failure.getLocation() == null ? "" : " at " + JsonText.place(failure.getLocation());
                throw new CheckpointException(
                        file + ": the safetensors header is not a JSON object" + place + ": " + JsonText.reason(failure) + "." + AGAIN,
                        failure);
            }
            return new Content(reading.withoutHoles(), reading.metadata == null ? Map.of() : reading.metadata);
        }
    }

    private void object() {
        expect(json.nextToken(), JsonToken.START_OBJECT, "an object");
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = text(json.currentName());
            json.nextToken();
            if (name.equals(METADATA)) {
                if (metadata != null) {
                    throw wrong("has " + METADATA + " twice");
                }
                metadata = metadata();
            } else if (entries.putIfAbsent(name, entry(name)) != null) {
                throw wrong("names tensor " + Said.name(name) + " twice");
            }
        }
        expect(json.currentToken(), JsonToken.END_OBJECT, "the end of the object");
        expect(json.nextToken(), null, "spaces after the object");
    }

    private Map<String, String> metadata() {
        expect(json.currentToken(), JsonToken.START_OBJECT, "an object of texts as " + METADATA);
        Map<String, String> texts = new TreeMap<>();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = text(json.currentName());
            expect(json.nextToken(), JsonToken.VALUE_STRING, "a text as " + METADATA + " " + Said.name(key));
            if (texts.putIfAbsent(key, text(json.getString())) != null) {
                throw wrong("has " + METADATA + " " + Said.name(key) + " twice");
            }
        }
        return Collections.unmodifiableMap(texts);
    }

    private Entry entry(String name) {
        expect(json.currentToken(), JsonToken.START_OBJECT, "an object for tensor " + Said.name(name));
        ElementType type = null;
        long[] shape = null;
        long[] offsets = null;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = json.currentName();
            json.nextToken();
            boolean twice;
            switch (key) {
                case "dtype" -> {
                    twice = type != null;
                    type = type(name);
                }
                case "shape" -> {
                    twice = shape != null;
                    shape = numbers(name, key, MOST_DIMENSIONS);
                }
                case "data_offsets" -> {
                    twice = offsets != null;
                    offsets = numbers(name, key, 2);
                }
                default -> throw inTensor(name, "has the key " + Said.name(key) + "; expected dtype, shape and data_offsets");
            }
            if (twice) {
                throw inTensor(name, "has " + key + " twice");
            }
        }
        if (type == null || shape == null || offsets == null || offsets.length != 2) {
            throw inTensor(name, "needs dtype, shape and data_offsets [begin, end]");
        }
        return checked(name, type, shape, offsets[0], offsets[1]);
    }

    private ElementType type(String name) {
        expect(json.currentToken(), JsonToken.VALUE_STRING, "a text as dtype of tensor " + Said.name(name));
        String dtype = json.getString();
        for (ElementType type : ElementType.values()) {
            if (type.name().equals(dtype)) {
                return type;
            }
        }
        throw new CheckpointException(file + ": tensor " + Said.name(name) + " has element type " + Said.name(dtype)
                + "; Cultivar reads " + Arrays.toString(ElementType.values())
                + ". Save it in one of these with the program that wrote it (for example as BF16).");
    }

    private long[] numbers(String name, String key, int most) {
        expect(json.currentToken(), JsonToken.START_ARRAY, "a list as " + key + " of tensor " + Said.name(name));
        long[] numbers = new long[Math.min(most, 8)];
        int count = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (count == most) {
                throw inTensor(name, "has more than " + most + " numbers in " + key);
            }
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, most);
            }
            numbers[count++] = number(name, key);
        }
        return Arrays.copyOf(numbers, count);
    }

    private long number(String name, String key) {
        expect(json.currentToken(), JsonToken.VALUE_NUMBER_INT, "whole numbers in " + key + " of tensor " + Said.name(name));
        String digits = json.getString();
        if (digits.startsWith("-") || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw inTensor(name, "has " + Said.name(digits) + " in " + key + "; expected a number from 0 to " + Long.MAX_VALUE);
        }
        return json.getLongValue();
    }

    private Entry checked(String name, ElementType type, long[] shape, long from, long to) {
        if (from > to || to > bytes) {
            throw inTensor(name, "lies at bytes " + from + " to " + to + " of the data; expected within 0 to " + bytes
                    + ", which is what the file has");
        }
        long needed = type.bytes();
        try {
            for (long size : shape) {
                needed = Math.multiplyExact(needed, size);
            }
        } catch (ArithmeticException overflow) {
            throw inTensor(name, "has shape " + Arrays.toString(shape) + ", which is beyond 2^63 bytes");
        }
        if (needed != to - from) {
            throw inTensor(name, "has shape " + Arrays.toString(shape) + " of " + type + ", which is " + needed
                    + " bytes; its data_offsets [" + from + ", " + to + "] hold " + (to - from));
        }
        return new Entry(name, type, shape, begin + from, needed);
    }

    /// The entries in the order of their bytes, once these are known to follow one another from the header to the end.
    private SequencedMap<String, Entry> withoutHoles() {
        List<Entry> ordered = entries.values().stream()
                .sorted(Comparator.comparingLong(Entry::offset).thenComparingLong(Entry::bytes))
                .toList();
        SequencedMap<String, Entry> byPlace = new LinkedHashMap<>();
        long end = begin;
        String before = "the header";
        for (Entry entry : ordered) {
            if (entry.offset() != end) {
                throw inTensor(entry.name(), (entry.offset() < end ? "overlaps " : "leaves a hole after ") + before
                        + ": it begins at byte " + (entry.offset() - begin) + " of the data, expected " + (end - begin));
            }
            end += entry.bytes();
            before = Said.name(entry.name());
            byPlace.put(entry.name(), entry);
        }
        if (end != begin + bytes) {
            throw wrong("describes " + (end - begin) + " bytes of tensors, and the file has " + bytes);
        }
        return Collections.unmodifiableSequencedMap(byPlace);
    }

    /// A text that can be written again: half of a surrogate pair has no UTF-8.
    private String text(String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw wrong("holds a text with half of a surrogate pair, " + Said.name(text));
        }
        return text;
    }

    private void expect(@Nullable JsonToken token, @Nullable JsonToken expected, String what) {
        if (token != expected) {
            throw wrong("is not as it should be: expected " + what + " at " + JsonText.place(json.currentTokenLocation()) + ", got "
                    + (token == null ? "the end" : token));
        }
    }

    private CheckpointException inTensor(String name, String what) {
        return new CheckpointException(file + ": tensor " + Said.name(name) + " " + what + "." + AGAIN);
    }

    private CheckpointException wrong(String what) {
        return new CheckpointException(file + ": the safetensors header " + what + "." + AGAIN);
    }
}
