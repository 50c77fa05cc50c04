package dev.cultivar.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.DataException;
import dev.cultivar.text.BytePairTrainer;
import dev.cultivar.text.Fitting;
import dev.cultivar.text.Pieces;
import dev.cultivar.text.Ties;
import dev.cultivar.text.Tokenizer;
import dev.cultivar.text.TokenizerPieces;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rows of encoder-decoders: what is read, what is to be written, and that both together lose nothing.
class TextBatchesTest {
    private static final List<String> TEXTS = List.of(
            "The red fox sees an owl. It is late! Is it? It was so, said the hen, and the owl flew away over the hill.",
            "a", "", "Two words.", "One more sentence about bees. Another one about hens and foxes. A third.");

    @TempDir
    Path folder;

    private Tokenizer tokenizer;
    private Pieces pieces;

    @BeforeEach
    void open() {
        List<String> special = List.of("<pad>", "</s>", "<mask>", "<extra_id_0>", "<extra_id_1>", "<extra_id_2>", "<extra_id_3>");
        tokenizer = BytePairTrainer.train(to -> TEXTS.forEach(to::accept), new BytePairTrainer.Options(290, 2, special, Ties.TEXT)).tokenizer();
        pieces = new TokenizerPieces(tokenizer);
    }

    @AfterEach
    void close() {
        tokenizer.close();
    }

    private int[] sentinels() {
        return IntStream.range(0, 4).map(i -> tokenizer.id("<extra_id_" + i + ">").orElseThrow()).toArray();
    }

    private TokenStore store(Encoder encoder, List<Example> rows) {
        return encoder.encode(new ListExamples("rows", false, rows), folder);
    }

    private TokenStore texts() {
        var encoder = new Encoder(pieces, Targets.of(Labels.none()), Encoder.Layout.RECORDS, 64);
        return store(encoder, IntStream.range(0, TEXTS.size()).mapToObj(i -> new Example(i, TEXTS.get(i), "", "")).toList());
    }

    private List<Example> pairs() {
        return List.of(new Example(0, "The red fox sees an owl.", "fox", ""), new Example(1, "late", "It is late! Is it? It was so.", ""));
    }

    @Test
    void bothSidesAreFramedAndCutApartAndCounted() {
        try (var store = store(new Encoder(pieces, Targets.of(Labels.none()), Encoder.Layout.TEXTS, 10, new Fitting.Truncate(), 6), pairs())) {
            int first = tokenizer.ids(pairs().getFirst().text()).length;
            int second = tokenizer.ids(pairs().getLast().pair()).length;
            assertThat(store.cut(0)).isEqualTo(first - 9);
            assertThat(store.cut(1)).isEqualTo(second - 5);
            var batches = new TextBatches(store, pieces, 6, true);
            Batch batch = batches.make(new int[] {0, 1}, 3, 16, 0);
            int end = pieces.special().end().orElseThrow();
            assertThat(batch.ints("input_ids").shape()).containsExactly(3, 10);
            assertThat(batch.ints("input_ids").values()[9]).isEqualTo(end);
            int[] labels = batch.ints("labels").values();
            assertThat(batch.ints("labels").shape()).containsExactly(3, 6);
            assertThat(labels[11]).as("a text that is cut ends all the same").isEqualTo(end);
            assertThat(Arrays.copyOfRange(labels, 12, 18)).as("filler has nothing to learn").containsOnly(-100);
            int[] references = batch.ints("references").values();
            int width = references.length / 3;
            assertThat(Arrays.copyOfRange(references, width, width + second)).as("scored against all of it")
                    .isEqualTo(tokenizer.ids(pairs().getLast().pair()));
            assertThat(batch.tokens()).isEqualTo(Arrays.stream(batch.ints("attention_mask").values()).sum()
                    + Arrays.stream(batch.ints("decoder_attention_mask").values()).sum());
            assertThat(Arrays.stream(batches.lengths(0)).max().orElseThrow()).isLessThanOrEqualTo(batches.maxLength());
        }
    }

    @Test
    void aRowWithoutATextToWriteIsToldWithItsPlace() {
        var encoder = new Encoder(pieces, Targets.of(Labels.none()), Encoder.Layout.TEXTS, 10, new Fitting.Truncate(), 6);
        assertThatThrownBy(() -> store(encoder, List.of(new Example(0, "a", "b", ""), new Example(7, "a", " ", ""))))
                .isInstanceOf(DataException.class).hasMessageContaining("7").hasMessageContaining("data.columns.pair");
    }

