package dev.cultivar.nn;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/// DistilBERT (Sanh et al., 2019): BERT's blocks, fewer of them, without segments and without a pooler; names and numbers are Hugging
/// Face's.
///
/// Inputs: `input_ids` (B, T) and, where the rows need it, `attention_mask` (B, T). Positions are counted from the left edge, padding
/// included.
final class DistilBert implements TextBackbone {
    private static final String PREFIX = "distilbert.";

    private final DistilBertConfig config;
    private final TokenEmbeddings embeddings;
    private final EncoderBlocks blocks;

    /// Declares the parameters.
    public DistilBert(Weights weights, DistilBertConfig config) {
        this.config = config;
        this.embeddings = new TokenEmbeddings(weights, config.encoder(), config.encoder().width(), PREFIX + "embeddings.");
        this.blocks = new EncoderBlocks(weights, config.encoder(), PREFIX + "transformer.layer.", EncoderNames.DISTILBERT);
    }

    private DistilBert(DistilBert distilBert, EncoderBlocks blocks) {
        this.config = distilBert.config;
        this.embeddings = distilBert.embeddings;
        this.blocks = blocks;
    }

    @Override
    public Optional<Backbone> recomputing() {
        return Optional.of(new DistilBert(this, blocks.recomputing()));
    }

    @Override
    public Hidden forward(Inputs inputs, Mode mode) {
        return blocks.forward(inputs, () -> embeddings.apply(inputs, mode), mode);
    }

    /// (B, T, C) -> (B, C): the first token as it is.
    @Override
    public Tensor pooled(Hidden hidden, Inputs inputs, Mode mode) {
        return hidden.states().select(1, 0);
    }

    @Override
    public boolean poolsFirstToken() {
        return true;
    }

    @Override
    public Optional<MaskedLmHead> maskedLmHead(Model model) {
        return Optional.of(model.network(
                DistilBertMaskedLmHead.NAME,
                DistilBertMaskedLmHead.class,
                into -> new DistilBertMaskedLmHead(into, config.encoder(), embeddings.words())));
    }

    @Override
    public Optional<RowHead> labelHead(Model model, int labels, double deviation) {
        return Optional.of(model.network(
                LinearHead.CLASSIFIER,
                DistilBertClassificationHead.class,
                into -> new DistilBertClassificationHead(into, width(), config.classifierDropout(), labels, deviation)));
    }

    @Override
    public Architecture architecture(Set<String> networks) {
        if (networks.equals(Set.of(DistilBertMaskedLmHead.NAME))) {
            return new Architecture("DistilBertForMaskedLM", PREFIX, DistilBertMaskedLmHead.PARTS);
        }
        if (networks.equals(Set.of(LinearHead.CLASSIFIER))) {
            return new Architecture(
                    "DistilBertForSequenceClassification", PREFIX, Set.of(DistilBertClassificationHead.DENSE, LinearHead.CLASSIFIER));
        }
        return new Architecture("DistilBertModel", PREFIX, Set.of());
    }

    @Override
    public Dimensions dimensions() {
        return new Dimensions(config.encoder().width(), config.encoder().layers(), config.encoder().positions(), config.encoder().vocabulary());
    }

    @Override
    public int depth(String parameter) {
        int block = blocks.depth(parameter);
        return block > 0 ? block : parameter.startsWith(PREFIX) ? 0 : -1;
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
