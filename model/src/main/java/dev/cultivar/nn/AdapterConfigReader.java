package dev.cultivar.nn;

import dev.cultivar.format.CheckpointException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads PEFT's `adapter_config.json`: what is built is taken, and what is not built and would change the numbers is refused by its name.
final class AdapterConfigReader {
    /// Keys that change no number once an adapter is trained.
    private static final Set<String> PASSED_OVER = Set.of(
            "auto_mapping", "base_model_name_or_path", "inference_mode", "modules_to_save", "peft_type", "peft_version", "revision", "task_type",
            "fan_in_fan_out", "megatron_core", "qalora_group_size", "init_lora_weights", "init_ia3_weights", "init_weights", "loftq_config",
            "eva_config", "runtime_config", "prompt_tuning_init", "prompt_tuning_init_text", "tokenizer_name_or_path", "tokenizer_kwargs",
            "encoder_hidden_size", "token_dim", "num_attention_heads", "num_layers");
    private static final Set<String> LOW_RANK = Set.of(
            "target_modules", "exclude_modules", "layers_to_transform", "layers_pattern", "r", "lora_alpha", "rank_pattern", "alpha_pattern",
            "lora_dropout", "use_rslora", "use_dora", "bias");
    private static final Set<String> SCALING = Set.of("target_modules", "exclude_modules", "feedforward_modules");
    private static final Set<String> VIRTUAL = Set.of("num_virtual_tokens", "num_transformer_submodules");
    /// Ways to start that leave the base as it is.
    private static final Set<Object> HARMLESS = Set.of(true, false, "gaussian", "eva", "orthogonal");

    private final ConfigFile config;

    private AdapterConfigReader(ConfigFile config) {
        this.config = config;
    }

    static AdapterConfig read(ConfigFile config) {
        return new AdapterConfigReader(config).read();
    }

    private AdapterConfig read() {
        AdapterConfig.Kind kind = switch (config.text("peft_type", "")) {
            case "LORA" -> lowRank();
            case "IA3" -> scaling();
            case "PROMPT_TUNING" -> new AdapterConfig.Prompt(virtual());
            case "PREFIX_TUNING" -> {
                config.require("prefix_projection", false);
                yield new AdapterConfig.Prefix(virtual());
            }
            case String other -> throw new CheckpointException(config.place() + ": peft_type " + (other.isEmpty() ? "is missing" : other + " is not built")
                    + "; built are LORA (also with use_rslora and use_dora), IA3, PROMPT_TUNING and PREFIX_TUNING");
        };
        return new AdapterConfig(kind, texts("modules_to_save"), config.text("base_model_name_or_path", ""), "");
    }

    private AdapterConfig.LowRank lowRank() {
        refuseOthers(LOW_RANK);
        Object init = config.values().get("init_lora_weights");
        if (init != null && !HARMLESS.contains(init)) {
            throw new CheckpointException(config.place() + ": init_lora_weights " + init + " starts from another base than the model's own. "
                    + "In Python, save the adapter with path_initial_model_for_weight_conversion, which turns it into a plain LoRA");
        }
        double dropout = config.number("lora_dropout", 0);
        if (dropout < 0 || dropout >= 1) {
            throw new CheckpointException(config.place() + ": lora_dropout must be from 0 to below 1, got " + dropout);
        }
        return new AdapterConfig.LowRank(
                modules("target_modules"),
                modules("exclude_modules"),
                new ModuleNames.Layers(numbers("layers_to_transform"), patterns("layers_pattern")),
                above("r", 8),
                finite("lora_alpha", 8),
                map("rank_pattern", each -> each instanceof Long rank && rank > 0 && rank <= Integer.MAX_VALUE ? Math.toIntExact(rank) : null),
                map("alpha_pattern", each -> each instanceof Number alpha && Double.isFinite(alpha.doubleValue()) ? alpha.doubleValue() : null),
                dropout,
                config.flag("use_rslora", false),
                config.flag("use_dora", false),
                switch (config.text("bias", "none")) {
                    case "none" -> AdapterConfig.Bias.NONE;
                    case "all" -> AdapterConfig.Bias.ALL;
                    case "lora_only" -> AdapterConfig.Bias.ADAPTED;
                    case String other -> throw new CheckpointException(config.place() + ": bias must be none, all or lora_only, got " + other);
                });
    }

