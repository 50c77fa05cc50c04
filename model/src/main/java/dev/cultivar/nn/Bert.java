package dev.cultivar.nn;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// BERT (Devlin et al., 2019): embeddings, then post-norm transformer blocks; names and numbers are Hugging Face's.
///
/// Inputs: `input_ids` (B, T) and, where the rows need them, `attention_mask` and `token_type_ids` (B, T). Positions are
/// counted from the left edge, padding included.
public final class Bert implements TextBackbone {
    static final String PREFIX = "bert.";
    private static final String EMBEDDINGS = PREFIX + "embeddings.";
    private static final String POOLER = PREFIX + "pooler.dense";

    /// The table that a masked-LM head shares: (V, C).
    public static final String WORDS = EMBEDDINGS + "word_embeddings.weight";

    private final Weights weights;
    private final BertConfig config;
    private final boolean pooler;
    private final TokenEmbeddings embeddings;
    private final EncoderBlocks blocks;

    /// Declares the parameters.
    ///
    /// @param pooler whether a head reads the first token through a dense layer and tanh
    public Bert(Weights weights, BertConfig config, boolean pooler) {
        this.weights = weights;
        this.config = config;
        this.pooler = pooler;
        this.embeddings = new TokenEmbeddings(weights, config, config.width(), EMBEDDINGS);
        this.blocks = new EncoderBlocks(weights, config, PREFIX + "encoder.layer.");
        if (pooler) {
            Layers.declareLinear(weights, POOLER, config.initializerRange(), config.width(), config.width());
        }
    }

    private Bert(Bert bert, EncoderBlocks blocks) {
        this.weights = bert.weights;
        this.config = bert.config;
        this.pooler = bert.pooler;
        this.embeddings = bert.embeddings;
        this.blocks = blocks;
    }

    @Override
    public Optional<Backbone> recomputing() {
        return Optional.of(new Bert(this, blocks.recomputing()));
    }

    @Override
    public Hidden forward(Inputs inputs, Mode mode) {
        return blocks.forward(inputs, () -> embeddings.apply(inputs, mode), mode);
    }

    /// (B, T, C) -> (B, C): the first token through a dense layer and tanh.
    @Override
    public Tensor pooled(Hidden hidden, Inputs inputs, Mode mode) {
        if (!pooler) {
            throw new IllegalStateException("this BERT was opened without its pooler");
        }
        return torch.tanh(Layers.linear(weights, POOLER, hidden.states().select(1, 0)));
    }

    @Override
    public Optional<MaskedLmHead> maskedLmHead(Model model) {
        return Optional.of(model.network(BertMaskedLmHead.NAME, BertMaskedLmHead.class, into -> new BertMaskedLmHead(into, config)));
    }

    @Override
    public double headDropout() {
        return config.dropout();
    }

    @Override
    public boolean poolsFirstToken() {
        return true;
    }

    @Override
    public Architecture architecture(Set<String> networks) {
        if (networks.equals(Set.of(BertMaskedLmHead.NAME))) {
            return new Architecture("BertForMaskedLM", PREFIX, networks);
        }
        if (networks.equals(Set.of(BertMaskedLmHead.NAME, LinearHead.NEXT_SENTENCE))) {
            return new Architecture("BertForPreTraining", PREFIX, networks);
        }
        if (networks.equals(Set.of(LinearHead.CLASSIFIER))) {
            return new Architecture("BertForSequenceClassification", PREFIX, networks);
        }
        if (networks.equals(Set.of(TokenHead.NETWORK))) {
            return new Architecture("BertForTokenClassification", PREFIX, Set.of(LinearHead.CLASSIFIER));
        }
        if (networks.equals(Set.of(SpanHead.NAME))) {
            return new Architecture("BertForQuestionAnswering", PREFIX, networks);
        }
        return new Architecture("BertModel", PREFIX, Set.of());
    }

    public BertConfig settings() {
        return config;
    }

    public boolean pooler() {
        return pooler;
    }

    @Override
    public Optional<VirtualShape> virtualShape() {
        return Optional.of(new VirtualShape(config.width(), config.heads(), config.width() / config.heads()));
    }

    @Override
    public Dimensions dimensions() {
        return new Dimensions(config.width(), config.layers(), config.positions(), config.vocabulary());
    }

    @Override
    public int depth(String parameter) {
        int block = blocks.depth(parameter);
        if (block > 0) {
            return block;
        }
        return parameter.startsWith(EMBEDDINGS) ? 0 : parameter.startsWith(PREFIX) ? config.layers() + 1 : -1;
    }

    @Override
    public Map<String, Object> config() {
        return config.json();
    }

    @Override
    public double forwardFlops(int length) {
        return blocks.forwardFlops(length);
    }
}
