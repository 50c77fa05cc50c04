package dev.cultivar.run;

import dev.cultivar.batch.DataException;
import dev.cultivar.batch.Standard;
import dev.cultivar.data.Example;
import dev.cultivar.data.Parts;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.DurableFiles;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.nn.AdapterFolder;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.predict.Decision;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.RecipeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Hands a model on: as a Hugging Face folder that transformers opens, or as the folder of an adapter that PEFT opens on its base.
///
/// What was written is opened again and held against its source, row by row, before it gets its name: an export that would answer
/// otherwise does not come about.
public final class Export {
    /// What a run's checkpoint holds for going on, which nobody needs elsewhere.
    private static final Set<String> STATE = Set.of("state.safetensors", "progress.json", "checkpoint.json", "provenance.json", "recipe.yaml");
    private static final int ROWS = 32;
    /// Rows to compare on where no recipe names any.
    private static final List<String> SENTENCES = List.of(
            "The ferry leaves at a quarter past nine, unless the wind turns.",
            "Who pays for the broken window?",
            "Three invoices from March are still open, and one was paid twice.",
            "She said nothing for a while; then she laughed.",
            "An error came up when I tried to change my password: code 4031.");

    private Export() {}

    /// What is made.
    public enum Format {
        /// `config.json`, `model.safetensors`, tokenizer.
        SAFETENSORS,
        /// `adapter_config.json`, `adapter_model.safetensors`, the head with them.
        ADAPTER
    }

    /// What came of it.
    ///
    /// @param folder  that was made
    /// @param rows    on which it agrees with its source
    /// @param states  the largest difference of a hidden state
    /// @param answers the largest difference of an answer
    /// @param remarks what whoever opens it elsewhere should know
    public record Exported(Path folder, int rows, double states, double answers, List<String> remarks) {}

    /// @param run   a run folder, for its model card and decision; or any folder of a model
    /// @param model the folder that holds the weights
    /// @param merge whether an adapter is worked into its base
    /// @param out   a folder that does not exist, or is empty
    public static Exported write(Path run, Path model, Format format, boolean merge, Path out, Extensions extensions) {
        boolean adapter = AdapterFolder.is(model);
        if (format == Format.ADAPTER && !adapter) {
            throw new RecipeException(run + ": is a whole model, which has no adapter to hand on; export it with --format safetensors");
        }
        if (format == Format.ADAPTER && merge) {
            throw new RecipeException("--merge works an adapter into its base, which --format adapter leaves out; give one of the two");
        }
        if (format == Format.SAFETENSORS && adapter && !merge) {
            throw new RecipeException(run + ": is an adapter; give --merge to work it into its base, or --format adapter");
        }
        if (format == Format.SAFETENSORS && !adapter && merge) {
            throw new RecipeException(run + ": is a whole model, so there is nothing to merge; leave --merge out");
        }
        requireEmpty(out);
        Path made = out.resolveSibling(out.getFileName() + ".part");
        try {
            DurableFiles.delete(made);
            Files.createDirectories(made);
            switch (format) {
                case ADAPTER -> AdapterExport.peft(model, made);
                case SAFETENSORS -> {
                    if (ModelFolder.around(model).isPresent()) {
                        HeadExport.write(model, made, extensions);
                    } else if (adapter) {
                        AdapterExport.merge(model, made, extensions);
                    } else {
                        copy(model, made);
                    }
                }
            }
            OwnUnit.work(made);
            ExportGate.Agreement agreement = ExportGate.require(model, made, texts(run, model), extensions.backbones());
            List<String> remarks = remarks(made, format);
            decision(run, model, made);
            card(run, ModelFolder.around(model).map(_ -> String.valueOf(model.getFileName())), made, agreement, remarks);
            Files.deleteIfExists(out);
            DurableFiles.rename(made, out);
            return new Exported(out, agreement.rows(), agreement.states(), agreement.answers(), remarks);
        } catch (IOException failure) {
            throw new CheckpointException(out + ": cannot be written: " + failure.getMessage() + ". Is the disk full?", failure);
        } finally {
            try {
                DurableFiles.delete(made);
            } catch (IOException left) {
                // what is left has a name that says so
            }
        }
    }

    private static void requireEmpty(Path out) {
        try (Stream<Path> files = Files.isDirectory(out) ? Files.list(out) : Stream.empty()) {
            if (Files.isRegularFile(out) || files.findAny().isPresent()) {
                throw new RecipeException(out + ": is there already; name a folder that does not exist yet");
            }
        } catch (IOException unreadable) {
            throw new CheckpointException(out + ": cannot be looked into: " + unreadable.getMessage(), unreadable);
        }
    }

