package dev.cultivar.nn;

import dev.cultivar.batch.Batch;
import dev.cultivar.format.CheckpointException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// An encoder and a decoder run one after the other as one backbone.
final class Halves {
    private Halves() {}

    /// The encoder's cut points, from its embeddings on, then the output of each of the decoder's layers. The decoder's own embeddings are
    /// no cut point: they lie below all layers.
    static Hidden forward(EncoderDecoder halves, int encoderLayers, Inputs inputs, Mode mode) {
        int cut = inputs.start().map(Inputs.Start::cut).orElse(0);
        if (cut > encoderLayers) {
            throw new IllegalArgumentException("a decoder's layers read the encoder's states too, so nothing starts above cut " + encoderLayers + ", got " + cut);
        }
        Hidden read = halves.encode(inputs, mode);
        if (inputs.end().orElse(Integer.MAX_VALUE) <= encoderLayers) {
            return read;
        }
        Hidden written = halves.decode(inputs, read.states(), target(inputs), mode);
        List<org.bytedeco.pytorch.Tensor> layers = new ArrayList<>(read.layers());
        layers.addAll(written.layers().subList(1, written.layers().size()));
        return new Hidden(written.states(), layers);
    }

    /// The text that is written, as inputs of its own.
    private static Inputs target(Inputs inputs) {
        if (!inputs.has("decoder_input_ids")) {
            throw new IllegalArgumentException("an encoder-decoder needs decoder_input_ids, got " + inputs.batch().fields().keySet());
        }
        SequencedMap<String, Batch.Field> fields = new LinkedHashMap<>();
        fields.put("input_ids", inputs.batch().field("decoder_input_ids"));
        if (inputs.has("decoder_attention_mask")) {
            fields.put("attention_mask", inputs.batch().field("decoder_attention_mask"));
        }
        return Inputs.of(new Batch(inputs.batch().rows(), inputs.batch().origin(), fields));
    }

    static CheckpointException notPooled(String family) {
        return new CheckpointException("a " + family + " writes a text from another and has no vector of a row; "
                + "give a backbone of another family, or objective.kind: seq2seq");
    }
}
