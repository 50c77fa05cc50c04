package dev.cultivar.nn;

import dev.cultivar.format.CheckpointException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What PEFT's `adapter_config.json` says: which kind of adapter stands on which modules of which base.
///
/// @param kind  of adapter, with its numbers
/// @param saved modules that are trained whole and stored with the adapter: PEFT's `modules_to_save`
/// @param base  the model's folder, as it was written down; empty where it is not said
/// @param hash  SHA-256 of the base's weights, see [ModelFolder#hash]; empty where it is not said: PEFT has no key for it
public record AdapterConfig(Kind kind, List<String> saved, String base, String hash) {
    static final String FILE = "adapter_config.json";
    static final String WEIGHTS = "adapter_model.safetensors";
    /// The key of a [ConfigFile] under which an adapter's configuration travels; no file has it.
    public static final String KEY = "adapter";

    public AdapterConfig {
        saved = List.copyOf(saved);
    }

    /// The kinds of adapters that are built.
    public sealed interface Kind {}

    /// LoRA (Hu et al., 2022), rsLoRA (Kalajdzievski, 2023) and DoRA (Liu et al., 2024).
    ///
    /// @param targets    the linear layers that it stands on
    /// @param excluded   those of them that it does not stand on
    /// @param layers     of the backbone that it stands in
    /// @param rank       of the product that is added to a matrix
    /// @param alpha      the product is scaled by `alpha / rank`
    /// @param ranks      other ranks, by a pattern for the end of a module's name
    /// @param alphas     other scales, likewise
    /// @param dropout    of what goes into the product, in training
    /// @param stabilized whether the product is scaled by `alpha / sqrt(rank)` instead: rsLoRA
    /// @param magnitudes whether each row's length is a parameter of its own: DoRA
    /// @param bias       which biases are trained too
    public record LowRank(
            ModuleNames targets,
            ModuleNames excluded,
            ModuleNames.Layers layers,
            int rank,
            double alpha,
            Map<String, Integer> ranks,
            Map<String, Double> alphas,
            double dropout,
            boolean stabilized,
            boolean magnitudes,
            Bias bias)
            implements Kind {

        /// One of the same rank everywhere.
        public LowRank(ModuleNames targets, int rank, double alpha, double dropout, boolean stabilized, boolean magnitudes) {
            this(targets, ModuleNames.NONE, ModuleNames.Layers.ALL, rank, alpha, Map.of(), Map.of(), dropout, stabilized, magnitudes, Bias.NONE);
        }

        int rank(String module) {
            return found(ranks, module).orElse(rank);
        }

        double scale(String module) {
            double of = found(alphas, module).orElse(alpha);
            return of / (stabilized ? Math.sqrt(rank(module)) : rank(module));
        }

        private static <V> Optional<V> found(Map<String, V> patterns, String module) {
            return patterns.entrySet().stream()
                    .filter(each -> ModuleNames.pattern("(.*\\.)?(" + each.getKey() + ")", "rank_pattern or alpha_pattern").matcher(module).matches())
                    .map(Map.Entry::getValue)
                    .findFirst();
        }
    }

    /// NONE: no bias. ALL: every bias. ADAPTED: those of the layers that an adapter stands on.
    public enum Bias { NONE, ALL, ADAPTED }

    /// IA3 (Liu et al., 2022): what goes into a feed-forward layer, or comes out of another one, is scaled.
    ///
    /// @param targets     the linear layers that it stands on
    /// @param excluded    those of them that it does not stand on
    /// @param feedForward those of them whose input is scaled
    public record Scaling(ModuleNames targets, ModuleNames excluded, ModuleNames feedForward) implements Kind {}

    /// Prompt tuning (Lester et al., 2021): vectors before the words of each row.
    public record Prompt(int tokens) implements Kind {}

    /// Prefix tuning (Li and Liang, 2021): keys and values before those of each layer.
    public record Prefix(int tokens) implements Kind {}

    /// Whether what the adapter learns is virtual tokens, and not something that stands on layers.
    boolean virtual() {
        return switch (kind) {
            case LowRank _, Scaling _ -> false;
            case Prompt _, Prefix _ -> true;
        };
    }

    /// Reads a folder's `adapter_config.json`.
    public static AdapterConfig read(Path folder) {
        Path file = folder.resolve(FILE);
        return AdapterConfigReader.read(new ConfigFile(file.toString(), dev.cultivar.format.JsonFiles.read(file)));
    }

    /// The configuration with these modules saved.
    public AdapterConfig saving(List<String> modules) {
        return new AdapterConfig(kind, modules, base, hash);
    }

    /// The configuration for a base.
    public AdapterConfig on(String model, String sha256) {
        return new AdapterConfig(kind, saved, model, sha256);
    }

