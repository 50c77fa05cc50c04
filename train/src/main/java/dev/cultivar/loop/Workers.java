package dev.cultivar.loop;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.Task;
import dev.cultivar.nn.Weights;
import dev.cultivar.torch.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Threads that go forward and backward over a turn's micro-batches at once, each as a replica of the weights.
///
/// A small model's operators are too short to be shared between threads; its micro-batches are not. Which worker takes
/// which micro-batch is fixed, and so is the order in which gradients are added: the bits do not depend on who was first.
public final class Workers implements AutoCloseable {
    private final int count;
    private final int threadsEach;
    private final List<ExecutorService> executors = new ArrayList<>();

    /// @param count       workers; with one, the calling thread does the work itself
    /// @param threadsEach of each operator that a worker calls
    public Workers(int count, int threadsEach) {
        this.count = count;
        this.threadsEach = threadsEach;
        for (int worker = 0; count > 1 && worker < count; worker++) {
            String name = "cultivar-replica-" + worker;
            executors.add(Executors.newSingleThreadExecutor(task -> Thread.ofPlatform().daemon().name(name).unstarted(task)));
        }
    }

    /// How many micro-batches may be under way at once.
    public int count() {
        return count;
    }

    /// Micro-batches for all workers: where there are fewer than workers, each is cut into parts.
    List<Batch> share(List<Batch> micro) {
        int parts = Math.ceilDiv(count, micro.size());
        return parts == 1 ? micro : micro.stream().flatMap(batch -> batch.cut(parts).stream()).toList();
    }

    /// Calls `work` for 0 to `size - 1` and returns what came, in that order. Worker `w` takes `w`, `w + count`, ...
    <R> List<R> each(int size, IntFunction<R> work) {
        if (count == 1) {
            return IntStream.range(0, size).mapToObj(work).toList();
        }
        List<Future<List<R>>> shares = new ArrayList<>();
        for (int worker = 0; worker < Math.min(count, size); worker++) {
            int first = worker;
            shares.add(executors.get(worker).submit(() -> {
                Torch.operatorThreads(threadsEach);
                List<R> share = new ArrayList<>();
                Weights.asReplica(first, () -> {
                    for (int i = first; i < size; i += count) {
                        share.add(work.apply(i));
                    }
                });
                return share;
            }));
        }
        List<List<R>> done = new ArrayList<>();
        for (Future<List<R>> share : shares) {
            done.add(Task.result(share, "interrupted while micro-batches were under way"));
        }
        return IntStream.range(0, size).mapToObj(i -> done.get(i % count).get(i / count)).toList();
    }

    @Override
    public void close() {
        executors.forEach(ExecutorService::close);
    }
}
