package dev.cultivar.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cultivar.batch.Batch;
import dev.cultivar.format.ElementType;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.format.SafetensorsWriter;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A small GPT that others trained to sort, with the states that they stored after every block. Its linear layers lie as (out, in).
class SortingGptTest {
    private static final Offset<Float> CLOSE = Offset.offset(2e-4f);

    private static float[] floats(Object array) {
        byte[] bytes = Base64.getDecoder().decode(String.valueOf(((Map<?, ?>) array).get("data")));
        float[] values = new float[bytes.length / 4];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }

    private static SafetensorsWriter.Tensor tensor(String name, Object array) {
        List<?> sizes = (List<?>) ((Map<?, ?>) array).get("shape");
        long[] shape = sizes.stream().mapToLong(size -> ((Number) size).longValue()).toArray();
        float[] values = floats(array);
        boolean turned = name.matches(".*\\.(c_attn|c_proj|c_fc)\\.weight");
        float[] stored = values.clone();
        for (int i = 0; turned && i < shape[0]; i++) {
            for (int j = 0; j < shape[1]; j++) {
                stored[(int) (j * shape[0] + i)] = values[(int) (i * shape[1] + j)];
            }
        }
        ByteBuffer bytes = ByteBuffer.allocate(4 * stored.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(stored);
        return new SafetensorsWriter.Tensor(
                name, ElementType.F32, turned ? new long[] {shape[1], shape[0]} : shape, () -> MemorySegment.ofArray(bytes.array()));
    }

    @Test
    void computesTheStoredStates(@TempDir Path folder) {
        Path place = Path.of(System.getProperty("cultivar.root", ".")).resolve("../shared/data/models/gpt-nano-sort");
        assumeTrue(Files.isDirectory(place), "the GPT that sorts in " + place + " is absent");
        Map<String, Object> model = new LinkedHashMap<>(JsonFiles.read(place.resolve("gpt-nano-sort-model.json")));
        Map<?, ?> said = (Map<?, ?>) model.remove("config");
        Map<String, Object> config = new LinkedHashMap<>(Map.of("model_type", "gpt2", "tie_word_embeddings", false));
        for (String key : List.of("n_layer", "n_head", "n_embd", "vocab_size")) {
            config.put(key, said.get(key));
        }
        config.put("n_positions", said.get("block_size"));
        JsonFiles.write(folder.resolve("config.json"), config);
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        model.forEach((name, array) -> tensors.add(tensor(name, array)));
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors);

        Map<String, ?> states = JsonFiles.read(place.resolve("gpt-nano-sort-t0-partials.json"));
        float[] tokens = floats(states.get("idx"));
        int[] ids = new int[tokens.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = (int) tokens[i];
        }
        try (var opened = ModelFolder.open(folder)) {
            StoredWeights stored = opened.stored(name -> false);
            try (var weights = new Weights(0, stored); var scope = Scope.open(); var without = new NoGradient()) {
                var gpt = new Model(weights, Backbones.build(opened.config(), weights, false, Backbones.Custom.NONE));
                CausalLmHead head = CausalLmHead.of(gpt);
                stored.finish(weights, name -> false, name -> false);
                Hidden hidden = gpt.backbone().forward(
                        Inputs.of(Batch.of(0, 1, 2).ints("input_ids", ids, 3, ids.length / 3).build()), Mode.INFERENCE);
                assertThat(Tensors.floats(hidden.layers().get(1))).containsExactly(floats(states.get("block0")), CLOSE);
                assertThat(Tensors.floats(hidden.layers().get(2))).containsExactly(floats(states.get("block1")), CLOSE);
                assertThat(Tensors.floats(hidden.states())).containsExactly(floats(states.get("ln_f")), CLOSE);
                assertThat(Tensors.floats(head.logits(hidden.states()))).containsExactly(floats(states.get("lm_head")), CLOSE);
            }
        }
    }
}