    private static void copy(Path model, Path made) throws IOException {
        try (Stream<Path> files = Files.walk(model, 3)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = model.relativize(file).toString();
                if (!STATE.contains(name) && !name.endsWith(".bin") && !name.endsWith(".onnx")) {
                    Path to = made.resolve(name);
                    Files.createDirectories(to.getParent());
                    Files.copy(file, to);
                }
            }
        }
    }

    /// Held-out rows of the run's recipe where it can be read, else its training rows, else a few sentences.
    private static List<String> texts(Path run, Path model) {
        if (!Measured.hasRecipe(model)) {
            return SENTENCES;
        }
        try {
            var recipe = Measured.recipe(model);
            Optional<DataRecipe.Rows> known = switch (recipe.data()) {
                case DataRecipe.Rows own -> Optional.of(own);
                case DataRecipe.Tasks tasks -> Optional.of(tasks.tasks().firstEntry().getValue());
                case DataRecipe.Images _, DataRecipe.Custom _ -> Optional.empty();
            };
            if (known.isEmpty()) {
                return SENTENCES;
            }
            DataRecipe.Rows rows = known.get();
            Parts parts = Parts.open(rows, recipe.seed());
            List<String> texts = new ArrayList<>();
            parts.validation().or(parts::test).orElse(parts.train()).each(example -> add(texts, example));
            return texts.isEmpty() ? SENTENCES : texts;
        } catch (DataException | RecipeException gone) { // the data may lie elsewhere by now
            return SENTENCES;
        }
    }

    private static void add(List<String> texts, Example example) {
        if (texts.size() < ROWS && !example.text().isBlank()) {
            texts.add(example.text());
        }
    }

    private static List<String> remarks(Path made, Format format) {
        List<String> remarks = new ArrayList<>();
        Map<String, ?> config = Files.exists(made.resolve("config.json")) ? JsonFiles.read(made.resolve("config.json")) : Map.of();
        Map<?, ?> extra = config.get("cultivar") instanceof Map<?, ?> own ? own : Map.of();
        if (Files.exists(made.resolve("head.safetensors"))) {
            remarks.add("The head lies in head.safetensors beside a bare backbone: transformers has no class for it ("
                    + ("mean".equals(extra.get("pooling")) ? "its sequence classifiers read the first token, this head the mean over tokens" : "it is Cultivar's own")
                    + "), so its pipelines cannot express this model; Cultivar's predict and its Java classes do.");
        }
        if (!Standard.of(extra.get("standard")).equals(Standard.NONE)) {
            remarks.add("The head says how many deviations a value lies above the mean; transformers shows that number, and config.json has mean and "
                    + "deviation under cultivar.standard.");
        }
        if (format == Format.ADAPTER) {
            remarks.add("PEFT opens the folder on the base that adapter_config.json names, with as many labels as config.json lists.");
        }
        return remarks;
    }

    /// Of one of several heads its own decision, of a model with several those of all.
    private static void decision(Path run, Path model, Path made) throws IOException {
        Optional<Path> around = ModelFolder.around(model);
        String checkpoint = String.valueOf(around.orElse(model).getFileName());
        if (around.isPresent()) {
            decision(run.resolve(Decision.file(Optional.of(String.valueOf(model.getFileName())))), checkpoint, made.resolve(Decision.FILE));
            return;
        }
        decision(run.resolve(Decision.FILE), checkpoint, made.resolve(Decision.FILE));
        try (var folder = ModelFolder.open(model)) {
            for (String head : folder.heads()) {
                String file = Decision.file(Optional.of(head));
                decision(run.resolve(file), checkpoint, made.resolve(file));
            }
        }
    }

    private static void decision(Path from, String checkpoint, Path to) throws IOException {
        if (Files.exists(from)) {
            Map<String, Object> json = new LinkedHashMap<>(JsonFiles.read(from));
            if (checkpoint.equals(json.remove("checkpoint"))) {
                JsonFiles.write(to, json);
            }
        }
    }

    /// The run's card, or that of the folder, with what the export has shown.
    ///
    /// @param head the head, where it is one of several
    private static void card(Path run, Optional<String> head, Path made, ExportGate.Agreement agreement, List<String> remarks) throws IOException {
        Optional<Path> card = Stream.of(run.resolve("README.md"), made.resolve("README.md"))
                .filter(Files::exists)
                .findFirst();
        var text = new StringBuilder(card.isPresent() ? Files.readString(card.get(), StandardCharsets.UTF_8).stripTrailing() + "\n\n" : "# Model\n\n");
        head.ifPresent(name -> text.append("## Head\n\nOf the heads that were trained together this folder has one, ").append(name)
                .append(", with the backbone below it. What is said above of the others is not true of it.\n\n"));
        text.append("## Export\n\n").append("Opened again and compared with its source on ").append(agreement.rows())
                .append(" rows: hidden states differ by at most ").append(String.format(Locale.ROOT, "%.1e", agreement.states()))
                .append(", answers by at most ").append(String.format(Locale.ROOT, "%.1e", agreement.answers())).append(" (measured).\n");
        remarks.forEach(remark -> text.append('\n').append(remark).append('\n'));
        Files.writeString(made.resolve("README.md"), text, StandardCharsets.UTF_8);
    }
}
