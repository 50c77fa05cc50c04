package dev.cultivar.generate;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.DataException;
import dev.cultivar.batch.Draw;
import dev.cultivar.nn.CausalLmHead;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.KeyValues;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/// Goes on with prompts of tokens, token by token, all rows at once; what was read is kept, so each step computes one token a row.
///
/// Rows are padded on the left, which changes a row's logits by rounding only. A row's draws depend on the seed, its number and the step.
public final class Generator {
    private final Model model;
    private final CausalLmHead head;
    private final int pieces;
    private final Set<Integer> ends;

    /// @param pieces tokens from this number on are never chosen: tables are often larger than their tokenizer
    /// @param ends   tokens that end a text
    public Generator(Model model, int pieces, Set<Integer> ends) {
        this.model = model;
        this.head = CausalLmHead.of(model);
        this.pieces = Math.min(pieces, model.backbone().vocabulary());
        this.ends = Set.copyOf(ends);
    }

    /// Hears each token as it comes.
    @FunctionalInterface
    public interface Listener {
        /// Hears nothing.
        Listener NONE = (row, token) -> true;

        /// @param row of the prompt
        /// @return whether the row shall go on
        boolean token(int row, int token);
    }

    /// The continuations, in the order of the prompts.
    ///
    /// @param prompts of at least one token each
    /// @throws DataException if the model's positions do not suffice and the limits say to refuse
    public List<Continuation> generate(List<int[]> prompts, Sampling sampling, Limits limits, Listener listener) {
        List<Row> rows = new ArrayList<>();
        for (int[] prompt : prompts) {
            rows.add(new Row(rows.size(), prompt, limits.tokens()));
        }
        if (rows.isEmpty()) {
            return List.of();
        }
        int longest = rows.stream().mapToInt(row -> row.length).max().orElse(0);
        int room = room(longest, limits);
        try (var past = new KeyValues(rows.size(), room); var without = new NoGradient()) {
            float[][] logits = read(rows, kept(longest, room), past);
            for (int step = 0; ; step++) {
                for (Row row : rows) {
                    if (row.going()) {
                        int token = sampling.next(logits[row.number], row.tokens(), Draw.unit(sampling.seed(), row.number, step));
                        row.take(token, ends.contains(token), limits.tokens(), listener);
                    }
                }
                if (rows.stream().noneMatch(Row::going)) {
                    return rows.stream().map(Row::continuation).toList();
                }
                if (past.length() == room && limits.overflow() == Limits.Overflow.STOP) {
                    return rows.stream().map(Row::full).toList();
                }
                if (past.length() == room) {
                    past.clear();
                    logits = read(rows, kept(Integer.MAX_VALUE, room), past);
                } else {
                    logits = read(rows, 1, past);
                }
            }
        }
    }

    /// Tokens a row that are read at once at most. The last new token is not read.
    private int room(int longest, Limits limits) {
        long needed = (long) longest + limits.tokens() - 1;
        int positions = model.backbone().positions();
        if (needed <= positions) {
            return (int) needed;
        }
        if (limits.overflow() == Limits.Overflow.STOP && longest <= positions) {
            return positions;
        }
        if (limits.overflow() == Limits.Overflow.SLIDE) {
            return positions;
        }
        throw new DataException("a prompt of " + longest + " tokens with " + limits.tokens() + " more needs " + needed
                + " positions, but the model has " + positions + ". Ask for fewer tokens, shorten the prompt, or let the window slide");
    }

    /// How many of a row's last tokens are read where not all fit: half the positions, so that there is room to go on.
    private static int kept(int longest, int room) {
        return longest <= room ? longest : Math.max(1, room / 2);
    }

    /// Reads the last `width` tokens of each row, padded on the left, and returns the logits of what comes next, (B)(V).
    private float[][] read(List<Row> rows, int width, KeyValues past) {
        int[] ids = new int[rows.size() * width];
        int[] mask = new int[ids.length];
        for (Row row : rows) {
            int count = Math.min(width, row.length);
            int to = (row.number + 1) * width;
            System.arraycopy(row.tokens, row.length - count, ids, to - count, count);
            Arrays.fill(mask, to - count, to, 1);
        }
        Batch batch = Batch.of(new long[rows.size()])
                .ints("input_ids", ids, rows.size(), width)
                .ints("attention_mask", mask, rows.size(), width)
                .build();
        try (var scope = Scope.open()) {
            Tensor states = model.backbone().forward(Inputs.of(batch).after(past), Mode.INFERENCE).states(); // (B, T, C)
            float[] flat = Tensors.floats(head.logits(states.select(1, -1)).narrow(1, 0, pieces)); // (B, V)
            float[][] logits = new float[rows.size()][];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = Arrays.copyOfRange(flat, i * pieces, (i + 1) * pieces);
            }
            return logits;
        }
    }

    /// A prompt and what has come of it. A row that is done is computed along, with its last token again.
    private static final class Row {
        private final int number;
        private final int prompt;
        private final int[] tokens;
        private int length;
        private Continuation.Why why = Continuation.Why.LENGTH;
        private boolean going = true;

        Row(int number, int[] prompt, int more) {
            if (prompt.length == 0) {
                throw new IllegalArgumentException("prompt " + number + " has no token to go on from");
            }
            this.number = number;
            this.prompt = prompt.length;
            this.length = prompt.length;
            this.tokens = Arrays.copyOf(prompt, Math.addExact(prompt.length, more));
        }

        boolean going() {
            return going;
        }

        int[] tokens() {
            return Arrays.copyOf(tokens, length);
        }

        void take(int token, boolean end, int most, Listener listener) {
            if (end) {
                stop(Continuation.Why.ENDED);
                return;
            }
            tokens[length++] = token;
            if (!listener.token(number, token)) {
                stop(Continuation.Why.STOPPED);
            } else if (length - prompt == most) {
                stop(Continuation.Why.LENGTH);
            }
        }

        private void stop(Continuation.Why reason) {
            going = false;
            why = reason;
        }

        Continuation full() {
            if (going) {
                stop(Continuation.Why.FULL);
            }
            return continuation();
        }

        Continuation continuation() {
            return new Continuation(Arrays.copyOfRange(tokens, prompt, length), why);
        }
    }
}
