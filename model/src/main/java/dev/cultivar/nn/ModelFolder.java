package dev.cultivar.nn;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.format.Safetensors;
import dev.cultivar.format.SafetensorsWriter;
import dev.cultivar.format.WeightFiles;
import dev.cultivar.torch.Tensors;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A model on disk, in Hugging Face's layout: `config.json`, `model.safetensors` (or shards and their index) and, for a head that transformers'
/// class of the architecture does not have, `head.safetensors`.
public final class ModelFolder implements AutoCloseable {
    static final String WEIGHTS = WeightFiles.WHOLE;
    static final String HEAD = "head.safetensors";
    static final String CONFIG = "config.json";
    static final String HEADS = "heads";

    private final ConfigFile config;
    private final List<Safetensors> files;
    private final Path folder;
    private final @Nullable AdapterTensors adapter;
    private final @Nullable Path under;
    private final String prefix;

    /// @param prefix of the names of the head's parameters, where the files hold several heads and the folder is one of them
    private ModelFolder(Path folder, ConfigFile config, List<Safetensors> files, String prefix) {
        this.folder = folder;
        this.config = config;
        this.files = files;
        this.adapter = null;
        this.under = null;
        this.prefix = prefix;
    }

    /// @param adapter whose tensors stand over those of the files
    /// @param under   the folder of the base that the adapter belongs to
    ModelFolder(Path folder, ConfigFile config, List<Safetensors> files, @Nullable AdapterTensors adapter, @Nullable Path under) {
        this.folder = folder;
        this.config = config;
        this.files = files;
        this.adapter = adapter;
        this.under = under;
        this.prefix = "";
    }

    /// What the names of a head's parameters begin with, where a model has several heads.
    public static String headPrefix(String head) {
        return HEADS + "." + head + ".";
    }

    /// The folder of one of several heads; it holds no weights but says how those of the model around it are read.
    public static Path head(Path model, String head) {
        return model.resolve(HEADS).resolve(head);
    }

    /// Opens an adapter with a base that is given, wherever the adapter says that it lies.
    public static ModelFolder open(Path adapter, Path base) {
        return AdapterFolder.open(adapter, Optional.of(base));
    }

    /// Opens the files; the weights stay on disk until they are asked for. A folder with an adapter opens with the base that it names.
    public static ModelFolder open(Path folder) {
        if (AdapterFolder.is(folder)) {
            return AdapterFolder.open(folder, Optional.empty());
        }
        if (!Files.isDirectory(folder)) {
            throw new CheckpointException(folder + ": no such folder; a model is a folder with " + CONFIG + " and " + WEIGHTS);
        }
        Path whole = around(folder).orElse(folder);
        List<Safetensors> files = WeightFiles.open(whole);
        try {
            Path configFile = folder.resolve(CONFIG);
            String prefix = whole.equals(folder) ? "" : headPrefix(String.valueOf(folder.getFileName()));
            return new ModelFolder(folder, new ConfigFile(configFile.toString(), JsonFiles.read(configFile)), files, prefix);
        } catch (RuntimeException problem) {
            files.forEach(Safetensors::close);
            throw problem;
        }
    }

    /// The folder of the model of which a folder is one of several heads; empty where it is a model itself.
    public static Optional<Path> around(Path folder) {
        return isHead(folder) ? Optional.of(above(folder)) : Optional.empty();
    }

    /// A head's folder lies in `heads` of the model's, and has no weights.
    private static boolean isHead(Path folder) {
        Path parent = folder.toAbsolutePath().getParent();
        return parent != null && parent.endsWith(HEADS) && !Files.exists(folder.resolve(WEIGHTS)) && Files.exists(above(folder).resolve(CONFIG));
    }

    private static Path above(Path head) {
        return Objects.requireNonNull(Objects.requireNonNull(head.toAbsolutePath().getParent()).getParent());
    }

    public Path folder() {
        return folder;
    }

    /// The heads of a model that has several, by name; empty where the folder is a model with one head, or one of several heads.
    public List<String> heads() {
        return extra().get(HEADS) instanceof List<?> names ? names.stream().map(String::valueOf).toList() : List.of();
    }

    /// The folder of the base, where this one holds an adapter.
    public Optional<Path> base() {
        return Optional.ofNullable(under);
    }

    /// The folder with the tokenizer: an adapter's own, else its base's.
    public Path tokenizerFolder() {
        if (!prefix.isEmpty()) {
            return above(folder);
        }
        return under != null && !Files.exists(folder.resolve("tokenizer.json")) && !Files.exists(folder.resolve("vocab.txt")) ? under : folder;
    }

