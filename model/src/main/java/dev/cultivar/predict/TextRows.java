package dev.cultivar.predict;

import dev.cultivar.batch.Batch;
import dev.cultivar.nn.Inputs;
import dev.cultivar.text.Pieces;
import dev.cultivar.text.TokenGrid;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/// A few numbers for each of many texts, for all callers: texts of like length are computed together, a batch a thread, or each alone.
final class TextRows implements AutoCloseable {
    /// Rows whose matrices are large enough to keep a core busy, and small enough for its caches.
    private static final int TOGETHER = 16;
    /// Rows that are sorted by length at once, and held in memory.
    private static final int WINDOW = 2_048;

    private final Opened<?> opened;
    private final Network network;
    private final ModelThreads threads;

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
        threads = new ModelThreads(name);
    }

    /// The numbers of each row, in the order of the rows; waits until they are there.
    List<float[]> answer(List<TextPair> texts, Computed how) {
        return opened.asked(texts, WINDOW, window -> Arrays.asList(window(window, how)));
    }

    private float[][] window(List<TextPair> texts, Computed how) {
        List<Answering.Row> rows = texts.parallelStream().map(this::row).toList();
        int together = how == Computed.ALONE ? 1 : TOGETHER;
        int[] order = IntStream.range(0, rows.size()).boxed()
                .sorted(Comparator.comparingInt(i -> rows.get(i).tokens().length))
                .mapToInt(Integer::intValue)
                .toArray();
        List<int[]> parts = new ArrayList<>();
        for (int from = 0; from < order.length; from += together) {
            parts.add(Arrays.copyOfRange(order, from, Math.min(order.length, from + together)));
        }
        List<float[]> computed = threads.each(parts, part -> compute(part, rows));
        float[][] answers = new float[rows.size()][];
        for (int k = 0; k < computed.size(); k++) {
            int[] part = parts.get(k);
            int width = computed.get(k).length / part.length;
            for (int i = 0; i < part.length; i++) {
                answers[part[i]] = Arrays.copyOfRange(computed.get(k), i * width, (i + 1) * width);
            }
        }
        return answers;
    }

    private Answering.Row row(TextPair text) {
        Pieces pieces = opened.pieces();
        int[] first = pieces.ids(text.text());
        int[] second = text.pair().isEmpty() ? new int[0] : pieces.ids(text.pair());
        int[] kept = TokenGrid.fit(first.length, second.length, opened.maxLength());
        return new Answering.Row(TokenGrid.assemble(Arrays.copyOf(first, kept[0]), Arrays.copyOf(second, kept[1]), pieces), kept[0]);
    }

    /// The numbers of some rows, row after row.
    private float[] compute(int[] part, List<Answering.Row> rows) {
        int longest = Arrays.stream(part).map(i -> rows.get(i).tokens().length).max().orElseThrow();
        TokenGrid grid = new TokenGrid(part.length, longest, opened.pieces().pad());
        for (int i = 0; i < part.length; i++) {
            grid.put(i, rows.get(part[i]).tokens(), rows.get(part[i]).first());
        }
        return Tensors.floats(network.of(Inputs.of(grid.into(Batch.of(new long[part.length])).build())));
    }

    /// Frees the model's memory once no thread is asking any more; a second call does nothing.
    @Override
    public void close() {
        opened.close();
        threads.close();
    }
}
