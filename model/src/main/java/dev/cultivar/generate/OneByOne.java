package dev.cultivar.generate;

import dev.cultivar.batch.Task;
import dev.cultivar.torch.Torch;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/// A model that writes texts, and the thread that it writes on: any number of callers are answered one after the other, and it is closed
/// once, after the last question.
///
/// A token takes the whole model, so all processors work on one; that the thread is the model's own is because libtorch keeps settings by
/// thread.
public final class OneByOne implements AutoCloseable {
    private final String what;
    private final Runnable freed;
    private final ExecutorService thread;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    /// @param what  the model is called in messages and in the thread's name
    /// @param freed frees the model's memory
    public OneByOne(String what, Runnable freed) {
        this.what = what;
        this.freed = freed;
        int operatorThreads = Runtime.getRuntime().availableProcessors();
        thread = Executors.newSingleThreadExecutor(task -> Thread.ofPlatform().daemon().name("cultivar-" + what).unstarted(() -> {
            Torch.operatorThreads(operatorThreads);
            task.run();
        }));
    }

    /// What is said to each question, in their order; between two of them other callers have their turn, and nobody closes the model.
    public <Q, A> List<A> each(List<Q> questions, Function<Q, A> answer) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("this " + what + " is closed; whoever opened it may close it only after its last use");
            }
            return questions.stream()
                    .map(question -> Task.done(CompletableFuture.supplyAsync(() -> answer.apply(question), thread)))
                    .toList();
        } finally {
            lock.readLock().unlock();
        }
    }

    /// Frees the model's memory once no thread is asking any more; a second call does nothing.
    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                thread.close();
                freed.run();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
