package dev.cultivar.generate;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.DataException;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.nn.EncoderDecoder;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.KeyValues;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.nn.TargetHead;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Writes a text for each row that an encoder-decoder reads, token by token, all rows at once. The source is read once; what was written
/// is kept, so each step computes one token a row.
public final class TargetGenerator {
    private final EncoderDecoder halves;
    private final TargetHead head;
    private final int pieces;
    private final int positions;
    private final Set<Integer> ends;

    /// @param pieces tokens from this number on are never chosen: tables are often larger than their tokenizer
    /// @param ends   tokens that end a text
    /// @throws CheckpointException if the model is no encoder-decoder
    public TargetGenerator(Model model, int pieces, Set<Integer> ends) {
        this.halves = model.backbone().encoderDecoder().orElseThrow(() -> new CheckpointException("a backbone of type "
                + model.backbone().config().get("model_type") + " writes no text from another; those of t5 and bart do"));
        this.head = halves.head(model);
        this.pieces = Math.min(pieces, model.backbone().vocabulary());
        this.positions = model.backbone().positions();
        this.ends = Set.copyOf(ends);
    }

    /// What is written for each real row of a batch, in their order.
    ///
    /// @param source `input_ids` and, where rows need it, `attention_mask` (B, S)
    /// @throws DataException if the model has no position for so many tokens
    public List<Continuation> write(Batch source, Writing writing) {
        if (positions > 0 && writing.tokens() > positions) {
            throw new DataException("a text of up to " + writing.tokens() + " tokens was asked for, but the model has " + positions
                    + " positions. Ask for fewer tokens");
        }
        if (source.rows() == 0) {
            return List.of();
        }
        List<Row> rows = new ArrayList<>();
        for (int row = 0; row < source.rows(); row++) {
            rows.add(writing.beams() == 1 ? new Greedy(writing) : new Searched(writing));
        }
        int height = rows.size() * writing.beams();
        try (var without = new NoGradient(); var scope = Scope.open(); var past = new KeyValues(height, writing.tokens())) {
            Tensor encoded = halves.encode(real(source), Mode.INFERENCE).states(); // (B, S, C)
            Inputs read = repeated(source, writing.beams());
            Tensor states = writing.beams() == 1 ? encoded : encoded.index_select(0, Tensors.ofInts(order(rows.size(), writing.beams()), height));
            int[] last = new int[height];
            Arrays.fill(last, halves.targets().start());
            while (rows.stream().anyMatch(Row::going)) {
                float[][] logits = next(read, states, last, past, writing.beams() > 1);
                int[] from = new int[height];
                for (int i = 0; i < rows.size(); i++) {
                    rows.get(i).take(logits, i * writing.beams(), from, last);
                }
                if (writing.beams() > 1) {
                    past.reorder(from);
                }
            }
        }
        return rows.stream().map(Row::continuation).toList();
    }

    /// The batch without its filler.
    private static Inputs real(Batch source) {
        return repeated(source, 1);
    }

    /// Each row so many times, one below the other.
    private static Inputs repeated(Batch source, int times) {
        int[] order = order(source.rows(), times);
        var batch = Batch.of(new long[order.length]);
        for (String name : List.of("input_ids", "attention_mask")) {
            if (source.has(name)) {
                int[] values = source.ints(name).values();
                int width = Math.toIntExact(source.ints(name).shape()[1]);
                int[] rows = new int[order.length * width];
                for (int i = 0; i < order.length; i++) {
                    System.arraycopy(values, order[i] * width, rows, i * width, width);
                }
                batch.ints(name, rows, order.length, width);
            }
        }
        return Inputs.of(batch.build());
    }

    private static int[] order(int rows, int times) {
        int[] order = new int[rows * times];
        for (int i = 0; i < order.length; i++) {
            order[i] = i / times;
        }
        return order;
    }

    /// Reads one more token a row, and returns the logits of what comes next, (B)(V), or the logarithms of their probabilities.
    private float[][] next(Inputs source, Tensor encoded, int[] last, KeyValues past, boolean logarithms) {
        Batch batch = Batch.of(new long[last.length]).ints("input_ids", last.clone(), last.length, 1).build();
        try (var scope = Scope.open()) {
            Tensor states = halves.decode(source, encoded, Inputs.of(batch).after(past), Mode.INFERENCE).states(); // (B, 1, C)
            Tensor logits = head.logits(states.select(1, 0)).to(torch.ScalarType.Float); // (B, V)
            float[] flat = Tensors.floats((logarithms ? torch.log_softmax(logits, -1) : logits).narrow(1, 0, pieces));
            float[][] rows = new float[last.length][];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = Arrays.copyOfRange(flat, i * pieces, (i + 1) * pieces);
            }
            return rows;
        }
    }

    /// What is written for one source.
    private interface Row {
        boolean going();

        /// Takes the next token of each of its beams.
        ///
        /// @param logits of all rows
        /// @param at     the first of its own
        /// @param from   to be told for each beam which row it goes on from
        /// @param last   to be told what each beam reads next
        void take(float[][] logits, int at, int[] from, int[] last);

        Continuation continuation();
    }

    private final class Greedy implements Row {
        private final Writing writing;
        private int[] said = new int[0];
        private boolean going = true;
        private Continuation.Why why = Continuation.Why.LENGTH;

        Greedy(Writing writing) {
            this.writing = writing;
        }

        @Override
        public boolean going() {
            return going;
        }

        @Override
        public void take(float[][] logits, int at, int[] from, int[] last) {
            from[at] = at;
            if (!going) {
                return; // it is computed along, with its last token again
            }
            float[] own = logits[at];
            writing.filter(own, halves.targets().start(), said, ends);
            int best = 0;
            for (int i = 1; i < own.length; i++) {
                best = own[i] > own[best] ? i : best;
            }
            if (ends.contains(best)) {
                going = false;
                why = Continuation.Why.ENDED;
                return;
            }
            said = Arrays.copyOf(said, said.length + 1);
            said[said.length - 1] = best;
            last[at] = best;
            going = said.length < writing.tokens();
        }

        @Override
        public Continuation continuation() {
            return new Continuation(said, why);
        }
    }

    private final class Searched implements Row {
        private final Writing writing;
        private final Beams beams;

        Searched(Writing writing) {
            this.writing = writing;
            this.beams = new Beams(writing, ends);
        }

        @Override
        public boolean going() {
            return beams.going();
        }

        @Override
        public void take(float[][] logits, int at, int[] from, int[] last) {
            for (int beam = 0; beam < writing.beams(); beam++) {
                from[at + beam] = at + beam;
            }
            if (!beams.going()) {
                return;
            }
            for (int beam = 0; beam < writing.beams(); beam++) {
                writing.filter(logits[at + beam], halves.targets().start(), beams.text(beam), ends);
            }
            int[] parents = beams.advance(Arrays.copyOfRange(logits, at, at + writing.beams()));
            for (int beam = 0; beam < writing.beams() && beams.going(); beam++) {
                from[at + beam] = at + parents[beam];
                last[at + beam] = beams.text(beam)[beams.text(beam).length - 1];
            }
        }

        @Override
        public Continuation continuation() {
            return beams.continuation();
        }
    }
}
