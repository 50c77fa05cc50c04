package dev.cultivar.nn;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.format.ModelPlace;
import dev.cultivar.format.Safetensors;
import dev.cultivar.torch.Scope;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// An adapter on disk, in PEFT's layout: `adapter_config.json` and `adapter_model.safetensors`, the task's head included.
///
/// Cultivar adds a `config.json`, which PEFT passes over: the labels, and the hash of the base that the adapter belongs to.
public final class AdapterFolder {
    private static final String HASH = "base_sha256";
    /// What an adapter may say other than its base.
    private static final List<String> OWN_KEYS = List.of("id2label", "label2id", "architectures", "problem_type");

    private AdapterFolder() {}

    /// Whether a folder holds an adapter and no whole model.
    public static boolean is(Path folder) {
        if (!Files.exists(folder.resolve(AdapterConfig.FILE))) {
            return false;
        }
        if (Files.exists(folder.resolve(ModelFolder.WEIGHTS))) {
            throw new CheckpointException(folder + ": holds a whole model (" + ModelFolder.WEIGHTS + ") and an adapter (" + AdapterConfig.FILE
                    + "), and nothing says which one is meant; move one of them into a folder of its own");
        }
        return true;
    }

    static ModelFolder open(Path folder, Optional<Path> given) {
        AdapterConfig config = AdapterConfig.read(folder);
        Path place = given.orElseGet(() -> named(folder, config));
        ModelFolder base = ModelFolder.open(place);
        try {
            if (base.base().isPresent()) {
                throw new CheckpointException(place + ": is an adapter itself; an adapter's base is a whole model");
            }
            Map<String, @Nullable Object> own = own(folder);
            requireSame(folder, own, base);
            var tensors = tensors(folder, config, Backbones.prefix(base.config()));
            List<Safetensors> files = new ArrayList<>(base.files());
            if (Files.exists(folder.resolve(ModelFolder.HEAD))) {
                files.add(Safetensors.open(folder.resolve(ModelFolder.HEAD)));
            }
            AdapterConfig hashed = config.on(config.base(), recorded(own).orElse(""));
            return new ModelFolder(folder, effective(folder, base, own, tensors).with(hashed), files, tensors, place);
        } catch (RuntimeException problem) {
            base.close();
            throw problem;
        }
    }

    private static AdapterTensors tensors(Path folder, AdapterConfig config, String prefix) {
        Path file = folder.resolve(AdapterConfig.WEIGHTS);
        if (!Files.exists(file) && Files.exists(folder.resolve("adapter_model.bin"))) {
            throw new CheckpointException(folder.resolve("adapter_model.bin") + ": a pickle can run code when it is opened, so it is not read; "
                    + "convert it where you trust it: in Python, load it and save_pretrained(folder, safe_serialization=True)");
        }
        return new AdapterTensors(file.toString(), prefix, wrapped(config), Safetensors.open(file));
    }

    /// What PEFT puts before the names of the model that it wraps.
    private static String wrapped(AdapterConfig config) {
        return config.virtual() ? "base_model." : "base_model.model.";
    }

    /// The base's folder: as it is written, or, where that is a relative path, from the adapter's folder or one above it.
    private static Path named(Path folder, AdapterConfig config) {
        if (config.base().isEmpty()) {
            throw new CheckpointException(folder.resolve(AdapterConfig.FILE)
                    + ": names no base; write the folder of the model that the adapter was trained on under base_model_name_or_path");
        }
        List<Path> tried = new ArrayList<>(List.of(Path.of(config.base())));
        for (Path above = folder.toAbsolutePath().normalize(); above != null; above = above.getParent()) {
            tried.add(above.resolve(config.base()));
        }
        return tried.stream()
                .filter(Files::isDirectory)
                .findFirst()
                .map(found -> ModelPlace.find(found.toString()))
                .orElseThrow(() -> new CheckpointException(folder + ": the adapter's base " + config.base()
                        + " is not there, nor under a folder above the adapter's. Put it there, or write where it is under base_model_name_or_path in "
                        + AdapterConfig.FILE));
    }

