package dev.cultivar.nn;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/// RoBERTa (Liu et al., 2019): BERT's blocks over positions that count only what is no padding; names and numbers are Hugging Face's.
///
/// Inputs are those of [Bert]. What is padding is told by the padding piece's number, not by the mask.
final class Roberta implements TextBackbone {
    private static final String PREFIX = "roberta.";
    private static final String EMBEDDINGS = PREFIX + "embeddings.";

    private final RobertaConfig config;
    private final TokenEmbeddings embeddings;
    private final EncoderBlocks blocks;

    /// Declares the parameters.
    public Roberta(Weights weights, RobertaConfig config) {
        this.config = config;
        this.embeddings = new TokenEmbeddings(
                weights, config.encoder(), config.encoder().width(), EMBEDDINGS, TokenEmbeddings.Counting.AFTER_PADDING);
        this.blocks = new EncoderBlocks(weights, config.encoder(), PREFIX + "encoder.layer.");
    }

    private Roberta(Roberta roberta, EncoderBlocks blocks) {
        this.config = roberta.config;
        this.embeddings = roberta.embeddings;
        this.blocks = blocks;
    }

    @Override
    public Optional<Backbone> recomputing() {
        return Optional.of(new Roberta(this, blocks.recomputing()));
    }

    @Override
    public Hidden forward(Inputs inputs, Mode mode) {
        long length = inputs.batch().ints("input_ids").shape()[1];
        if (length > positions()) {
            throw new IllegalArgumentException("a row of " + length + " tokens is longer than the model's " + positions() + " positions");
        }
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
                RobertaMaskedLmHead.NAME,
                RobertaMaskedLmHead.class,
                into -> new RobertaMaskedLmHead(into, config.encoder(), embeddings.words())));
    }

    @Override
    public Optional<RowHead> labelHead(Model model, int labels, double deviation) {
        return Optional.of(model.network(
                LinearHead.CLASSIFIER,
                DenseClassificationHead.class,
                into -> new DenseClassificationHead(into, width(), "tanh", config.classifierDropout(), labels, deviation)));
    }

    @Override
    public Architecture architecture(Set<String> networks) {
        if (networks.equals(Set.of(RobertaMaskedLmHead.NAME))) {
            return new Architecture("RobertaForMaskedLM", PREFIX, networks);
        }
        if (networks.equals(Set.of(LinearHead.CLASSIFIER))) {
            return new Architecture("RobertaForSequenceClassification", PREFIX, networks);
        }
        return new Architecture("RobertaModel", PREFIX, Set.of());
    }

    @Override
    public Dimensions dimensions() {
        return new Dimensions(config.encoder().width(), config.encoder().layers(), config.encoder().positions() - config.encoder().pad() - 1, config.encoder().vocabulary());
    }

    /// A pooler that a file may hold lies above the layers; nothing here reads it.
    @Override
    public int depth(String parameter) {
        int block = blocks.depth(parameter);
        if (block > 0) {
            return block;
        }
        return parameter.startsWith(EMBEDDINGS) ? 0 : parameter.startsWith(PREFIX) ? layers() + 1 : -1;
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
