package dev.cultivar.nn;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/// BART (Lewis et al., 2020): an encoder like BERT's that reads a text and a decoder like GPT's that writes another; names and numbers are
/// Hugging Face's.
///
/// Inputs are those of [EncoderDecoder].
public final class Bart implements TextBackbone, EncoderDecoder {
    private static final String PREFIX = "model.";
    private static final String WORDS = PREFIX + "shared.weight";
    private static final String ENCODER = PREFIX + "encoder.";
    private static final String DECODER = PREFIX + "decoder.";
    /// A buffer of transformers' class with the head, nearly always of zeros.
    static final String BIAS = "final_logits_bias";

    private final BartConfig config;
    private final BartStack encoder;
    private final BartStack decoder;

    /// Declares the parameters.
    public Bart(Weights weights, BartConfig config) {
        this.config = config;
        weights.parameter(WORDS, new Initial.Normal(config.initializerRange()), config.vocabulary(), config.width());
        this.encoder = new BartStack(weights, config, config.encoder(), WORDS, ENCODER, 0, false);
        this.decoder = new BartStack(weights, config, config.decoder(), WORDS, DECODER, config.encoder().layers(), true);
    }

    @Override
    public Hidden forward(Inputs inputs, Mode mode) {
        return Halves.forward(this, config.encoder().layers(), inputs, mode);
    }

    @Override
    public Hidden encode(Inputs source, Mode mode) {
        return encoder.encode(source, mode);
    }

    @Override
    public Hidden decode(Inputs source, Tensor encoded, Inputs target, Mode mode) {
        return decoder.decode(target, source, encoded, mode);
    }

    @Override
    public Optional<EncoderDecoder> encoderDecoder() {
        return Optional.of(this);
    }

    @Override
    public Targets targets() {
        return config.targets();
    }

    @Override
    public TargetHead head(Model model) {
        var table = new WordTable(WORDS, config.vocabulary(), config.width(), true, config.initializerRange());
        return model.network(TargetHead.NAME, TargetHead.class, into -> new TargetHead(into, table, 1, BIAS));
    }

    @Override
    public Tensor pooled(Hidden hidden, Inputs inputs, Mode mode) {
        throw Halves.notPooled("BART");
    }

    @Override
    public Architecture architecture(Set<String> networks) {
        return networks.equals(Set.of(TargetHead.NAME))
                ? new Architecture("BartForConditionalGeneration", PREFIX, Set.of(TargetHead.NAME, BIAS))
                : new Architecture("BartModel", PREFIX, Set.of());
    }

    @Override
    public Dimensions dimensions() {
        return new Dimensions(config.width(), config.encoder().layers() + config.decoder().layers(), config.positions(), config.vocabulary());
    }

    @Override
    public int depth(String parameter) {
        return parameter.startsWith(ENCODER) ? encoder.depth(parameter)
                : parameter.startsWith(DECODER) ? decoder.depth(parameter)
                : parameter.equals(WORDS) ? 0 : -1;
    }

    @Override
    public Map<String, Object> config() {
        return config.json();
    }

    /// The mean of a token that is read and one that is written.
    @Override
    public double forwardFlops(int length) {
        return (encoder.flops(length) + decoder.flops(length)) / 2;
    }
}
