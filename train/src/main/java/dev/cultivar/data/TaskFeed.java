package dev.cultivar.data;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.Draw;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/// Micro-batches of several tasks in turn, each of one task: which one is a function of (seed, epoch, index).
///
/// An epoch is as long as those of all tasks together. At temperature 1 it holds each task's own epoch, in mixed order; above, large tasks give way
/// to small ones (Raffel et al., 2020, section 3.5.2), and a task goes on where it stood, through epochs of its own.
public final class TaskFeed implements Feed {
    private final List<Feed> feeds;
    private final long[] shares;
    private final long[] upTo;
    private final long size;
    private final long key;
    private final List<List<Long>> starts = new ArrayList<>();
    private Order order = new Order(-1, new int[0], new int[0]);
    private Position next = new Position(0, 0);

    /// @param feeds       of the tasks that take part, by name
    /// @param temperature at least 1
    public TaskFeed(SequencedMap<String, Feed> feeds, double temperature, long seed) {
        this.feeds = List.copyOf(feeds.values());
        this.key = Draw.bits(seed, Draw.name("tasks"));
        shares = shares(this.feeds.stream().mapToLong(feed -> feed.microBatches(0)).toArray(), temperature);
        upTo = new long[shares.length];
        long sum = 0;
        for (int task = 0; task < shares.length; task++) {
            sum += shares[task];
            upTo[task] = sum;
            starts.add(new ArrayList<>(List.of(0L)));
        }
        size = sum;
    }

    /// How many micro-batches an epoch has of each task.
    ///
    /// @param sizes micro-batches of each task's own epoch
    static long[] shares(long[] sizes, double temperature) {
        double all = 0;
        double flattened = 0;
        for (long each : sizes) {
            all += each;
            flattened += Math.pow(each, 1 / temperature);
        }
        long[] shares = new long[sizes.length];
        for (int task = 0; task < sizes.length; task++) {
            shares[task] = Math.max(1, Math.round(all * Math.pow(sizes[task], 1 / temperature) / flattened));
        }
        return shares;
    }

    /// Which task comes when in an epoch.
    ///
    /// @param task   by the index of the micro-batch
    /// @param before how many of the same task came before in the epoch
    private record Order(long epoch, int[] task, int[] before) {}

    private Order order(long epoch) {
        if (order.epoch() != epoch) {
            int count = Math.toIntExact(size);
            int[] task = new int[count];
            int[] before = new int[count];
            int[] seen = new int[shares.length];
            for (int index = 0; index < count; index++) {
                long place = Draw.permute(index, size, Draw.bits(key, epoch));
                int at = 0;
                while (place >= upTo[at]) {
                    at++;
                }
                task[index] = at;
                before[index] = seen[at]++;
            }
            order = new Order(epoch, task, before);
        }
        return order;
    }

    /// Where the task's micro-batch of that number, counted from the start of training, comes from.
    private Position own(int task, long number) {
        List<Long> from = starts.get(task);
        while (from.getLast() <= number) {
            from.add(from.getLast() + feeds.get(task).microBatches(from.size() - 1));
        }
        int epoch = from.size() - 1;
        while (from.get(epoch) > number) {
            epoch--;
        }
        return new Position(epoch, number - from.get(epoch));
    }

    private Position own(Position position) {
        Order order = order(position.epoch());
        int index = Math.toIntExact(position.index());
        int task = order.task()[index];
        return own(task, position.epoch() * shares[task] + order.before()[index]);
    }

    @Override
    public Batch next() {
        int task = order(next.epoch()).task()[Math.toIntExact(next.index())];
        Batch batch = feeds.get(task).next();
        next = next.index() + 1 < size ? new Position(next.epoch(), next.index() + 1) : new Position(next.epoch() + 1, 0);
        return batch;
    }

    @Override
    public Position position() {
        return next;
    }

    @Override
    public void seek(Position position) {
        if (position.epoch() < 0 || position.index() < 0 || position.index() >= size) {
            throw new IllegalArgumentException("an epoch of the tasks has micro-batches 0 to " + (size - 1) + ", got " + position);
        }
        Order order = order(position.epoch());
        long[] done = new long[shares.length];
        for (int index = 0; index < position.index(); index++) {
            done[order.task()[index]]++;
        }
        for (int task = 0; task < shares.length; task++) {
            feeds.get(task).seek(own(task, position.epoch() * shares[task] + done[task]));
        }
        next = position;
    }

    @Override
    public long microBatches(long epoch) {
        return size;
    }

    @Override
    public long tokens(Position position) {
        int task = order(position.epoch()).task()[Math.toIntExact(position.index())];
        return feeds.get(task).tokens(own(position));
    }

    @Override
    public void close() {
        feeds.forEach(Feed::close);
    }
}
