package dev.cultivar.predict;

import dev.cultivar.batch.Batch;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.text.TokenGrid;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/// One thread that answers for all callers, each row by itself.
///
/// A matrix product's last bits depend on the rows that it is made of and on a row's place among them, so a row stands alone in an
/// array of its own length: its answer depends on nothing else. The thread is the model's own because libtorch keeps
/// settings by thread (whether gradients are recorded, how many threads an operator takes), which a caller's thread, a
/// virtual one above all, must neither lack nor be left with. Operators share the cores among themselves.
final class Answering implements AutoCloseable {
    private final int pad;
    private final ExecutorService thread;

    /// @param pad the padding piece
    Answering(int pad) {
        this.pad = pad;
        int operatorThreads = Runtime.getRuntime().availableProcessors();
        this.thread = Executors.newSingleThreadExecutor(task -> Thread.ofPlatform().daemon().name("cultivar-answers").unstarted(() -> {
            Torch.operatorThreads(operatorThreads);
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
        try {
            return CompletableFuture.supplyAsync(() -> answers(rows, network), thread).join();
        } catch (CompletionException failed) {
            switch (failed.getCause()) {
                case RuntimeException problem -> throw problem;
                case Error problem -> throw problem;
                case null, default -> throw failed;
            }
        }
    }

    private <A> List<A> answers(List<Row> rows, Function<Inputs, A> network) {
        List<A> answers = new ArrayList<>(rows.size());
        for (Row row : rows) {
            TokenGrid grid = new TokenGrid(1, row.tokens().length, pad);
            grid.put(0, row.tokens(), row.first());
            Batch batch = grid.into(Batch.of(0)).build();
            try (var scope = Scope.open(); var without = new NoGradient()) {
                answers.add(network.apply(Inputs.of(batch)));
            }
        }
        return answers;
    }

    /// Nobody may be asking any more.
    @Override
    public void close() {
        thread.close();
    }
}