    private static Map<String, @Nullable Object> own(Path folder) {
        Path file = folder.resolve(ModelFolder.CONFIG);
        return Files.exists(file) ? JsonFiles.read(file) : Map.of();
    }

    private static void requireSame(Path folder, Map<String, @Nullable Object> own, ModelFolder base) {
        recorded(own).ifPresent(expected -> {
            String got = base.hash();
            if (!expected.equals(got)) {
                throw new CheckpointException(folder + ": the adapter was trained on other weights than those of " + base.folder()
                        + ": their SHA-256 was " + expected + ", here it is " + got + ". Give the base that it was trained on");
            }
        });
    }

    /// The hash of the base, where the folder has one: PEFT's own folders have not.
    private static Optional<String> recorded(Map<String, @Nullable Object> own) {
        return own.get("cultivar") instanceof Map<?, ?> extra && extra.get(HASH) instanceof String hash ? Optional.of(hash) : Optional.empty();
    }

    private static ConfigFile effective(Path folder, ModelFolder base, Map<String, @Nullable Object> own, AdapterTensors tensors) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>(base.config().values());
        values.remove("cultivar"); // how the base was used says nothing of the adapter
        if (own.isEmpty()) {
            Optional<long[]> classifier = HeadNames.of(base.config()).scores().stream()
                    .flatMap(layer -> tensors.shape(layer + ".weight").stream())
                    .findFirst();
            if (classifier.isPresent() && values.get("id2label") instanceof Map<?, ?> names && names.size() != classifier.get()[0]) {
                values.remove("id2label");
            }
            return new ConfigFile(base.config().place(), values);
        }
        OWN_KEYS.forEach(values::remove);
        own.forEach((key, value) -> {
            if (OWN_KEYS.contains(key) || key.equals("cultivar")) {
                values.put(key, value);
            }
        });
        return new ConfigFile(folder.resolve(ModelFolder.CONFIG).toString(), values);
    }

    /// Adds an adapter to an opened model and switches to it. Its head stands in for the model's while it is in use.
    ///
    /// @param base   the folder that the model was opened from
    /// @param name   to switch to it by, see [Adapters#use]
    /// @param folder with the adapter
    public static void add(Model model, ModelFolder base, String name, Path folder) {
        Weights weights = model.weights();
        weights.adapters().requireFree(name);
        AdapterConfig config = AdapterConfig.read(folder);
        if (config.virtual() && !(model.backbone() instanceof VirtualTokens)) {
            throw new CheckpointException(folder + ": virtual tokens need a model that was opened with an adapter of that kind; open this folder as the model");
        }
        requireSame(folder, own(folder), base);
        var tensors = tensors(folder, config, Backbones.prefix(base.config()));
        List<String> before = List.copyOf(weights.names());
        try (var scope = Scope.open()) {
            add(model, name, config, tensors, folder);
        } catch (RuntimeException problem) {
            weights.names().stream().filter(each -> !before.contains(each)).toList().forEach(weights::remove);
            throw problem;
        } finally {
            tensors.close();
        }
    }

    private static void add(Model model, String name, AdapterConfig config, AdapterTensors tensors, Path folder) {
        Weights weights = model.weights();
        String prefix = Adapter.prefix(name);
        Adapter adapter = Adapter.declare(name, prefix, config, model.backbone(), weights);
        List<String> faults = new ArrayList<>();
        for (String own : adapter.own()) {
            tensors.find(own.substring(prefix.length()), weights.shape(own))
                    .ifPresentOrElse(values -> weights.set(own, values), () -> faults.add(own.substring(prefix.length()) + " is missing"));
        }
        for (String parameter : List.copyOf(weights.parameters())) {
            if (!parameter.startsWith(prefix) && tensors.has(parameter)) {
                String own = prefix + parameter;
                long[] shape = tensors.shape(parameter).orElseThrow();
                weights.parameter(own, new Initial.Constant(0), shape);
                tensors.find(parameter, shape).ifPresent(values -> weights.set(own, values));
                adapter.instead().put(parameter, own);
            }
        }
        faults.addAll(tensors.misshaped());
        tensors.rest().forEach(left -> faults.add(left + " is of no layer of the model"));
        if (!faults.isEmpty()) {
            throw new CheckpointException(folder.resolve(AdapterConfig.WEIGHTS) + ": does not fit the model: "
                    + String.join("; ", faults.subList(0, Math.min(8, faults.size()))) + (faults.size() > 8 ? "; ..." : ""));
        }
        weights.adapters().put(adapter);
    }

    /// Writes the adapter in use.
    ///
    /// @param architecture transformers' class of the adapted model
    /// @param inside       stored name to name in the weights, of what that class has
    /// @param outside      likewise, of what it does not have
    /// @param json         for `config.json`
    static void write(
            Path folder, Model model, String architecture, Map<String, String> inside, Map<String, String> outside, Map<String, Object> json) {
        Weights weights = model.weights();
        Adapter adapter = weights.adapters().current();
        if (!adapter.name().equals(Adapters.OPENED)) {
            throw new IllegalStateException("only the adapter that a model was opened or trained with is written, not " + adapter.name());
        }
        String wrapped = wrapped(adapter.config());
        Map<String, String> tensors = new TreeMap<>();
        Map<String, String> head = new LinkedHashMap<>();
        inside.forEach((stored, name) -> {
            if (weights.adapters().trains(name)) {
                tensors.put(wrapped + stored, name);
            }
        });
        outside.forEach((stored, name) -> {
            if (name.equals(Adapter.VIRTUAL)) {
                tensors.put(name, name);
            } else if (weights.adapters().trains(name)) {
                head.put(stored, name);
            }
        });
        AdapterConfig config = adapter.config();
        List<String> saved = config.saved().stream()
                .filter(module -> inside.values().stream().anyMatch(name -> ("." + name).contains("." + module + ".")))
                .toList();
        JsonFiles.write(folder.resolve(AdapterConfig.FILE), config.saving(saved).json(task(architecture), model.backbone(), adapter.transposed()));
        ModelFolder.write(folder.resolve(AdapterConfig.WEIGHTS), weights, tensors);
        if (!head.isEmpty()) {
            ModelFolder.write(folder.resolve(ModelFolder.HEAD), weights, head);
        }
        if (!config.hash().isEmpty()) {
            Map<String, Object> extra = new LinkedHashMap<>();
            if (json.get("cultivar") instanceof Map<?, ?> said) {
                said.forEach((key, value) -> extra.put(String.valueOf(key), value));
            }
            extra.put(HASH, config.hash());
            json.put("cultivar", extra);
        }
        JsonFiles.write(folder.resolve(ModelFolder.CONFIG), json);
    }

    /// PEFT's word for what transformers' class does.
    private static String task(String architecture) {
        return architecture.endsWith("ForSequenceClassification") ? "SEQ_CLS"
                : architecture.endsWith("ForCausalLM") || architecture.endsWith("LMHeadModel") ? "CAUSAL_LM"
                : architecture.endsWith("ForTokenClassification") ? "TOKEN_CLS"
                : architecture.endsWith("ForQuestionAnswering") ? "QUESTION_ANS"
                : architecture.endsWith("ForConditionalGeneration") ? "SEQ_2_SEQ_LM"
                : architecture.endsWith("Model") ? "FEATURE_EXTRACTION"
                : "";
    }

    static String hash(List<Safetensors> files) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
        Map<String, Safetensors> tensors = new TreeMap<>();
        files.forEach(file -> file.entries().keySet().forEach(name -> tensors.put(name, file)));
        tensors.forEach((name, file) -> {
            var entry = file.entry(name);
            digest.update((name + " " + entry.type() + " " + Arrays.toString(entry.shape()) + "\n").getBytes(StandardCharsets.UTF_8));
            var bytes = file.bytes(name);
            long piece = 1 << 28;
            for (long from = 0; from < bytes.byteSize(); from += piece) {
                digest.update(bytes.asSlice(from, Math.min(piece, bytes.byteSize() - from)).asByteBuffer());
            }
        });
        return HexFormat.of().formatHex(digest.digest());
    }
}
