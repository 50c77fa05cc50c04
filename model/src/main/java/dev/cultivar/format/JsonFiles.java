package dev.cultivar.format;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;

/// Small JSON files such as `config.json`, as maps: read strictly, written so that the same map gives the same bytes.
///
/// A value is a `String`, `Long`, `BigInteger` (beyond 2^63), `Double`, `Boolean`, `List`, `SequencedMap` or null. Numbers
/// survive: a whole number stays whole, and a `Double` comes back to the bit. JSON has no NaN and no infinity, and neither
/// is written.
public final class JsonFiles {
    private static final long LARGEST_FILE_BYTES = 64_000_000;

    private JsonFiles() {}

    /// The object that a file holds; anything else is a [CheckpointException] with file, line and column.
    public static SequencedMap<String, @Nullable Object> read(Path file) {
        try {
            long bytes = Files.size(file);
            if (Files.isDirectory(file) || bytes > LARGEST_FILE_BYTES) {
                throw new CheckpointException(file + ": expected a JSON file of at most " + Said.bytes(LARGEST_FILE_BYTES)
                        + ", got " + (Files.isDirectory(file) ? "a folder" : Said.bytes(bytes)) + ". Check the path.");
            }
            try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
                return read(in, file.toString());
            }
        } catch (IOException failure) {
            throw new CheckpointException(
                    file + ": cannot be read: " + Said.reason(failure) + ". Check the path and its permissions.", failure);
        }
    }

    /// The object that a text holds; `origin` is what messages call it.
    public static SequencedMap<String, @Nullable Object> parse(String text, String origin) {
        return read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), origin);
    }

    private static SequencedMap<String, @Nullable Object> read(InputStream in, String origin) {
        try (JsonParser json = JsonText.tokens(in)) {
            try {
                if (json.nextToken() != JsonToken.START_OBJECT) {
                    throw wrong(json, origin, "expected a JSON object, got "
                            + (json.currentToken() == null ? "nothing" : json.currentToken()));
                }
                SequencedMap<String, @Nullable Object> object = object(json, origin);
                if (json.nextToken() != null) {
                    throw wrong(json, origin, "expected one JSON object, got more after it");
                }
                return object;
            } catch (JacksonException failure) {
                String place = failure.getLocation() == null ? "" : JsonText.place(failure.getLocation());
                throw new CheckpointException(origin + ":" + (place.isEmpty() ? "" : place + ":") + " is not JSON: "
                        + JsonText.reason(failure) + ". Correct or download the file again.", failure);
            }
        }
    }

    private static SequencedMap<String, @Nullable Object> object(JsonParser json, String origin) {
        SequencedMap<String, @Nullable Object> object = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = json.currentName();
            if (object.containsKey(key)) {
                throw wrong(json, origin, "the key " + Said.name(key) + " is there twice");
            }
            json.nextToken();
            object.put(key, value(json, origin));
        }
        return object;
    }

    private static @Nullable Object value(JsonParser json, String origin) {
        return switch (json.currentToken()) {
            case START_OBJECT -> object(json, origin);
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(json, origin));
                }
                yield list;
            }
            case VALUE_STRING -> json.getString();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case VALUE_NUMBER_INT -> {
                Number number = json.getNumberValue();
                yield number instanceof BigInteger ? number : Long.valueOf(number.longValue());
            }
            case VALUE_NUMBER_FLOAT -> {
                double number = json.getDoubleValue();
                if (Double.isInfinite(number)) {
                    throw wrong(json, origin, "the number " + Said.name(json.getString()) + " is beyond a double's range");
                }
                yield number;
            }
            case null, default -> throw wrong(json, origin, "expected a value, got " + json.currentToken());
        };
    }

    private static CheckpointException wrong(JsonParser json, String origin, String what) {
        return new CheckpointException(origin + ":" + JsonText.place(json.currentTokenLocation()) + ": " + what
                + ". Correct or download the file again.");
    }

    /// Writes a file, indented by two, whole or not at all; a full disk is a [CheckpointException] and leaves the old file.
    public static void write(Path file, Map<String, ? extends @Nullable Object> object) {
        byte[] bytes = (text(object, pretty()) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            DurableFiles.write(file, channel -> {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            });
        } catch (IOException failure) {
            throw new CheckpointException(file + ": cannot be written: " + Said.reason(failure) + ". It needs "
                    + Said.bytes(bytes.length) + ", and the disk has " + Said.free(file.toAbsolutePath().getParent())
                    + "; free some space or write elsewhere.", failure);
        }
    }

    /// The object in one line, without a line break.
    public static String line(Map<String, ? extends @Nullable Object> object) {
        return text(object, null);
    }

    private static String text(Map<String, ? extends @Nullable Object> object, @Nullable PrettyPrinter printer) {
        var text = new StringWriter();
        var context = new ObjectWriteContext.Base() {
            @Override
            public @Nullable PrettyPrinter getPrettyPrinter() {
                return printer;
            }
        };
        try (JsonGenerator json = JsonText.FACTORY.createGenerator(context, text)) {
            put(json, "", object);
        }
        return text.toString();
    }

    private static PrettyPrinter pretty() {
        return new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
    }

    private static void put(JsonGenerator json, String path, @Nullable Object value) {
        switch (value) {
            case null -> json.writeNull();
            case String text -> json.writeString(encodable(path, text));
            case Boolean flag -> json.writeBoolean(flag);
            case BigInteger number -> json.writeNumber(number);
            case Float number -> json.writeNumber(finite(path, number));
            case Double number -> json.writeNumber(finite(path, number));
            case Long _, Integer _, Short _, Byte _ -> json.writeNumber(((Number) value).longValue());
            case Map<?, ?> map -> {
                json.writeStartObject();
                // An unordered map would be written in an order that changes from process to process.
                (map instanceof SequencedMap ? map : new TreeMap<>(map)).forEach((key, inner) -> {
                    json.writeName((String) key);
                    put(json, path.isEmpty() ? (String) key : path + "." + key, inner);
                });
                json.writeEndObject();
            }
            case Iterable<?> list -> {
                json.writeStartArray();
                list.forEach(inner -> put(json, path + "[]", inner));
                json.writeEndArray();
            }
            default -> throw new IllegalArgumentException(
                    Said.name(path) + " is a " + value.getClass().getName() + ", which JSON does not hold");
        }
    }

    private static String encodable(String path, String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(Said.name(path) + " holds half of a surrogate pair, which UTF-8 does not hold");
        }
        return text;
    }

    private static <N extends Number> N finite(String path, N number) {
        if (!Double.isFinite(number.doubleValue())) {
            throw new IllegalArgumentException(Said.name(path) + " is " + number + ", which JSON does not hold");
        }
        return number;
    }
}
