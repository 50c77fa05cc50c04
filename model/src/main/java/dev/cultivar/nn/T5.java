package dev.cultivar.nn;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// T5 (Raffel et al., 2020; with gated feed-forward blocks as in version 1.1: Shazeer, 2020): an encoder that reads a text and a decoder that
/// writes another, with learned distances instead of positions; names and numbers are Hugging Face's.
///
/// Inputs are those of [EncoderDecoder]. A row may be of any length.
public final class T5 implements TextBackbone, EncoderDecoder {
    private static final String WORDS = "shared.weight";
    private static final String ENCODER = "encoder.";
    private static final String DECODER = "decoder.";

    private final Weights weights;
    private final T5Config config;
    private final T5Stack encoder;
    private final T5Stack decoder;

    /// Declares the parameters. A checkpoint has a head of its own where its file has one, whatever the configuration says.
    public T5(Weights weights, T5Config config) {
        this.weights = weights;
        this.config = config.withTied(weights.isNew() ? config.tied() : !weights.isStored(TargetHead.WEIGHT));
        weights.parameter(WORDS, new Initial.Normal(config.initializerFactor()), config.vocabulary(), config.width());
        this.encoder = new T5Stack(weights, config, ENCODER, config.encoderLayers(), 0, false);
        this.decoder = new T5Stack(weights, config, DECODER, config.decoderLayers(), config.encoderLayers(), true);
    }

    @Override
    public Hidden forward(Inputs inputs, Mode mode) {
        return Halves.forward(this, config.encoderLayers(), inputs, mode);
    }

    @Override
    public Hidden encode(Inputs source, Mode mode) {
        return encoder.encode(source, () -> embed(source, mode), mode);
    }

    @Override
    public Hidden decode(Inputs source, Tensor encoded, Inputs target, Mode mode) {
        return decoder.decode(embed(target, mode), target, Source.of(source, encoded, target), mode);
    }

    /// (B, T) -> (B, T, C)
    private Tensor embed(Inputs inputs, Mode mode) {
        return Layers.dropout(torch.embedding(weights.get(WORDS), inputs.tensor("input_ids")), config.dropout(), mode, 0);
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
        double scale = config.scaled() ? 1 / Math.sqrt(config.width()) : 1;
        var table = new WordTable(WORDS, config.vocabulary(), config.width(), config.tied(), config.initializerFactor());
        return model.network(TargetHead.NAME, TargetHead.class, into -> new TargetHead(into, table, scale, ""));
    }

    @Override
    public Tensor pooled(Hidden hidden, Inputs inputs, Mode mode) {
        throw Halves.notPooled("T5");
    }

    /// Names have no prefix, so those of both halves and the table count as heads, which are stored as they are called.
    @Override
    public Architecture architecture(Set<String> networks) {
        return networks.equals(Set.of(TargetHead.NAME))
                ? new Architecture("T5ForConditionalGeneration", "shared.", Set.of("encoder", "decoder", TargetHead.NAME))
                : new Architecture("T5Model", "shared.", Set.of("encoder", "decoder"));
    }

    @Override
    public Dimensions dimensions() {
        return new Dimensions(config.width(), config.encoderLayers() + config.decoderLayers(), 0, config.vocabulary());
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