    /// The configuration with targets that are said, those of the family where they are not.
    AdapterConfig resolved(AdapterTargets family, String modelType) {
        return switch (kind) {
            case LowRank low when low.targets().isEmpty() -> new AdapterConfig(
                    new LowRank(
                            defaults(family.lowRank(), modelType), low.excluded(), low.layers(), low.rank(), low.alpha(), low.ranks(), low.alphas(),
                            low.dropout(), low.stabilized(), low.magnitudes(), low.bias()),
                    saved,
                    base,
                    hash);
            case Scaling scaling when scaling.targets().isEmpty() -> new AdapterConfig(
                    new Scaling(
                            defaults(family.scaled(), modelType),
                            scaling.excluded(),
                            scaling.feedForward().isEmpty() ? ModuleNames.of(family.feedForward()) : scaling.feedForward()),
                    saved,
                    base,
                    hash);
            case LowRank _, Scaling _, Prompt _, Prefix _ -> this;
        };
    }

    /// The configuration with layers named where it has a pattern or means all: a name's ending holds for the model with its head and
    /// without, where the names start otherwise; Python reads a regular expression in its own way; and PEFT's "all" has the pooler in it.
    ///
    /// @param layers that the adapter stands on
    /// @param prefix what their names start with only under a head
    AdapterConfig spelledOut(Set<String> layers, String prefix) {
        return switch (kind) {
            case LowRank low when !low.targets().isNamed() -> new AdapterConfig(
                    new LowRank(
                            low.targets().spelledOut(layers, prefix), low.excluded(), low.layers(), low.rank(), low.alpha(), low.ranks(), low.alphas(),
                            low.dropout(), low.stabilized(), low.magnitudes(), low.bias()),
                    saved,
                    base,
                    hash);
            case Scaling scaling -> new AdapterConfig(
                    new Scaling(
                            scaling.targets().spelledOut(layers, prefix), scaling.excluded(), scaling.feedForward().spelledOut(layers, prefix)),
                    saved,
                    base,
                    hash);
            case LowRank _, Prompt _, Prefix _ -> this;
        };
    }

    private static ModuleNames defaults(List<String> endings, String modelType) {
        if (endings.isEmpty()) {
            throw new CheckpointException("an adapter of a backbone of type " + modelType + " must say its targets: there are none by default");
        }
        return ModuleNames.of(endings);
    }

    /// PEFT's keys. Those that are left out have PEFT's own defaults.
    ///
    /// @param task  PEFT's word for it; empty where it has none
    /// @param model that the adapter belongs to
    Map<String, @Nullable Object> json(String task, Backbone model, boolean transposed) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("base_model_name_or_path", base.isEmpty() ? null : base);
        json.put("inference_mode", true);
        json.put("modules_to_save", saved.isEmpty() ? null : saved);
        json.put("task_type", task.isEmpty() ? null : task);
        switch (kind) {
            case LowRank low -> {
                json.put("peft_type", "LORA");
                json.put("target_modules", low.targets().json());
                json.put("exclude_modules", low.excluded().isEmpty() ? null : low.excluded().json());
                json.put("layers_to_transform", low.layers().numbers().isEmpty() ? null : low.layers().numbers());
                json.put("layers_pattern", low.layers().patterns().isEmpty() ? null : low.layers().patterns());
                json.put("r", low.rank());
                json.put("lora_alpha", low.alpha() == Math.rint(low.alpha()) ? (Object) (long) low.alpha() : low.alpha());
                json.put("rank_pattern", low.ranks());
                json.put("alpha_pattern", low.alphas());
                json.put("lora_dropout", low.dropout());
                json.put("use_rslora", low.stabilized());
                json.put("use_dora", low.magnitudes());
                json.put("bias", switch (low.bias()) {
                    case NONE -> "none";
                    case ALL -> "all";
                    case ADAPTED -> "lora_only";
                });
                json.put("fan_in_fan_out", transposed);
                json.put("init_lora_weights", true);
            }
            case Scaling scaling -> {
                json.put("peft_type", "IA3");
                json.put("target_modules", scaling.targets().json());
                json.put("exclude_modules", scaling.excluded().isEmpty() ? null : scaling.excluded().json());
                json.put("feedforward_modules", scaling.feedForward().json());
                json.put("fan_in_fan_out", transposed);
            }
            case Prompt(int tokens) -> {
                VirtualShape shape = model.virtualShape().orElseThrow();
                virtual(json, "PROMPT_TUNING", tokens, model.layers(), shape.heads(), shape.words());
                json.put("prompt_tuning_init", "RANDOM");
            }
            case Prefix(int tokens) -> {
                VirtualShape shape = model.virtualShape().orElseThrow();
                virtual(json, "PREFIX_TUNING", tokens, model.layers(), shape.heads(), shape.heads() * shape.keyWidth());
                json.put("encoder_hidden_size", shape.heads() * shape.keyWidth());
                json.put("prefix_projection", false);
            }
        }
        return json;
    }

    private static void virtual(Map<String, @Nullable Object> json, String type, int tokens, int layers, int heads, int width) {
        json.put("peft_type", type);
        json.put("num_virtual_tokens", tokens);
        json.put("num_layers", layers);
        json.put("num_attention_heads", heads);
        json.put("token_dim", width);
        json.put("num_transformer_submodules", 1);
    }
}
