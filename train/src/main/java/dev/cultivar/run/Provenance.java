package dev.cultivar.run;

import dev.cultivar.recipe.BackboneRecipe;
import dev.cultivar.torch.Torch;
import dev.cultivar.zoo.Origin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// Where a run came from: versions, machine, data. What must be the same for the same bits is marked as such.
final class Provenance {
    /// Keys that a resume compares.
    static final java.util.List<String> EXACT = java.util.List.of("libtorch", "vectors", "processor");

    private Provenance() {}

    static SequencedMap<String, Object> of(
            BackboneRecipe backbone, SequencedMap<String, String> fingerprints, Map<String, String> extensions) {
        SequencedMap<String, Object> facts = machine();
        if (backbone instanceof BackboneRecipe.Pretrained(String model, BackboneRecipe.Weights _)) {
            facts.put("backbone", Origin.of(model).facts());
        }
        facts.put("data", fingerprints);
        if (!extensions.isEmpty()) {
            facts.put("extensions", extensions);
        }
        return facts;
    }

    static SequencedMap<String, Object> machine() {
        SequencedMap<String, Object> facts = new LinkedHashMap<>();
        facts.put("cultivar", version());
        facts.put("started", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        facts.put("java", Runtime.version().toString());
        facts.put("libtorch", Torch.version());
        facts.put("vectors", Torch.vectors());
        facts.put("processor", processor());
        facts.put("processors", Runtime.getRuntime().availableProcessors());
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        return facts;
    }

    /// Cultivar's own version, from the jar's manifest.
    static String version() {
        String version = Provenance.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    private static String processor() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException | java.io.UncheckedIOException elsewhere) {
            return System.getProperty("os.arch", "unknown");
        }
    }
}
