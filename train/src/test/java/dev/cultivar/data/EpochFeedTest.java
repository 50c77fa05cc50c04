package dev.cultivar.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.DataException;
import dev.cultivar.recipe.BatchingRecipe.Budget;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EpochFeedTest {
    private static final SpacePieces PIECES = SpacePieces.numbered(200);
    private static final Budget TOKENS = new Budget.Tokens(128);

    @TempDir
    Path folder;

    private TokenStore store;
    private MaskedBatches maker;

    @BeforeEach
    void encode() {
        Random random = new Random(3);
        Examples table = ListExamples.table(IntStream.range(0, 100)
                .mapToObj(row -> words(random) + " | " + words(random)).toArray(String[]::new));
        store = new Encoder(PIECES, new Targets.None(), Encoder.Layout.RECORDS, 24).encode(table, folder);
        maker = new MaskedBatches(store, PIECES, new Masking(0.3, false), true, 5, "train");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void loadersChangeNothing(int loaders) {
        try (EpochFeed inline = new EpochFeed(maker, TOKENS, 9, 0); EpochFeed ahead = new EpochFeed(maker, TOKENS, 9, loaders)) {
            for (int i = 0; i < 60; i++) {
                assertThat(ahead.position()).isEqualTo(inline.position());
                assertSame(ahead.next(), inline.next());
            }
            assertThat(inline.position().epoch()).as("several epochs").isGreaterThan(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void aPositionIsTheWholeState(int loaders) {
        List<Feed.Position> positions = new ArrayList<>();
        List<Batch> batches = new ArrayList<>();
        try (EpochFeed feed = new EpochFeed(maker, TOKENS, 9, loaders)) {
            for (int i = 0; i < 50; i++) {
                positions.add(feed.position());
                batches.add(feed.next());
            }
        }
        for (int from : new int[] {49, 0, 17, 33}) {
            try (EpochFeed feed = new EpochFeed(maker, TOKENS, 9, loaders)) {
                feed.next(); // what was made ahead is dropped
                feed.seek(positions.get(from));
                for (int i = from; i < 50; i++) {
                    assertThat(feed.position()).isEqualTo(positions.get(i));
                    assertSame(feed.next(), batches.get(i));
                }
            }
        }
    }

    @Test
    void eachRowComesOnceAnEpochAndTokensAreKnownAhead() {
        try (EpochFeed feed = new EpochFeed(maker, TOKENS, 9, 2)) {
            for (int epoch = 0; epoch < 3; epoch++) {
                List<Long> rows = new ArrayList<>();
                for (long i = 0; i < feed.microBatches(epoch); i++) {
                    Feed.Position position = feed.position();
                    assertThat(position).isEqualTo(new Feed.Position(epoch, i));
                    long tokens = feed.tokens(position);
                    Batch batch = feed.next();
                    assertThat(batch.tokens()).isEqualTo(tokens);
                    assertThat(batch.ints("input_ids").values().length).isLessThanOrEqualTo(128);
                    Arrays.stream(batch.origin()).forEach(rows::add);
                }
                assertThat(rows).hasSize(100).doesNotHaveDuplicates();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void aFailureComesOutAtItsBatch(int loaders) {
        try (EpochFeed feed = new EpochFeed(new Failing(maker, 42), new Budget.Rows(10), 9, loaders);
                EpochFeed whole = new EpochFeed(maker, new Budget.Rows(10), 9, 0)) {
            for (int i = 0; i < 10; i++) {
                Batch expected = whole.next();
                if (Arrays.stream(expected.origin()).anyMatch(row -> row == 42)) {
                    assertThatThrownBy(feed::next).isInstanceOf(DataException.class).hasMessage("row 42 cannot be read");
                    assertThatThrownBy(feed::next).as("and stays there").hasMessage("row 42 cannot be read");
                    return;
                }
                assertSame(feed.next(), expected);
            }
        }
        throw new AssertionError("row 42 was in no batch");
    }

    @Test
    void closingStopsTheLoaders() throws InterruptedException {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        EpochFeed feed = new EpochFeed(new Recording(maker, threads), TOKENS, 9, 3);
        for (int i = 0; i < 10; i++) {
            feed.next();
        }
        feed.close();
        feed.close();
        assertThat(threads).isNotEmpty().doesNotContain(Thread.currentThread());
        for (Thread thread : threads) {
            thread.join(60_000); // returns at once: close has waited
            assertThat(thread.isAlive()).isFalse();
        }
        assertThatThrownBy(feed::next).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
    }

    @Test
    void placesThatAreNotThereAreRefused() {
        try (EpochFeed feed = new EpochFeed(maker, TOKENS, 9, 0)) {
            assertThatThrownBy(() -> feed.seek(new Feed.Position(0, feed.microBatches(0)))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> feed.seek(new Feed.Position(-1, 0))).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /// Fails where a row is asked for.
    private record Failing(BatchMaker maker, int row) implements BatchMaker {
        @Override
        public int rows() {
            return maker.rows();
        }

        @Override
        public int[] lengths(long epoch) {
            return maker.lengths(epoch);
        }

        @Override
        public int maxLength() {
            return maker.maxLength();
        }

        @Override
        public Batch make(int[] rows, int height, int length, long epoch) {
            if (Arrays.stream(rows).anyMatch(one -> one == row)) {
                throw new DataException("row " + row + " cannot be read");
            }
            return maker.make(rows, height, length, epoch);
        }
    }

    /// Notes who makes batches.
    private record Recording(BatchMaker maker, Set<Thread> threads) implements BatchMaker {
        @Override
        public int rows() {
            return maker.rows();
        }

        @Override
        public int[] lengths(long epoch) {
            return maker.lengths(epoch);
        }

        @Override
        public int maxLength() {
            return maker.maxLength();
        }

        @Override
        public Batch make(int[] rows, int height, int length, long epoch) {
            threads.add(Thread.currentThread());
            return maker.make(rows, height, length, epoch);
        }
    }

    static void assertSame(Batch actual, Batch expected) {
        assertThat(actual.origin()).isEqualTo(expected.origin());
        assertThat(actual.fields().keySet()).isEqualTo(expected.fields().keySet());
        for (String field : expected.fields().keySet()) {
            assertThat(actual.ints(field).shape()).as(field).isEqualTo(expected.ints(field).shape());
            assertThat(actual.ints(field).values()).as(field).isEqualTo(expected.ints(field).values());
        }
    }

    private static String words(Random random) {
        return IntStream.rangeClosed(0, random.nextInt(10)).mapToObj(i -> "w" + random.nextInt(200)).collect(Collectors.joining(" "));
    }
}
