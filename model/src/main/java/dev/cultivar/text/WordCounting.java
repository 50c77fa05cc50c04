package dev.cultivar.text;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Counts the words of texts on several threads; of the texts, only a few that wait for their turn are in memory.
final class WordCounting {
    /// Characters that a thread takes at a time.
    private static final int PORTION = 1 << 18;

    private final Supplier<Cutting> cuttings;
    private final ExecutorService threads;
    private final Semaphore waiting;
    private final ConcurrentLinkedQueue<Counter> idle = new ConcurrentLinkedQueue<>();
    private final List<Future<?>> portions = new ArrayList<>();
    private List<String> portion = new ArrayList<>();
    private int characters;

    /// A way to cut and what was counted with it; each is used by one thread at a time.
    private record Counter(Cutting cutting, WordCounts counts) {}

    private WordCounting(Supplier<Cutting> cuttings, int threadCount, ExecutorService threads) {
        this.cuttings = cuttings;
        this.threads = threads;
        this.waiting = new Semaphore(2 * threadCount);
    }

    /// @param cuttings makes one for each thread
    static WordCounts count(Texts texts, Supplier<Cutting> cuttings) {
        int threadCount = Runtime.getRuntime().availableProcessors();
        try (var threads = Executors.newFixedThreadPool(threadCount, task -> Thread.ofPlatform().daemon().name("cultivar-words").unstarted(task))) {
            var counting = new WordCounting(cuttings, threadCount, threads);
            texts.each(counting::add);
            return counting.finish();
        }
    }

    private void add(String text) {
        portion.add(text);
        characters += text.length() + 1;
        if (characters >= PORTION || characters < 0) {
            submit();
        }
    }

    private void submit() {
        var texts = portion;
        portion = new ArrayList<>();
        characters = 0;
        waiting.acquireUninterruptibly();
        portions.removeIf(WordCounting::isDone);
        portions.add(threads.submit(() -> {
            try {
                var counter = take();
                for (var text : texts) {
                    counter.cutting().cut(text, counter.counts());
                }
                idle.add(counter);
            } finally {
                waiting.release();
            }
        }));
    }

    private Counter take() {
        @Nullable Counter counter = idle.poll();
        return counter != null ? counter : new Counter(cuttings.get(), new WordCounts());
    }

    private static boolean isDone(Future<?> portion) {
        if (!portion.isDone()) {
            return false;
        }
        await(portion);
        return true;
    }

    private static void await(Future<?> portion) {
        try {
            portion.get();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case RuntimeException problem -> throw problem;
                case Error problem -> throw problem;
                case null, default -> throw new IllegalStateException(failed);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("counting words was interrupted", interrupted);
        }
    }

    private WordCounts finish() {
        submit();
        portions.forEach(WordCounting::await);
        var all = idle.poll();
        if (all == null) {
            throw new IllegalStateException("no portion was counted");
        }
        idle.forEach(counter -> all.counts().addAll(counter.counts()));
        return all.counts();
    }
}
