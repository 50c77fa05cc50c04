package dev.cultivar.predict;

import dev.cultivar.nn.AttentionListener;
import dev.cultivar.nn.Backbone;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Copies what the layers of one forward pass over one row attend to.
final class AttentionRecorder implements AttentionListener {
    private final List<float[][]> layers = new ArrayList<>();
    private int tokens;
    private int keys;

    private AttentionRecorder() {}

    /// What the backbone attends to in a row, of an encoder-decoder its encoder; to be called inside a scope.
    ///
    /// @param inputs of one row
    /// @throws IllegalArgumentException if no layer attends
    static AttentionMap record(Backbone backbone, Inputs inputs) {
        var recorder = new AttentionRecorder();
        Mode mode = Mode.INFERENCE.heardBy(recorder);
        var halves = backbone.encoderDecoder();
        if (halves.isPresent()) {
            halves.get().encode(inputs, mode);
        } else {
            backbone.forward(inputs, mode);
        }
        if (recorder.layers.isEmpty()) {
            throw none(backbone);
        }
        return new AttentionMap(recorder.layers, recorder.tokens, recorder.keys);
    }

    static IllegalArgumentException none(Backbone backbone) {
        return new IllegalArgumentException("this model has no attention to show: it is of type " + backbone.config().get("model_type")
                + ", and only transformers attend; give a run of another backbone");
    }

    /// (1, H, T, S)
    @Override
    public void heard(int depth, Tensor probabilities) {
        int heads = Math.toIntExact(probabilities.size(1));
        tokens = Math.toIntExact(probabilities.size(2));
        keys = Math.toIntExact(probabilities.size(3));
        float[] all = Tensors.floats(probabilities.to(torch.ScalarType.Float));
        float[][] each = new float[heads][];
        for (int head = 0; head < heads; head++) {
            each[head] = Arrays.copyOfRange(all, head * tokens * keys, (head + 1) * tokens * keys);
        }
        layers.add(each);
    }
}