    @Test
    void spansPutBackGiveTheRow() {
        try (var store = texts()) {
            var batches = new SpanBatches(store, pieces, sentinels(), 0.3, 2, 5, "train");
            for (int row = 0; row < store.rows(); row++) {
                for (long epoch = 0; epoch < 20; epoch++) {
                    TextRows.Texts texts = batches.texts(row, epoch);
                    assertThat(joined(texts)).isEqualTo(store.row(row).first());
                    Batch batch = batches.make(new int[] {row}, 1, batches.lengths(epoch)[row], epoch);
                    assertThat(batch.tokens()).isEqualTo(batches.lengths(epoch)[row]);
                }
            }
            assertThat(batches.texts(0, 1).source()).isNotEqualTo(batches.texts(0, 2).source());
            assertThat(batches.texts(0, 1).source()).isEqualTo(new SpanBatches(store, pieces, sentinels(), 0.3, 2, 5, "train").texts(0, 1).source());
            assertThat(batches.texts(0, 1).source()).isNotEqualTo(new SpanBatches(store, pieces, sentinels(), 0.3, 2, 5, "test").texts(0, 1).source());
        }
    }

    /// Every sentinel of the source replaced by what the target has behind it.
    private int[] joined(TextRows.Texts texts) {
        List<Integer> sentinels = Arrays.stream(sentinels()).boxed().toList();
        List<Integer> target = Arrays.stream(texts.target()).boxed().toList();
        return Arrays.stream(texts.source()).flatMap(token -> {
            if (!sentinels.contains(token)) {
                return IntStream.of(token);
            }
            int from = target.indexOf(token) + 1;
            int to = from;
            while (to < target.size() && !sentinels.contains(target.get(to))) {
                to++;
            }
            return target.subList(from, to).stream().mapToInt(Integer::intValue);
        }).toArray();
    }

    @Test
    void theShareAndTheSpansAreThoseAskedFor() {
        try (var store = texts()) {
            var batches = new SpanBatches(store, pieces, sentinels(), 0.3, 2, 5, "train");
            int length = store.firstLength(0);
            int taken = Math.round(length * 0.3f);
            int spans = Math.min(4, Math.round(taken / 2f));
            assertThat(batches.texts(0, 0).target()).hasSize(taken + spans);
            assertThat(batches.texts(0, 0).source()).hasSize(length - taken + spans);
        }
        assertThatThrownBy(() -> new SpanBatches(texts(), pieces, new int[0], 0.3, 2, 5, "train"))
                .isInstanceOf(DataException.class).hasMessageContaining("<extra_id_0>").hasMessageContaining("tokenizer.sentinels");
    }

    @Test
    void partsAddUpAndEveryWayComesUp() {
        var random = new SplittableRandom(3);
        assertThat(Stream.generate(() -> SpanBatches.parts(4, 2, random)).limit(200).map(Arrays::toString).distinct())
                .containsExactlyInAnyOrder("[1, 3]", "[2, 2]", "[3, 1]");
        assertThat(SpanBatches.parts(0, 1, random)).containsExactly(0);
        assertThat(SpanBatches.parts(5, 5, random)).containsOnly(1);
    }

    @Test
    void noiseHidesAShareBehindMasksAndMovesWholeSentences() {
        try (var store = texts()) {
            var moving = new DenoisingBatches(store, pieces, 0.001, 3, true, 5, "train");
            int mask = pieces.mask();
            int[] whole = store.row(3).first();
            List<String> orders = IntStream.range(0, 40)
                    .mapToObj(epoch -> tokenizer.decode(moving.texts(3, epoch).source()))
                    .distinct()
                    .toList();
            assertThat(orders).hasSize(6).allSatisfy(text -> assertThat(text).contains("Another one about hens and foxes."));
            var hiding = new DenoisingBatches(store, pieces, 0.3, 3, false, 5, "train");
            for (int row = 0; row < store.rows(); row++) {
                for (long epoch = 0; epoch < 20; epoch++) {
                    TextRows.Texts texts = hiding.texts(row, epoch);
                    int[] kept = Arrays.stream(texts.source()).filter(token -> token != mask).toArray();
                    int[] all = store.row(row).first();
                    assertThat(texts.target()).isEqualTo(all);
                    assertThat(all.length - kept.length).isEqualTo((int) Math.round(0.3 * all.length));
                    assertThat(texts.source().length).isLessThanOrEqualTo(all.length);
                    Batch batch = hiding.make(new int[] {row}, 1, hiding.lengths(epoch)[row], epoch);
                    assertThat(batch.tokens()).isEqualTo(hiding.lengths(epoch)[row]);
                }
            }
            assertThat(whole).isNotEmpty();
        }
    }
}
