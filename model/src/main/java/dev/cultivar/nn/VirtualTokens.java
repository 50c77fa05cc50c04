package dev.cultivar.nn;

import dev.cultivar.batch.Batch;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/// A backbone that reads virtual tokens before each row, those of the adapter in use; where there are none, the backbone as it is.
///
/// States of a prompt's tokens are no part of [Hidden#states], so that heads and losses see the rows as they came; a head that reads the
/// first token reads the prompt's, as PEFT's do ([Hidden#whole]).
public final class VirtualTokens implements Backbone {
    private final Weights weights;
    private final Backbone backbone;
    private final VirtualShape shape;

    VirtualTokens(Weights weights, Backbone backbone) {
        this.weights = weights;
        this.backbone = backbone;
        this.shape = backbone.virtualShape().orElseThrow();
    }

    @Override
    public Hidden forward(Inputs inputs, Mode mode) {
        return weights.adapters().virtual(shape)
                .map(virtual -> switch (virtual) {
                    case Virtual.Prompt prompt -> withoutPrompt(backbone.forward(behind(inputs, prompt), mode), inputs);
                    case Virtual.Prefix prefix -> backbone.forward(behind(inputs, prefix), mode);
                })
                .orElseGet(() -> backbone.forward(inputs, mode));
    }

    private static Hidden withoutPrompt(Hidden hidden, Inputs inputs) {
        long own = inputs.batch().ints("input_ids").shape()[1];
        Tensor all = hidden.states();
        return new Hidden(all.narrow(1, all.size(1) - own, own), hidden.layers());
    }

    private Inputs behind(Inputs inputs, Virtual virtual) {
        if (inputs.past().isPresent() || inputs.start().isPresent()) {
            throw new IllegalArgumentException("rows behind virtual tokens are read whole, from the input; nothing may have been read before");
        }
        if (inputs.has("segment_ids")) {
            throw new IllegalArgumentException("packed rows cannot stand behind virtual tokens: only the first text of a row would see them");
        }
        return switch (virtual) {
            case Virtual.Prompt prompt -> inputs.behind(prompt.places(inputs.batch(), 0), prompt);
            case Virtual.Prefix prefix -> inputs.behind(counted(inputs.batch()), prefix);
        };
    }

    /// Positions are counted from the first virtual token on, whatever the batch says: so does PEFT.
    private static Batch counted(Batch batch) {
        SequencedMap<String, Batch.Field> fields = new LinkedHashMap<>(batch.fields());
        fields.remove("position_ids");
        return new Batch(batch.rows(), batch.origin(), fields);
    }

    @Override
    public Tensor pooled(Hidden hidden, Inputs inputs, Mode mode) {
        return weights.adapters().virtual(shape)
                .map(virtual -> backbone.pooled(hidden.whole(), behind(inputs, virtual), mode))
                .orElseGet(() -> backbone.pooled(hidden, inputs, mode));
    }

    @Override
    public int depth(String parameter) {
        return parameter.equals(Adapter.VIRTUAL) ? 0 : backbone.depth(parameter);
    }

    /// As many as stay for a row's own tokens.
    @Override
    public int positions() {
        int tokens = switch (weights.adapters().config().map(AdapterConfig::kind).orElse(null)) {
            case AdapterConfig.Prompt(int count) -> count;
            case AdapterConfig.Prefix(int count) -> count;
            case null, default -> 0;
        };
        return backbone.positions() == 0 ? 0 : Math.max(1, backbone.positions() - tokens);
    }

    @Override
    public Optional<Backbone> recomputing() {
        return weights.adapters().config().filter(config -> config.kind() instanceof AdapterConfig.Prefix).isPresent()
                ? Optional.empty() // what a block reads of the prefix would be left out of its second pass
                : backbone.recomputing().map(again -> new VirtualTokens(weights, again));
    }

    @Override
    public int width() {
        return backbone.width();
    }

    @Override
    public int layers() {
        return backbone.layers();
    }

    @Override
    public boolean poolsFirstToken() {
        return backbone.poolsFirstToken();
    }

    @Override
    public Map<String, Object> config() {
        return backbone.config();
    }

    @Override
    public int vocabulary() {
        return backbone.vocabulary();
    }

    @Override
    public Optional<WordTable> words() {
        return backbone.words();
    }

    @Override
    public Optional<String> indivisible(int frozenBelow) {
        return backbone.indivisible(frozenBelow);
    }

    @Override
    public boolean concurrent() {
        return backbone.concurrent();
    }

    @Override
    public Optional<MaskedLmHead> maskedLmHead(Model model) {
        return backbone.maskedLmHead(model);
    }

    @Override
    public Optional<Detection> detection(Model model, GeneratorShape of) {
        return backbone.detection(model, of);
    }

    @Override
    public Optional<RowHead> labelHead(Model model, int labels, double deviation) {
        return backbone.labelHead(model, labels, deviation);
    }

    @Override
    public Architecture architecture(Set<String> networks) {
        return backbone.architecture(networks);
    }

    @Override
    public double headDropout() {
        return backbone.headDropout();
    }

    @Override
    public Optional<EncoderDecoder> encoderDecoder() {
        return backbone.encoderDecoder();
    }

    @Override
    public AdapterTargets adapterTargets() {
        return backbone.adapterTargets();
    }

    @Override
    public boolean flattens() {
        return backbone.flattens();
    }

    @Override
    public Optional<FeatureMaps> featureMaps() {
        return backbone.featureMaps();
    }

    @Override
    public Optional<PatchEncoder> patchEncoder() {
        return backbone.patchEncoder();
    }

    @Override
    public Optional<PictureDecoder> mirror(Weights of, String name) {
        return backbone.mirror(of, name);
    }

    @Override
    public Optional<VirtualShape> virtualShape() {
        return backbone.virtualShape();
    }

    @Override
    public double forwardFlops(int length) {
        return backbone.forwardFlops(length);
    }

    @Override
    public void requireFits(int pieces, Object place) {
        backbone.requireFits(pieces, place);
    }
}
