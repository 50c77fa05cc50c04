package dev.cultivar.verify;

import dev.cultivar.batch.Batch;
import dev.cultivar.generate.Continuation;
import dev.cultivar.generate.Generator;
import dev.cultivar.generate.Limits;
import dev.cultivar.generate.Sampling;
import dev.cultivar.nn.CausalLmHead;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/// What a decoder says: greedy text after prompts that are padded on the left, with and without a piece that ends it, and the logits
/// that each filter of sampling leaves.
///
/// @param golden the case
/// @param into   where comparisons go
record DecoderSpeech(GoldenCase golden, Compared into) {

    /// Compares numbers with the expected tensor of that name, by the tolerance of outputs.
    @FunctionalInterface
    interface Compared {
        void with(String output, float[] got);
    }

    boolean asked() {
        return golden.inputs().containsKey("gen.input_ids");
    }

    void compute(Model model, CausalLmHead head) {
        generated(model);
        float[] next = next(model, head);
        into.with("gen.next_logits", next);
        var penalised = Sampling.PLAIN.withRepetitionPenalty(setting("repetition_penalty"));
        var warm = penalised.withTemperature(setting("temperature"));
        var few = warm.withTopK((int) setting("top_k"));
        filtered("filtered.1_repetition", penalised, next);
        filtered("filtered.2_temperature", warm, next);
        filtered("filtered.3_top_k", few, next);
        filtered("filtered.4_top_p", few.withTopP(setting("top_p")), next);
        filtered("filtered.min_p", warm.withMinP(setting("min_p")), next);
    }

    private void generated(Model model) {
        int tokens = golden.numbers("gen.generated").length / prompts().size();
        int end = (int) golden.number("values", "eos_token_id");
        into.with("gen.generated", said(model, Set.of(), tokens, end));
        int most = golden.numbers("gen.generated_eos").length / prompts().size();
        into.with("gen.generated_eos", said(model, Set.of(end), most, end));
    }

    /// (B, T): a row that ended has the end, then zeros.
    private float[] said(Model model, Set<Integer> ends, int tokens, int end) {
        var generator = new Generator(model, model.backbone().vocabulary(), ends);
        List<Continuation> rows = generator.generate(prompts(), Sampling.GREEDY, Limits.tokens(tokens), Generator.Listener.NONE);
        float[] said = new float[rows.size() * tokens];
        for (int row = 0; row < rows.size(); row++) {
            int[] ids = rows.get(row).tokens();
            for (int i = 0; i < ids.length; i++) {
                said[row * tokens + i] = ids[i];
            }
            if (ids.length < tokens) {
                said[row * tokens + ids.length] = end;
            }
        }
        return said;
    }

    /// The prompts without their padding.
    private List<int[]> prompts() {
        var ids = golden.ints("gen.input_ids");
        var mask = golden.ints("gen.attention_mask");
        int length = Math.toIntExact(ids.shape()[1]);
        List<int[]> prompts = new ArrayList<>();
        for (int row = 0; row < ids.shape()[0]; row++) {
            int from = row * length;
            while (mask.values()[from] == 0) {
                from++;
            }
            prompts.add(Arrays.copyOfRange(ids.values(), from, (row + 1) * length));
        }
        return prompts;
    }

    /// The logits after the prompts, (B V), in one pass over rows that are padded on the left.
    private float[] next(Model model, CausalLmHead head) {
        SequencedMap<String, Batch.Field> fields = new LinkedHashMap<>();
        for (String field : List.of("input_ids", "attention_mask", "position_ids")) {
            fields.put(field, golden.ints("gen." + field));
        }
        int rows = prompts().size();
        Tensor states = model.backbone().forward(Inputs.of(new Batch(rows, new long[rows], fields)), Mode.INFERENCE).states();
        return Tensors.floats(head.logits(states.select(1, -1)));
    }

    private void filtered(String output, Sampling sampling, float[] next) {
        List<int[]> prompts = prompts();
        int vocabulary = next.length / prompts.size();
        float[] left = new float[next.length];
        for (int row = 0; row < prompts.size(); row++) {
            float[] logits = Arrays.copyOfRange(next, row * vocabulary, (row + 1) * vocabulary);
            System.arraycopy(sampling.filtered(logits, prompts.get(row)), 0, left, row * vocabulary, vocabulary);
        }
        into.with(output, left);
    }

    private double setting(String key) {
        return golden.number("values", "sampling", key);
    }
}
