package dev.cultivar.predict;

import dev.cultivar.batch.Task;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Torch;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/// Threads that compute with one model for all callers, a piece of work each.
///
/// A row's matrices are small: threads that share one wait for each other, threads that have each their own do not. So an operator has
/// one thread here, and OpenBLAS, which has one setting for the process, one as long as somebody waits. The threads are the model's own
/// because libtorch keeps settings by thread (whether gradients are recorded, how many threads an operator takes), which a caller's
/// thread, a virtual one above all, must neither lack nor be left with.
final class ModelThreads implements AutoCloseable {
    private final ExecutorService threads;

    /// @param name of the threads
    ModelThreads(String name) {
        threads = Executors.newFixedThreadPool(
                Runtime.getRuntime().availableProcessors(),
                task -> Thread.ofPlatform().daemon().name(name).unstarted(() -> {
                    Torch.operatorThreads(1);
                    task.run();
                }));
    }

    /// What comes of each piece of work, in their order; returns, or throws what one of them threw, when all of them have ended.
    ///
    /// @param compute is called inside a scope and without gradients; only Java values may leave it
    <W, A> List<A> each(List<W> work, Function<W, A> compute) {
        return Torch.productsAlone(() -> {
            List<CompletableFuture<A>> answers =
                    work.stream().map(piece -> CompletableFuture.supplyAsync(() -> alone(piece, compute), threads)).toList();
            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).handle((all, failed) -> true).join();
            return answers.stream().map(Task::done).toList();
        });
    }

    private static <W, A> A alone(W piece, Function<W, A> compute) {
        try (var scope = Scope.open(); var without = new NoGradient()) {
            return compute.apply(piece);
        }
    }

    /// Nobody may be waiting any more.
    @Override
    public void close() {
        threads.close();
    }
}
