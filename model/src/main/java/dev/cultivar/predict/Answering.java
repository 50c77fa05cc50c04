package dev.cultivar.predict;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.Task;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.text.TokenGrid;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/// Threads that answer for all callers, each row by itself.
///
/// A matrix product's last bits depend on the rows that it is made of and on a row's place among them, so a row stands alone in an
/// array of its own length: its answer depends on nothing else. A row's matrices are small, so it is computed by one thread, and
/// another thread computes the next row: sharing one row between threads makes them wait for each other. The threads are the model's
/// own because libtorch keeps settings by thread (whether gradients are recorded, how many threads an operator takes), which a
/// caller's thread, a virtual one above all, must neither lack nor be left with. OpenBLAS has one setting for the process, which stands at
/// one thread while somebody is answered.
final class Answering implements AutoCloseable {
    private final int pad;
    private final ExecutorService threads;

    /// @param pad the padding piece
    Answering(int pad) {
        this.pad = pad;
        this.threads = Executors.newFixedThreadPool(
                Runtime.getRuntime().availableProcessors(),
                task -> Thread.ofPlatform().daemon().name("cultivar-answers").unstarted(() -> {
                    Torch.operatorThreads(1);
                    task.run();
                }));
    }

    /// @param tokens with special ones
    /// @param first  pieces of the first segment
    record Row(int[] tokens, int first) {}

    /// What the network says of each row, in the order of the rows; waits until it is there.
    ///
    /// @param network is given one row at a time, inside a scope and without gradients; only Java values may leave it
    <A> List<A> answer(List<Row> rows, Function<Inputs, A> network) {
        return Torch.productsAlone(() -> {
            List<Future<A>> answers = new ArrayList<>(rows.size());
            for (Row row : rows) {
                answers.add(threads.submit(() -> answer(row, network)));
            }
            return answers.stream().map(answer -> Task.result(answer, "interrupted while a model answered")).toList();
        });
    }

    private <A> A answer(Row row, Function<Inputs, A> network) {
        TokenGrid grid = new TokenGrid(1, row.tokens().length, pad);
        grid.put(0, row.tokens(), row.first());
        Batch batch = grid.into(Batch.of(0)).build();
        try (var scope = Scope.open(); var without = new NoGradient()) {
            return network.apply(Inputs.of(batch));
        }
    }

    /// Nobody may be asking any more.
    @Override
    public void close() {
        threads.close();
    }
}
