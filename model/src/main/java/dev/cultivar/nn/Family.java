package dev.cultivar.nn;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A kind of backbone that is built, and what Hugging Face's files call it and its parts.
enum Family {
    BART(
            "bart",
            "model.",
            new Words("shared.weight", CausalLmHead.WEIGHT, true),
            Pattern.compile("(model\\.)?((encoder|decoder)\\.(version|embed_tokens\\.weight)|version)|(encoder|decoder)\\.version")),
    BERT("bert", "bert.", Pattern.compile(Family.PLACES)),
    CNN("cnn", "", Pattern.compile(Family.NONE)),
    CONV_ENCODER("conv_encoder", "", Pattern.compile(Family.NONE)),
    DISTILBERT("distilbert", "distilbert.", Pattern.compile(Family.PLACES)),
    ELECTRA("electra", "electra.", Pattern.compile(Family.PLACES)),
    GEMMA2("gemma2", "model.", new Words("embed_tokens.weight", CausalLmHead.WEIGHT, true), Pattern.compile(Family.TURNS)),
    GEMMA3("gemma3_text", "model.", new Words("embed_tokens.weight", CausalLmHead.WEIGHT, true), Pattern.compile(Family.TURNS)),
    GPT2("gpt2", "transformer.", new Words("wte.weight", CausalLmHead.WEIGHT, true), Pattern.compile(".*\\.attn\\.(masked_)?bias")),
    GPT_NEOX(
            "gpt_neox",
            "gpt_neox.",
            new Words("embed_in.weight", GptNeoX.OUT + ".weight", false),
            Pattern.compile(".*\\.attention\\.((masked_)?bias|rotary_emb\\.inv_freq)")),
    LENET("lenet", "", Pattern.compile(Family.NONE)),
    LLAMA("llama", "model.", new Words("embed_tokens.weight", CausalLmHead.WEIGHT, false), Pattern.compile(Family.TURNS)),
    MISTRAL("mistral", "model.", new Words("embed_tokens.weight", CausalLmHead.WEIGHT, false), Pattern.compile(Family.TURNS)),
    MLP("mlp", "", Pattern.compile(Family.NONE)),
    MODERNBERT("modernbert", "model.", Pattern.compile(Family.TURNS)),
    QWEN2("qwen2", "model.", new Words("embed_tokens.weight", CausalLmHead.WEIGHT, false), Pattern.compile(Family.TURNS)),
    QWEN3("qwen3", "model.", new Words("embed_tokens.weight", CausalLmHead.WEIGHT, false), Pattern.compile(Family.TURNS)),
    RESNET("resnet", "resnet.", Pattern.compile(Family.NONE)),
    ROBERTA("roberta", "roberta.", Pattern.compile(Family.PLACES)),
    T5(
            "t5",
            "",
            new Words("shared.weight", CausalLmHead.WEIGHT, true),
            Pattern.compile(
                    "(encoder|decoder)\\.embed_tokens\\.weight|decoder\\.block\\.0\\.layer\\.1\\.EncDecAttention\\.relative_attention_bias\\.weight")),
    VGG("vgg", "", Pattern.compile(Family.NONE)),
    VIT("vit", "vit.", Pattern.compile(Family.NONE));

    /// Constants that older files hold.
    private static final String PLACES = ".*embeddings\\.position_ids";
    private static final String TURNS = ".*rotary_emb\\..*inv_freq";
    /// No name.
    private static final String NONE = "(?!)";

    private final String modelType;
    private final String prefix;
    private final Optional<Words> words;
    private final Pattern buffers;

    Family(String modelType, String prefix, Pattern buffers) {
        this(modelType, prefix, Optional.empty(), buffers);
    }

    Family(String modelType, String prefix, Words words, Pattern buffers) {
        this(modelType, prefix, Optional.of(words), buffers);
    }

    Family(String modelType, String prefix, Optional<Words> words, Pattern buffers) {
        this.modelType = modelType;
        this.prefix = prefix;
        this.words = words;
        this.buffers = buffers;
    }

    /// What a backbone that predicts the next token projects on.
    ///
    /// @param table          the embedding table, without the prefix
    /// @param head           the matrix of a head that is not tied
    /// @param tiedUnlessSaid whether the head is the table where the configuration does not say
    record Words(String table, String head, boolean tiedUnlessSaid) {}

    /// The value of `model_type` in `config.json`.
    String modelType() {
        return modelType;
    }

    /// What the backbone's names start with where heads lie beside them; a bare backbone's file leaves it out.
    String prefix() {
        return prefix;
    }

    /// Empty for a kind that does not predict the next token.
    Optional<Words> words() {
        return words;
    }

    /// Whether the name is no parameter but a constant that older files hold.
    boolean isBuffer(String name) {
        return buffers.matcher(name).matches();
    }

    static Optional<Family> of(String modelType) {
        return Arrays.stream(values()).filter(family -> family.modelType.equals(modelType)).findFirst();
    }

    /// The `model_type` of every kind.
    static List<String> known() {
        return Arrays.stream(values()).map(Family::modelType).toList();
    }

    /// The kinds that predict the next token.
    static List<String> predictors() {
        return Arrays.stream(values()).filter(family -> family.words.isPresent() && family != BART && family != T5).map(Family::modelType).toList();
    }
}
