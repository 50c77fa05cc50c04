package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.SpanFinder;
import dev.cultivar.torch.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/// The answer to a question as a stretch of the text that it is asked of: cross entropy of its first and of its last token among all
/// tokens of the row (Devlin et al., 2019, section 4.2), each the half of the loss.
///
/// Batches: what the backbone reads, and `start_positions` and `end_positions` (B). A position outside the row counts for nothing.
public final class QuestionAnswering implements Objective {
    private static final String START = "start";
    private static final String END = "end";

    private final SpanFinder network;

    public QuestionAnswering(SpanFinder network) {
        this.network = network;
    }

    @Override
    public Denominators denominators(Batch batch) {
        return Denominators.of(START, counted(batch, START)).plus(Denominators.of(END, counted(batch, END)));
    }

    private static long counted(Batch batch, String end) {
        return Arrays.stream(classes(batch, end)).filter(position -> position != CrossEntropy.IGNORED).count();
    }

    /// What stands before a row counts as its first token, as in transformers; what stands after it, for nothing.
    private static int[] classes(Batch batch, String end) {
        long length = batch.field("input_ids").shape()[1];
        return Arrays.stream(batch.ints(end + "_positions").values())
                .map(position -> position >= length ? CrossEntropy.IGNORED : Math.max(0, position))
                .toArray();
    }

    @Override
    public Loss loss(Model model, Inputs inputs, Mode mode) {
        Tensor logits = network.logits(inputs, mode); // (B, T, 2)
        return Loss.of(term(START, logits.select(2, 0), inputs.batch()), term(END, logits.select(2, 1), inputs.batch()));
    }

    /// @param scores (B, T)
    private static Loss.Term term(String end, Tensor scores, Batch batch) {
        int[] classes = classes(batch, end);
        Tensor labels = Tensors.of(new Batch.Field.Ints(classes, classes.length));
        return new Loss.Term(end, CrossEntropy.sum(scores, labels, 0), 0.5);
    }

    @Override
    public Reads reads() {
        return Reads.STATES;
    }

    @Override
    public boolean concurrent() {
        return true;
    }
}
