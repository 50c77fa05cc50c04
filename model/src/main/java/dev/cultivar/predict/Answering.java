package dev.cultivar.predict;

import dev.cultivar.batch.Batch;
import dev.cultivar.nn.Inputs;
import dev.cultivar.text.TokenGrid;
import java.util.List;
import java.util.function.Function;

/// Answers for all callers, each row by itself.
///
/// A matrix product's last bits depend on the rows that it is made of and on a row's place among them, so a row stands alone in an
/// array of its own length: its answer depends on nothing else.
final class Answering implements AutoCloseable {
    private final int pad;
    private final ModelThreads threads = new ModelThreads("cultivar-answers");

    /// @param pad the padding piece
    Answering(int pad) {
        this.pad = pad;
    }

    /// @param tokens with special ones
    /// @param first  pieces of the first segment
    record Row(int[] tokens, int first) {
        /// A row of one segment, whatever special pieces it has.
        static Row ofOne(int[] tokens) {
            return new Row(tokens, tokens.length - 2);
        }
    }

    /// What the network says of each row, in the order of the rows; waits until it is there.
    ///
    /// @param network is given one row at a time, inside a scope and without gradients; only Java values may leave it
    <A> List<A> answer(List<Row> rows, Function<Inputs, A> network) {
        return threads.each(rows, row -> {
            TokenGrid grid = new TokenGrid(1, row.tokens().length, pad);
            grid.put(0, row.tokens(), row.first());
            return network.apply(Inputs.of(grid.into(Batch.of(0)).build()));
        });
    }

    /// Nobody may be asking any more.
    @Override
    public void close() {
        threads.close();
    }
}