    private AdapterConfig.Scaling scaling() {
        refuseOthers(SCALING);
        return new AdapterConfig.Scaling(modules("target_modules"), modules("exclude_modules"), modules("feedforward_modules"));
    }

    private int virtual() {
        refuseOthers(VIRTUAL);
        if (config.whole("num_transformer_submodules", 1) != 1) {
            throw new CheckpointException(config.place() + ": num_transformer_submodules must be 1, got "
                    + config.values().get("num_transformer_submodules") + "; virtual tokens in encoder and decoder at once are not built");
        }
        return above("num_virtual_tokens", 0);
    }

    /// PEFT has many variants behind keys of their own; one that is switched on changes the numbers.
    private void refuseOthers(Set<String> known) {
        List<String> others = new ArrayList<>();
        config.values().forEach((key, value) -> {
            boolean off = value == null || Boolean.FALSE.equals(value) || value instanceof Map<?, ?> map && map.isEmpty()
                    || value instanceof List<?> list && list.isEmpty();
            if (!off && !known.contains(key) && !PASSED_OVER.contains(key) && !key.equals("prefix_projection")) {
                others.add(key + ": " + value);
            }
        });
        if (!others.isEmpty()) {
            throw new CheckpointException(config.place() + ": " + String.join(", ", new TreeSet<>(others))
                    + " is not built. Train the adapter without it, or merge it in Python and give the merged model");
        }
    }

    private int above(String key, int otherwise) {
        int number = config.whole(key, otherwise);
        if (number < 1) {
            throw new CheckpointException(config.place() + ": " + key + " must be a whole number above 0, "
                    + (config.values().get(key) == null ? "and is missing" : "got " + number));
        }
        return number;
    }

    private double finite(String key, double otherwise) {
        double number = config.number(key, otherwise);
        if (!Double.isFinite(number)) {
            throw new CheckpointException(config.place() + ": " + key + " must be a finite number, got " + config.values().get(key));
        }
        return number;
    }

    private ModuleNames modules(String key) {
        return ModuleNames.read(config.values().get(key), config.place() + ": " + key);
    }

    /// A list of texts, or one.
    private List<String> texts(String key) {
        return switch (config.values().get(key)) {
            case null -> List.of();
            case String one -> List.of(one);
            case List<?> list when list.stream().allMatch(String.class::isInstance) -> list.stream().map(String::valueOf).distinct().toList();
            case Object other -> throw new CheckpointException(config.place() + ": " + key + " must be a list of texts, got " + other);
        };
    }

    /// Regular expressions for what stands before a layer's number.
    private List<String> patterns(String key) {
        List<String> patterns = texts(key);
        patterns.forEach(each -> ModuleNames.pattern(each, config.place() + ": " + key));
        return patterns;
    }

    /// A list of whole numbers, or one.
    private List<Integer> numbers(String key) {
        return switch (config.values().get(key)) {
            case null -> List.of();
            case Long one when isLayer(one) -> List.of(Math.toIntExact(one));
            case List<?> list when list.stream().allMatch(AdapterConfigReader::isLayer) ->
                list.stream().map(each -> Math.toIntExact((Long) each)).toList();
            case Object other -> throw new CheckpointException(config.place() + ": " + key + " must be a list of layers' numbers, got " + other);
        };
    }

    private static boolean isLayer(Object value) {
        return value instanceof Long number && number >= 0 && number <= Integer.MAX_VALUE;
    }

    private <V> Map<String, V> map(String key, Function<@Nullable Object, @Nullable V> value) {
        Map<String, V> map = new LinkedHashMap<>();
        switch (config.values().get(key)) {
            case null -> {}
            case Map<?, ?> entries -> entries.forEach((pattern, number) -> {
                V read = value.apply(number);
                if (read == null) {
                    throw new CheckpointException(config.place() + ": " + key + "." + pattern + " must be a number above 0, got " + number);
                }
                ModuleNames.pattern(String.valueOf(pattern), config.place() + ": " + key);
                map.put(String.valueOf(pattern), read);
            });
            case Object other -> throw new CheckpointException(config.place() + ": " + key + " must be a map, got " + other);
        }
        return map;
    }
}
