package dev.cultivar.run;

import dev.cultivar.batch.Standard;
import dev.cultivar.format.ElementType;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.format.Safetensors;
import dev.cultivar.format.SafetensorsWriter;
import dev.cultivar.nn.ConfigFile;
import dev.cultivar.nn.HeadNames;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Works the scale of a regression's target into the last layer of a model's folder, so that whoever opens it reads values in the data's
/// own unit: `deviation * (w x + b) + mean` is one linear layer too.
final class OwnUnit {
    private static final List<String> FILES = List.of("model.safetensors", "head.safetensors", "adapter_model.safetensors");

    private OwnUnit() {}

    /// Of a model that is asked in bfloat16 the folder stays as it is: a bias far above the deviation has too few bits there.
    static void work(Path folder) throws IOException {
        Path config = folder.resolve("config.json");
        if (!Files.exists(config)) {
            return;
        }
        Map<String, Object> values = new LinkedHashMap<>();
        JsonFiles.read(config).forEach((key, value) -> {
            if (value != null) {
                values.put(key, value);
            }
        });
        Map<String, Object> extra = new LinkedHashMap<>();
        if (values.get("cultivar") instanceof Map<?, ?> own) {
            own.forEach((key, value) -> extra.put(String.valueOf(key), value));
        }
        Standard standard = Standard.of(extra.get("standard"));
        if (standard.equals(Standard.NONE) || "bfloat16".equals(extra.get("precision"))) {
            return;
        }
        for (String name : FILES) {
            Path file = folder.resolve(name);
            if (Files.exists(file) && rewrite(file, HeadNames.of(ConfigFile.of(config.toString(), values)), standard)) {
                extra.put("standard", Standard.NONE.json()); // said, so that further training keeps the unit
                values.put("cultivar", extra);
                JsonFiles.write(config, values);
                return;
            }
        }
    }

    private static boolean rewrite(Path file, HeadNames names, Standard standard) throws IOException {
        Path changed = file.resolveSibling(file.getFileName() + ".unit");
        try (var stored = Safetensors.open(file)) {
            Optional<String> last = last(stored, names);
            if (last.isEmpty()) {
                return false;
            }
            List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
            stored.entries().forEach((name, entry) -> tensors.add(SafetensorsWriter.Tensor.of(
                    name, entry.type(), entry.shape(), name.equals(last.get() + ".weight") ? scaled(stored.floats(name), standard.deviation(), 0)
                            : name.equals(last.get() + ".bias") ? scaled(stored.floats(name), standard.deviation(), standard.mean())
                            : stored.bytes(name))));
            SafetensorsWriter.write(changed, stored.metadata(), tensors);
        }
        Files.move(changed, file, StandardCopyOption.REPLACE_EXISTING);
        return true;
    }

    /// The layer whose one output is the value; it needs a bias for the mean.
    private static Optional<String> last(Safetensors stored, HeadNames names) {
        return names.scores().stream()
                .flatMap(layer -> stored.entries().keySet().stream()
                        .filter(name -> ("." + name).endsWith("." + layer + ".weight"))
                        .map(name -> name.substring(0, name.length() - ".weight".length())))
                .filter(layer -> stored.entries().containsKey(layer + ".bias")
                        && stored.entry(layer + ".weight").type() == ElementType.F32 && stored.entry(layer + ".weight").shape()[0] == 1
                        && stored.entry(layer + ".bias").type() == ElementType.F32 && Arrays.equals(stored.entry(layer + ".bias").shape(), new long[] {1}))
                .findFirst();
    }

    private static MemorySegment scaled(float[] values, double by, double plus) {
        float[] scaled = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            scaled[i] = (float) (values[i] * by + plus);
        }
        return MemorySegment.ofArray(scaled);
    }
}
