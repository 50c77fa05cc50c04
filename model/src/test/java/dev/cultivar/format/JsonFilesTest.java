package dev.cultivar.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonFilesTest {
    @TempDir
    Path folder;

    @Test
    void everyValueComesBack() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("z", "line\nbreak \"ü\" \uD83C\uDF31");
        object.put("whole", Long.MIN_VALUE);
        object.put("beyond", new BigInteger("1000000000000000019884624838656"));
        object.put("tiny", Double.MIN_VALUE);
        object.put("third", 1.0 / 3);
        object.put("minus zero", -0.0);
        object.put("one", 1.0);
        object.put("yes", true);
        object.put("null", null);
        object.put("list", Arrays.asList(1L, "two", null, List.of(), Map.of()));
        Path file = folder.resolve("x.json");
        JsonFiles.write(file, object);
        assertThat(JsonFiles.read(file)).isEqualTo(object);
        assertThat(JsonFiles.read(file).keySet()).containsExactlyElementsOf(object.keySet());
        assertThat(JsonFiles.parse(JsonFiles.line(object), "a line")).isEqualTo(object);
        assertThat(JsonFiles.line(object)).doesNotContain("\n");
    }

    @Test
    void theSameMapGivesTheSameText() throws IOException {
        Path file = folder.resolve("x.json");
        JsonFiles.write(file, Map.of("b", List.of(1, 2), "a", Map.of("d", 0.5f, "c", "x"), "e", Map.of()));
        assertThat(Files.readString(file)).isEqualTo("""
                {
                  "a" : {
                    "c" : "x",
                    "d" : 0.5
                  },
                  "b" : [ 1, 2 ],
                  "e" : { }
                }
                """);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "[1]              | x.json:1:1: expected a JSON object, got START_ARRAY",
        "``               | x.json:1:1: expected a JSON object, got nothing",
        "{} 1             | x.json:1:4: expected one JSON object, got more",
        "{\"a\":1,\"a\":2} | x.json:1:8: the key 'a' is there twice",
        "{\"a\":1e999}    | x.json:1:6: the number '1e999' is beyond a double's range",
        "{\"a\":NaN}      | x.json:1:",
        "{\"a\":01}       | x.json:1:",
        "{'a':1}          | x.json:1:",
        "{\"a\":1,}       | x.json:1:",
        "{\"a\":1         | x.json:1:",
    })
    void whatIsNotStrictJsonIsRefused(String text, String message) {
        assertThatThrownBy(() -> JsonFiles.parse(text, "x.json"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void depthIsBounded() {
        assertThatThrownBy(() -> JsonFiles.parse("{\"a\":" + "[".repeat(100_000), "x.json"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("nesting depth");
    }

    @Test
    void bytesAreBounded() throws IOException {
        Path file = folder.resolve("x.json");
        try (var large = new java.io.RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(64_000_001); // a hole: takes no disk
        }
        assertThatThrownBy(() -> JsonFiles.read(file)).isInstanceOf(CheckpointException.class).hasMessageContaining("at most 64.0 MB");
        Files.write(file, new byte[] {'{', '"', (byte) 0xC3, '"', '}'});
        assertThatThrownBy(() -> JsonFiles.read(file)).isInstanceOf(CheckpointException.class).hasMessageContaining("not UTF-8");
        assertThatThrownBy(() -> JsonFiles.read(folder)).isInstanceOf(CheckpointException.class).hasMessageContaining("a folder");
        assertThatThrownBy(() -> JsonFiles.read(folder.resolve("absent")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("there is no such file");
    }

    @Test
    void whatJsonDoesNotHoldIsNotWritten() {
        Path file = folder.resolve("x.json");
        for (Object value : new Object[] {Double.NaN, Float.POSITIVE_INFINITY, new Object(), "\uD800"}) {
            assertThatThrownBy(() -> JsonFiles.write(file, Map.of("a", List.of(value))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'a[]'");
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void realFilesAreRead() throws IOException {
        List<Path> files = SafetensorsTest.Fixtures.files(".json");
        assertThat(files).hasSizeGreaterThan(100);
        Path again = folder.resolve("again.json");
        for (Path file : files) {
            if (Files.readString(file).startsWith("[")) {
                continue; // a list
            }
            Map<String, Object> object = JsonFiles.read(file);
            JsonFiles.write(again, object);
            assertThat(JsonFiles.read(again)).as(file.toString()).isEqualTo(object);
        }
    }
}
