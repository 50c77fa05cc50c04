package dev.cultivar.nn;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/// ELECTRA (Clark et al., 2020): BERT's blocks over embeddings that may be narrower; names and numbers are Hugging Face's.
///
/// As a discriminator it tells, for every token, whether a small generator has replaced it. Inputs are those of [Bert]. The first
/// cut point is what the first block reads: the embeddings, brought to the width of the blocks.
public final class Electra implements TextBackbone {
    static final String PREFIX = "electra.";
    /// What the names of a generator start with, before those that a model of its own would have.
    static final String GENERATOR = "generator";
    private static final String EMBEDDINGS = "embeddings.";
    private static final String PROJECT = "embeddings_project";
    private static final String BLOCKS = "encoder.layer.";

    private final Weights weights;
    private final ElectraConfig config;
    private final String prefix;
    private final TokenEmbeddings embeddings;
    private final EncoderBlocks blocks;

    /// Declares the parameters.
    public Electra(Weights weights, ElectraConfig config) {
        this(weights, config, PREFIX, embeddings(weights, config, PREFIX));
    }

    private Electra(Weights weights, ElectraConfig config, String prefix, TokenEmbeddings embeddings) {
        this.weights = weights;
        this.config = config;
        this.prefix = prefix;
        this.embeddings = embeddings;
        BertConfig encoder = config.encoder();
        if (projects()) {
            Layers.declareLinear(weights, prefix + PROJECT, encoder.initializerRange(), config.embedding(), encoder.width());
        }
        this.blocks = new EncoderBlocks(weights, encoder, prefix + BLOCKS);
    }

    private Electra(Electra electra, EncoderBlocks blocks) {
        this.weights = electra.weights;
        this.config = electra.config;
        this.prefix = electra.prefix;
        this.embeddings = electra.embeddings;
        this.blocks = blocks;
    }

    @Override
    public Optional<Backbone> recomputing() {
        return Optional.of(new Electra(this, blocks.recomputing()));
    }

    private static TokenEmbeddings embeddings(Weights weights, ElectraConfig config, String prefix) {
        return new TokenEmbeddings(weights, config.encoder(), config.embedding(), prefix + EMBEDDINGS);
    }

    private boolean projects() {
        return config.embedding() != config.encoder().width();
    }

    @Override
    public Hidden forward(Inputs inputs, Mode mode) {
        return blocks.forward(inputs, () -> embed(inputs, mode), mode);
    }

    /// (B, T) -> (B, T, C)
    private Tensor embed(Inputs inputs, Mode mode) {
        Tensor narrow = embeddings.apply(inputs, mode); // (B, T, embedding)
        return projects() ? Layers.linear(weights, prefix + PROJECT, narrow) : narrow;
    }

    /// (B, T, C) -> (B, C): the first token as it is; ELECTRA has no pooler.
    @Override
    public Tensor pooled(Hidden hidden, Inputs inputs, Mode mode) {
        return hidden.states().select(1, 0);
    }

    @Override
    public Optional<MaskedLmHead> maskedLmHead(Model model) {
        return Optional.of(model.network(
                GeneratorHead.NAME, GeneratorHead.class, into -> new GeneratorHead(into, config, embeddings.words(), "")));
    }

    @Override
    public Optional<Detection> detection(Model model, GeneratorShape shape) {
        Generator generator = model.network(GENERATOR, Generator.class, into -> generator(into, shape));
        return Optional.of(new Detection(generator.network(), generator.head(), discriminatorHead(model)));
    }

    /// The head that tells replaced tokens, built on first use.
    public DiscriminatorHead discriminatorHead(Model model) {
        return model.network(DiscriminatorHead.NAME, DiscriminatorHead.class, into -> new DiscriminatorHead(into, config.encoder()));
    }

    private record Generator(Electra network, GeneratorHead head) {}

    private Generator generator(Weights into, GeneratorShape shape) {
        ElectraConfig small = config.generator(shape);
        String under = GENERATOR + "." + PREFIX;
        TokenEmbeddings read = shape.shared() ? embeddings : embeddings(into, small, under);
        return new Generator(
                new Electra(into, small, under, read), new GeneratorHead(into, small, read.words(), GENERATOR + "."));
    }

    @Override
    public Optional<RowHead> labelHead(Model model, int labels, double deviation) {
        return Optional.of(model.network(
                LinearHead.CLASSIFIER,
                DenseClassificationHead.class,
                into -> new DenseClassificationHead(into, width(), "gelu", config.classifierDropout(), labels, deviation)));
    }

    @Override
    public double headDropout() {
        return config.classifierDropout();
    }

    @Override
    public Architecture architecture(Set<String> networks) {
        if (networks.equals(Set.of(DiscriminatorHead.NAME)) || networks.equals(Set.of(DiscriminatorHead.NAME, GENERATOR))) {
            return new Architecture("ElectraForPreTraining", PREFIX, Set.of(DiscriminatorHead.NAME));
        }
        if (networks.equals(Set.of(GeneratorHead.NAME))) {
            return new Architecture("ElectraForMaskedLM", PREFIX, Set.of(GeneratorHead.NAME, GeneratorHead.OUT));
        }
        if (networks.equals(Set.of(LinearHead.CLASSIFIER))) {
            return new Architecture("ElectraForSequenceClassification", PREFIX, networks);
        }
        if (networks.equals(Set.of(TokenHead.NETWORK))) {
            return new Architecture("ElectraForTokenClassification", PREFIX, Set.of(LinearHead.CLASSIFIER));
        }
        if (networks.equals(Set.of(SpanHead.NAME))) {
            return new Architecture("ElectraForQuestionAnswering", PREFIX, networks);
        }
        return new Architecture("ElectraModel", PREFIX, Set.of());
    }

    public ElectraConfig settings() {
        return config;
    }

    @Override
    public Optional<VirtualShape> virtualShape() {
        return Optional.of(new VirtualShape(config.embedding(), config.encoder().heads(), config.encoder().width() / config.encoder().heads()));
    }

    @Override
    public Dimensions dimensions() {
        return new Dimensions(config.encoder().width(), config.encoder().layers(), config.encoder().positions(), config.encoder().vocabulary());
    }

    @Override
    public int depth(String parameter) {
        int block = blocks.depth(parameter);
        return block > 0 ? block : parameter.startsWith(prefix) ? 0 : -1;
    }

    @Override
    public Map<String, Object> config() {
        return config.json();
    }

    @Override
    public double forwardFlops(int length) {
        double projection = projects() ? 2.0 * config.embedding() * config.encoder().width() : 0;
        return projection + blocks.forwardFlops(length);
    }
}
