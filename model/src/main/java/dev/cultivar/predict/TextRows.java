package dev.cultivar.predict;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.Task;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.text.Pieces;
import dev.cultivar.text.TokenGrid;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import dev.cultivar.torch.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/// Threads that compute a few numbers for each of many texts, for all callers.
///
/// Each thread computes a batch of its own with operators of one thread: small matrices are not worth sharing between threads, batches are.
/// The threads are of its own because libtorch keeps settings by thread, which a caller's must neither lack nor be left with. OpenBLAS has
/// one setting for the process, a single thread while texts are computed: its threads and these would wait for each other, and be many
/// times slower.
final class TextRows implements AutoCloseable {
    /// Rows whose matrices are large enough to keep a core busy.
    private static final int TOGETHER = 32;
    /// Rows that are sorted by length at once, and held in memory.
    private static final int WINDOW = 2_048;

    private final Opened<?> opened;
    private final Network network;
    private final ExecutorService threads;

    /// Rows to numbers.
    @FunctionalInterface
    interface Network {
        /// (B, T) -> (B, K)
        Tensor of(Inputs inputs);
    }

    /// Whether rows of like length are computed together, which is faster, or each alone, which nothing beside it can change.
    enum Computed {
        TOGETHER,
        ALONE
    }

    /// @param opened is closed with it
    TextRows(Opened<?> opened, Network network, String name) {
        this.opened = opened;
        this.network = network;
        threads = Executors.newFixedThreadPool(
                Runtime.getRuntime().availableProcessors(),
                task -> Thread.ofPlatform().daemon().name(name).unstarted(() -> {
                    Torch.operatorThreads(1);
                    task.run();
                }));
    }

    /// @param tokens with special ones
    /// @param first  pieces of the first segment
    private record Row(int[] tokens, int first) {}

    /// The numbers of each row, in the order of the rows; waits until they are there.
    List<float[]> answer(List<TextPair> texts, Computed how) {
        return opened.asked(texts, WINDOW, window -> Torch.productsAlone(() -> Arrays.asList(window(window, how))));
    }

    private float[][] window(List<TextPair> texts, Computed how) {
        List<Row> rows = texts.parallelStream().map(this::row).toList();
        int together = how == Computed.ALONE ? 1 : TOGETHER;
        int[] order = IntStream.range(0, rows.size()).boxed()
                .sorted(Comparator.comparingInt(i -> rows.get(i).tokens().length))
                .mapToInt(Integer::intValue)
                .toArray();
        float[][] answers = new float[rows.size()][];
        List<Future<?>> parts = new ArrayList<>();
        for (int from = 0; from < order.length; from += together) {
            int[] part = Arrays.copyOfRange(order, from, Math.min(order.length, from + together));
            parts.add(threads.submit(() -> compute(part, rows, answers)));
        }
        parts.forEach(part -> Task.result(part, "interrupted while texts were computed"));
        return answers;
    }

    private Row row(TextPair text) {
        Pieces pieces = opened.pieces();
        int[] first = pieces.ids(text.text());
        int[] second = text.pair().isEmpty() ? new int[0] : pieces.ids(text.pair());
        int[] kept = TokenGrid.fit(first.length, second.length, opened.maxLength());
        return new Row(TokenGrid.assemble(Arrays.copyOf(first, kept[0]), Arrays.copyOf(second, kept[1]), pieces), kept[0]);
    }

    private void compute(int[] part, List<Row> rows, float[][] answers) {
        int longest = Arrays.stream(part).map(i -> rows.get(i).tokens().length).max().orElseThrow();
        TokenGrid grid = new TokenGrid(part.length, longest, opened.pieces().pad());
        for (int i = 0; i < part.length; i++) {
            grid.put(i, rows.get(part[i]).tokens(), rows.get(part[i]).first());
        }
        Batch batch = grid.into(Batch.of(new long[part.length])).build();
        try (var scope = Scope.open(); var without = new NoGradient()) {
            float[] flat = Tensors.floats(network.of(Inputs.of(batch)));
            int width = flat.length / part.length;
            for (int i = 0; i < part.length; i++) {
                answers[part[i]] = Arrays.copyOfRange(flat, i * width, (i + 1) * width);
            }
        }
    }

    /// Frees the model's memory once no thread is asking any more; a second call does nothing.
    @Override
    public void close() {
        opened.close();
        threads.close();
    }
}
