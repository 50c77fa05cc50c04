package dev.cultivar.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.Batch;
import dev.cultivar.data.Feed.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

/// Micro-batches of several tasks come in an order that a seed and a place alone decide.
class TaskFeedTest {

    /// Says where each batch comes from: a task, an epoch of its own, an index there.
    private static final class Numbered implements Feed {
        private final int task;
        private final int size;
        private Position next = new Position(0, 0);
        private boolean closed;

        Numbered(int task, int size) {
            this.task = task;
            this.size = size;
        }

        @Override
        public Batch next() {
            Position at = next;
            next = at.index() + 1 < size ? new Position(at.epoch(), at.index() + 1) : new Position(at.epoch() + 1, 0);
            SequencedMap<String, Batch.Field> fields = new LinkedHashMap<>();
            fields.put("at", new Batch.Field.Ints(new int[] {task, (int) at.epoch(), (int) at.index()}, 1, 3));
            return new Batch(1, new long[] {0}, fields);
        }

        @Override
        public Position position() {
            return next;
        }

        @Override
        public void seek(Position position) {
            next = position;
        }

        @Override
        public long microBatches(long epoch) {
            return size;
        }

        @Override
        public long tokens(Position position) {
            return 100L * task + position.index();
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static TaskFeed feed(double temperature, int... sizes) {
        SequencedMap<String, Feed> feeds = new LinkedHashMap<>();
        for (int task = 0; task < sizes.length; task++) {
            feeds.put("task" + task, new Numbered(task, sizes[task]));
        }
        return new TaskFeed(feeds, temperature, 7);
    }

    private static List<List<Integer>> take(TaskFeed feed, int count) {
        List<List<Integer>> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(java.util.Arrays.stream(feed.next().ints("at").values()).boxed().toList());
        }
        return taken;
    }

    @Test
    void anEpochHoldsEachTasksOwnEpochInMixedOrder() {
        List<List<Integer>> first = take(feed(1, 5, 20, 2), 27);
        for (int task = 0; task < 3; task++) {
            int of = task;
            List<Integer> indexes = first.stream().filter(at -> at.get(0) == of).map(at -> at.get(2)).toList();
            assertThat(indexes).isSorted().doesNotHaveDuplicates().hasSize(List.of(5, 20, 2).get(task));
        }
        assertThat(first).allMatch(at -> at.get(1) == 0);
        List<Integer> tasks = first.stream().map(at -> at.get(0)).toList();
        assertThat(tasks).isNotEqualTo(tasks.stream().sorted().toList());
    }

    @Test
    void aHigherTemperatureShowsSmallTasksMoreOften() {
        assertThat(TaskFeed.shares(new long[] {90, 10}, 1)).containsExactly(90, 10);
        assertThat(TaskFeed.shares(new long[] {90, 10}, 2)).containsExactly(75, 25); // sqrt(9) to 1
        assertThat(TaskFeed.shares(new long[] {90, 10}, 100)).containsExactly(51, 49);
        assertThat(TaskFeed.shares(new long[] {100_000, 1}, 1)).containsExactly(100_000, 1);
        List<List<Integer>> taken = take(feed(2, 90, 10), 200);
        List<List<Integer>> small = taken.stream().filter(at -> at.getFirst() == 1).toList();
        assertThat(small).hasSize(50);
        assertThat(small.get(10)).containsExactly(1, 1, 0); // it goes on through epochs of its own
        assertThat(small.getLast()).containsExactly(1, 4, 9);
        assertThat(taken.stream().filter(at -> at.getFirst() == 0).toList().getLast()).containsExactly(0, 1, 59);
    }

    @Test
    void whoeverGoesOnFromAPlaceGetsWhatWasToCome() {
        for (double temperature : List.of(1.0, 3.0)) {
            List<List<Integer>> whole = take(feed(temperature, 4, 9, 1), 60);
            for (int from = 0; from < 45; from += 4) {
                TaskFeed before = feed(temperature, 4, 9, 1);
                take(before, from);
                TaskFeed after = feed(temperature, 4, 9, 1);
                after.seek(before.position());
                assertThat(take(after, 15)).as("from %d", from).isEqualTo(whole.subList(from, from + 15));
            }
        }
    }

    @Test
    void tokensAreThoseOfTheBatchThatComes() {
        TaskFeed feed = feed(2, 4, 9);
        List<List<Integer>> coming = take(feed(2, 4, 9), (int) (3 * feed.microBatches(0)));
        for (int i = 0; i < coming.size(); i++) {
            var at = new Position(i / feed.microBatches(0), i % feed.microBatches(0));
            assertThat(feed.tokens(at)).isEqualTo(100L * coming.get(i).get(0) + coming.get(i).get(2));
        }
    }

    @Test
    void aPlaceBeyondTheEpochIsRefusedAndClosingClosesAll() {
        var one = new Numbered(0, 3);
        var feed = new TaskFeed(new LinkedHashMap<>(Map.of("one", one)), 1, 7);
        assertThatThrownBy(() -> feed.seek(new Position(0, 3))).hasMessageContaining("0 to 2");
        feed.close();
        assertThat(one.closed).isTrue();
    }
}
