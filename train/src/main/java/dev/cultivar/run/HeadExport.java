package dev.cultivar.run;

import dev.cultivar.nn.ModelFolder;
import dev.cultivar.objective.LabelFacts;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Hands on one of several heads with the backbone below it, as a model that has no other head.
final class HeadExport {
    private HeadExport() {}

    /// @param head the folder of the head
    /// @param out  a folder that is empty
    static void write(Path head, Path out, Extensions extensions) {
        try (var folder = ModelFolder.open(head)) {
            Map<String, Object> extra = new LinkedHashMap<>();
            folder.extra().forEach((key, value) -> extra.put(String.valueOf(key), value));
            var task = Built.Task.withoutText(LabelFacts.even(folder.labels()));
            try (var built = Built.of(Measured.recipe(head), task, Optional.of(head), 1, extensions)) {
                ModelFolder.write(out, built.model(), folder.labels(), extra);
            }
            AdapterExport.tokenizer(folder, out);
        }
    }
}
