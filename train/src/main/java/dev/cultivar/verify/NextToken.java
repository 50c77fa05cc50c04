package dev.cultivar.verify;

import dev.cultivar.batch.Batch;
import dev.cultivar.nn.CausalLmHead;
import dev.cultivar.nn.Hidden;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.objective.CrossEntropy;
import dev.cultivar.objective.Denominators;
import dev.cultivar.objective.Loss;
import dev.cultivar.objective.Objective;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/// The loss of the decoders' cases: each token's logits against the next token, where there is one that counts.
///
/// @param head that predicts it
record NextToken(CausalLmHead head) implements Objective {
    static final String TARGETS = "targets";

    /// Labels (B, T) as Hugging Face's models take them, moved so that each position holds the label of the next one.
    static int[] shifted(int[] labels, int length) {
        int[] targets = new int[labels.length];
        Arrays.fill(targets, CrossEntropy.IGNORED);
        for (int i = 0; i + 1 < labels.length; i++) {
            if ((i + 1) % length != 0) {
                targets[i] = labels[i + 1];
            }
        }
        return targets;
    }

    @Override
    public Denominators denominators(Batch batch) {
        return Denominators.of("loss", Arrays.stream(batch.ints(TARGETS).values()).filter(id -> id != CrossEntropy.IGNORED).count());
    }

    @Override
    public Loss loss(Model model, Inputs inputs, Mode mode) {
        Hidden hidden = model.backbone().forward(inputs, mode);
        Tensor logits = head.logits(hidden.states().reshape(-1, model.backbone().width())); // (B T, V)
        return Loss.of(new Loss.Term("loss", CrossEntropy.sum(logits, inputs.tensor(TARGETS).view(-1), 0), 1));
    }
}