    /// SHA-256 of the weights: of each tensor's name, type, shape and bytes, in the order of the names, so that it depends on no file's layout.
    public String hash() {
        return AdapterFolder.hash(files);
    }

    List<Safetensors> files() {
        return files;
    }

    public ConfigFile config() {
        return config;
    }

    /// The labels' names in the order of the classifier's outputs; empty where the configuration names none.
    public List<String> labels() {
        if (!(config.values().get("id2label") instanceof Map<?, ?> names)) {
            return List.of();
        }
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (!(names.get(Integer.toString(i)) instanceof String label)) {
                throw new CheckpointException(config.place() + ": id2label must name 0 to " + (names.size() - 1) + ", " + i + " is missing");
            }
            labels.add(label);
        }
        return labels;
    }

    /// Whether a classifier's weights lie here.
    public boolean hasClassifier() {
        return classes() > 0;
    }

    /// How many labels the classifier has scores for; 0 where there is no classifier.
    public int classes() {
        List<String> outputs = HeadNames.of(config).scores();
        for (String name : outputs) {
            if (adapter != null && adapter.shape(name + ".weight").isPresent()) {
                return Math.toIntExact(adapter.shape(name + ".weight").get()[0]);
            }
        }
        return files.reversed().stream()
                .flatMap(file -> outputs.stream().map(name -> file.entries().get(prefix + name + ".weight")))
                .filter(Objects::nonNull)
                .mapToInt(entry -> Math.toIntExact(entry.shape()[0]))
                .findFirst()
                .orElseGet(this::ranks);
    }

    /// Classes of an order have a threshold between each and the next.
    private int ranks() {
        return files.stream()
                .map(file -> file.entries().get(prefix + RankHead.NAME + ".bias"))
                .filter(Objects::nonNull)
                .mapToInt(entry -> Math.toIntExact(entry.shape()[0]) + 1)
                .findFirst()
                .orElse(0);
    }

    /// Whether the model was trained in bfloat16 and answers in it.
    public boolean isReduced() {
        return "bfloat16".equals(extra().get("precision"));
    }

    /// What Cultivar's own keys say of the head; empty in folders that others wrote.
    public Map<?, ?> extra() {
        return config.values().get("cultivar") instanceof Map<?, ?> extra ? extra : Map.of();
    }

    /// The stored tensors, less those whose names are hidden.
    public StoredWeights stored(Predicate<String> hidden) {
        return new StoredWeights(folder.toString(), Backbones.prefix(config), HeadNames.of(config), files, hidden, leftOut(), prefix).under(adapter);
    }

    /// Names that are no parameters: constants in older files, and a tied head's copy of the table.
    private Predicate<String> leftOut() {
        Optional<Family> family = Family.of(config.text("model_type", ""));
        if (family.isEmpty()) {
            return name -> false;
        }
        Optional<Family.Words> words = family.get().words();
        Optional<String> copy = words.filter(of -> family.get() == Family.T5 ? copied(family.get().prefix(), of) : tied(family.get().prefix(), of)).map(Family.Words::head);
        return name -> family.get().isBuffer(name) || copy.filter(name::equals).isPresent();
    }

    /// Whether the head is the table, as the configuration says; a file that has both may have only the same values in both.
    private boolean tied(String prefix, Family.Words words) {
        if (!config.flag("tie_word_embeddings", words.tiedUnlessSaid())) {
            return false;
        }
        if (!sameWhereBoth(prefix, words)) {
            throw new CheckpointException(folder + ": " + config.place() + " says that " + words.head() + " is the table " + words.table()
                    + ", but their values differ. Set tie_word_embeddings to false there if the head was trained apart");
        }
        return true;
    }

    /// Of T5 the file tells, not the configuration, which says true in all that transformers 5 writes: a head with values of its own is one.
    private boolean copied(String prefix, Family.Words words) {
        return config.flag("tie_word_embeddings", words.tiedUnlessSaid()) && sameWhereBoth(prefix, words);
    }

    private Optional<MemorySegment> bytes(String tensor) {
        return files.stream().filter(file -> file.entries().containsKey(tensor)).findFirst().map(file -> file.bytes(tensor));
    }

    private boolean sameWhereBoth(String prefix, Family.Words words) {
        Optional<MemorySegment> head = bytes(words.head());
        return Stream.of(prefix + words.table(), words.table())
                .flatMap(table -> bytes(table).stream())
                .allMatch(table -> head.isEmpty() || table.mismatch(head.get()) < 0);
    }

    /// Writes a model. Transformers opens the folder with the class that `architectures` names.
    ///
    /// @param labels the labels' names in the order of the classifier's outputs; empty where there is no classifier
    /// @param extra  keys of Cultivar's own, which transformers passes over
    public static void write(Path folder, Model model, List<String> labels, Map<String, Object> extra) {
        Layout layout = Layout.of(model, extra);
        Map<String, Object> config = config(model, layout.architecture(), labels, extra);
        Optional<AdapterConfig> adapter = model.weights().adapters().config();
        if (adapter.isEmpty()) {
            JsonFiles.write(folder.resolve(CONFIG), config);
            write(folder.resolve(WEIGHTS), model.weights(), layout.model());
        } else {
            AdapterFolder.write(folder, model, layout.architecture(), layout.model(), layout.head(), config);
            return;
        }
        if (!layout.head().isEmpty()) {
            write(folder.resolve(HEAD), model.weights(), layout.head());
        }
    }

    /// Writes how one of several heads is read: what `config.json` would say of a model with this head alone. The weights lie in the model's folder.
    ///
    /// @param folder of the model, which was written before
    /// @param head   the model as the head's task sees it, see [Model#head]
    public static void writeHead(Path folder, String name, Model head, List<String> labels, Map<String, Object> extra) {
        Path own = head(folder, name);
        try {
            Files.createDirectories(own);
        } catch (IOException failure) {
            throw new CheckpointException(own + ": cannot be made: " + failure.getMessage(), failure);
        }
        JsonFiles.write(own.resolve(CONFIG), config(head, Layout.of(head, extra).architecture(), labels, extra));
    }

    private static Map<String, Object> config(Model model, String architecture, List<String> labels, Map<String, Object> extra) {
        Map<String, Object> config = new LinkedHashMap<>(model.backbone().config());
        config.put("architectures", List.of(architecture));
        config.put("dtype", "float32");
        if (!labels.isEmpty()) {
            Map<String, Object> names = new LinkedHashMap<>();
            Map<String, Object> numbers = new LinkedHashMap<>();
            for (int i = 0; i < labels.size(); i++) {
                names.put(Integer.toString(i), labels.get(i));
                numbers.put(labels.get(i), i);
            }
            config.put("id2label", names);
            config.put("label2id", numbers);
        }
        if (extra.get("meaning") instanceof String word) {
            String problem = Meaning.named(word).map(Meaning::problemType).orElse("");
            if (!problem.isEmpty()) {
                config.put("problem_type", problem);
            }
        }
        if (!extra.isEmpty()) {
            config.put("cultivar", extra);
        }
        return config;
    }

    static void write(Path file, Weights weights, Map<String, String> names) {
        List<SafetensorsWriter.Tensor> sources = new ArrayList<>();
        names.forEach((stored, name) -> sources.add(new SafetensorsWriter.Tensor(
                stored, weights.stored(name), weights.shape(name), () -> Tensors.plainBytes(weights.master(name)))));
        SafetensorsWriter.write(file, sources);
    }

    /// Which tensor lies in which file under which name.
    ///
    /// @param architecture transformers' class
    /// @param model        stored name to name in the weights, for `model.safetensors`
    /// @param head         likewise, for `head.safetensors`
    private record Layout(String architecture, Map<String, String> model, Map<String, String> head) {

        static Layout of(Model model, Map<String, Object> extra) {
            Set<String> networks = new LinkedHashSet<>(model.networks().keySet());
            if ("mean".equals(extra.get("pooling"))) {
                networks.remove(LinearHead.CLASSIFIER); // transformers' classes have no mean pooling
            }
            Architecture architecture = model.backbone().architecture(networks);
            Map<String, String> inside = new LinkedHashMap<>();
            Map<String, String> head = new LinkedHashMap<>();
            for (String name : model.weights().names()) {
                if (model.weights().adapters().resting(name)) {
                    continue;
                }
                if (architecture.holds(name)) {
                    inside.put(architecture.stored(name), name);
                } else {
                    head.put(name, name);
                }
            }
            return new Layout(architecture.name(), inside, head);
        }
    }

    @Override
    public void close() {
        files.forEach(Safetensors::close);
        if (adapter != null) {
            adapter.close();
        }
    }
}
