package dev.cultivar.cli;

import dev.cultivar.format.ModelPlace;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.run.Export;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Hands a model on.
record ExportWork(String run, String format, boolean merge, Path out, List<Path> extensions) implements Work {

    @Override
    public Exit run(Console console) throws IOException {
        Export.Format made = made();
        Path model = Transfer.find(run, console);
        Path folder = Path.of(ModelPlace.model(run));
        Path named = Files.isDirectory(folder) ? folder : model;
        try (var jars = ExtensionJars.open(extensions)) {
            var exported = Export.write(named, model, made, merge, out, jars.extensions());
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("folder", exported.folder().toString());
            document.put("rows", exported.rows());
            document.put("largest_difference_of_states", exported.states());
            document.put("largest_difference_of_answers", exported.answers());
            document.put("remarks", exported.remarks());
            console.document(document);
            console.line(String.format(Locale.ROOT, "%s agrees with its source on %,d rows: states within %.1e, answers within %.1e",
                    exported.folder(), exported.rows(), exported.states(), exported.answers()));
            exported.remarks().forEach(console::note);
            return Exit.DONE;
        }
    }

    private Export.Format made() {
        return switch (format) {
            case "safetensors" -> Export.Format.SAFETENSORS;
            case "adapter" -> Export.Format.ADAPTER;
            default -> throw new RecipeException("--format must be safetensors or adapter, got " + format);
        };
    }
}
