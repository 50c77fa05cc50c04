package dev.cultivar.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.format.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsFileTest {
    @TempDir
    Path folder;

    @Test
    void aResumedRunLeavesTheLogOfAnUndisturbedOne() throws IOException {
        Path undisturbed = folder.resolve("a.jsonl");
        try (var log = MetricsFile.open(undisturbed)) {
            for (int step = 1; step <= 5; step++) {
                log.append(event(step));
            }
        }
        Path resumed = folder.resolve("b.jsonl");
        try (var log = MetricsFile.open(resumed)) {
            for (int step = 1; step <= 4; step++) {
                log.append(event(step));
            }
        }
        Files.writeString(resumed, "{\"step\":5,\"lo", StandardOpenOption.APPEND); // killed
        assertThat(MetricsFile.read(resumed)).hasSize(4);
        try (var log = MetricsFile.open(resumed)) {
            log.truncateAfter(2);
            for (int step = 3; step <= 5; step++) {
                log.append(event(step));
            }
            log.force();
        }
        assertThat(resumed).hasSameTextualContentAs(undisturbed);
        assertThat(MetricsFile.read(resumed)).hasSize(5).last().isEqualTo(Map.of("step", 5L, "loss", 0.2));
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(undisturbed, resumed);
        }
    }

    private static Map<String, Object> event(int step) {
        return Map.of("step", step, "loss", 1.0 / step);
    }

    @Test
    void aTornLineIsDroppedWhenTheLogIsOpened() throws IOException {
        Path file = Files.writeString(folder.resolve("x.jsonl"), "{\"step\":1}\n{\"step\":2}");
        MetricsFile.open(file).close();
        assertThat(file).hasContent("{\"step\":1}\n");
        Files.writeString(file, "{\"step\":1}\n\0\0\0\n");
        assertThat(MetricsFile.read(file)).hasSize(1);
    }

    @Test
    void aDamagedLineInTheMiddleIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("x.jsonl"), "{\"step\":1}\n{\"step\":\n{\"step\":3}\n");
        assertThatThrownBy(() -> MetricsFile.read(file)).isInstanceOf(CheckpointException.class).hasMessageContaining(file + " line 2:");
        try (var log = MetricsFile.open(file)) {
            assertThatThrownBy(() -> log.truncateAfter(1)).isInstanceOf(CheckpointException.class);
        }
        assertThat(file).hasContent("{\"step\":1}\n{\"step\":\n{\"step\":3}\n");
    }

    @Test
    void anEventNeedsItsStep() {
        try (var log = MetricsFile.open(folder.resolve("x.jsonl"))) {
            assertThatThrownBy(() -> log.append(Map.of("loss", 1.0))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> log.append(Map.of("step", 1.5))).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(folder.resolve("x.jsonl")).isEmptyFile();
    }
}
