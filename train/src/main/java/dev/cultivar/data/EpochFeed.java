package dev.cultivar.data;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.DataException;
import dev.cultivar.batch.Task;
import dev.cultivar.recipe.BatchingRecipe.Budget;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Batches of a finite set of rows, epoch after epoch, made ahead by loader threads and handed out in the plan's order.
///
/// Only one thread takes batches. A loader's exception comes out of [#next] at the batch that it belongs to.
public final class EpochFeed implements Feed {
    private static final int AHEAD = 2; // batches made ahead, for each loader

    private final BatchMaker maker;
    private final Budget budget;
    private final long seed;
    private final int ahead;
    private final Deque<Future<Batch>> made = new ArrayDeque<>();
    private final AtomicInteger threads = new AtomicInteger();
    private final ExecutorService loaders;
    private Position next = new Position(0, 0);
    private Position submitted = new Position(0, 0);
    private final Plans plans = new Plans();
    private boolean closed;

    /// @param loaders threads that make batches ahead; 0 makes each when it is asked for
    public EpochFeed(BatchMaker maker, Budget budget, long seed, int loaders) {
        if (maker.rows() == 0) {
            throw new DataException("there are no rows to make batches of; expected at least one");
        }
        this.maker = maker;
        this.budget = budget;
        this.seed = seed;
        this.ahead = AHEAD * loaders;
        this.loaders = Executors.newFixedThreadPool(Math.max(1, loaders), task -> {
            Thread thread = new Thread(task, "cultivar-loader-" + threads.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public Batch next() {
        if (closed) {
            throw new IllegalStateException("the feed is closed");
        }
        if (ahead == 0) {
            Batch batch = make(plans.of(next.epoch()), next);
            next = after(next);
            submitted = next;
            return batch;
        }
        while (made.size() < ahead) {
            BatchPlan plan = plans.of(submitted.epoch());
            Position position = submitted;
            made.add(loaders.submit(() -> make(plan, position)));
            submitted = after(submitted);
        }
        Batch batch = Task.result(made.element(), "interrupted while a batch was made");
        made.remove();
        next = after(next);
        return batch;
    }

    private Batch make(BatchPlan plan, Position position) {
        int batch = (int) position.index();
        int[] rows = plan.rows(batch);
        return maker.make(rows, rows.length, plan.paddedLength(batch), position.epoch());
    }

    private Position after(Position position) {
        return position.index() + 1 < plans.of(position.epoch()).size()
                ? new Position(position.epoch(), position.index() + 1)
                : new Position(position.epoch() + 1, 0);
    }

    @Override
    public Position position() {
        return next;
    }

    @Override
    public void seek(Position position) {
        if (position.epoch() < 0) {
            throw new IllegalArgumentException("epochs count from 0, got " + position.epoch());
        }
        int size = plans.of(position.epoch()).size();
        if (position.index() < 0 || position.index() >= size) {
            throw new IllegalArgumentException("epoch " + position.epoch() + " has batches 0 to " + (size - 1) + ", got " + position.index());
        }
        made.forEach(future -> future.cancel(true));
        made.clear();
        next = position;
        submitted = position;
    }

    @Override
    public long microBatches(long epoch) {
        return plans.of(epoch).size();
    }

    @Override
    public long tokens(Position position) {
        return plans.of(position.epoch()).tokens((int) position.index());
    }

    /// Stops the loaders and waits until none of them reads any more, so that the store can be closed.
    @Override
    public void close() {
        closed = true;
        made.forEach(future -> future.cancel(true));
        made.clear();
        loaders.shutdownNow();
        boolean interrupted = false;
        boolean stopped = false;
        while (!stopped) {
            try {
                stopped = loaders.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// The plans of the last epochs that were asked for.
    private final class Plans {
        private static final int KEPT = 3;
        private final long[] epochs = {-1, -1, -1};
        private final BatchPlan[] plans = new BatchPlan[KEPT];

        BatchPlan of(long epoch) {
            int slot = (int) Math.floorMod(epoch, (long) KEPT);
            if (epochs[slot] != epoch) {
                plans[slot] = BatchPlan.of(maker.lengths(epoch), maker.maxLength(), budget, seed, epoch);
                epochs[slot] = epoch;
            }
            return plans[slot];
        }
    }
}
