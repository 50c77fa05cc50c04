package dev.cultivar.data;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.DataException;
import dev.cultivar.batch.Draw;
import dev.cultivar.text.Pieces;
import dev.cultivar.text.TextFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Batches for denoising (Lewis et al., 2020, section 2.2): a row's sentences change places, then spans of it become one mask each, some of
/// them spans of no token, and the row as it was is to be written.
///
/// All of it is a function of (seed, purpose, epoch, row). A sentence ends with a piece that ends in a full stop, a question mark or an
/// exclamation mark, before a piece that starts a word.
public final class DenoisingBatches implements BatchMaker {
    private final TokenStore store;
    private final TextRows layout;
    private final int mask;
    private final double probability;
    private final double meanSpan;
    private final boolean permute;
    private final BitSet stops = new BitSet();
    private final long key;

    /// @param probability share of a row's tokens that is hidden
    /// @param meanSpan    tokens of a span on average, by Poisson's law
    /// @param permute     whether sentences change places
    /// @param purpose     for example `train` or `validation`: other purposes draw other noise
    public DenoisingBatches(
            TokenStore store, Pieces pieces, double probability, double meanSpan, boolean permute, long seed, String purpose) {
        this.store = store;
        this.mask = pieces.special().mask().orElseThrow(() -> new DataException("denoising puts one mask in place of a span, and the tokenizer has no such "
                + "piece; use BART's, or train one with <mask> in tokenizer.special"));
        this.probability = probability;
        this.meanSpan = meanSpan;
        this.permute = permute;
        this.key = Draw.bits(seed, Draw.name("noise"), Draw.name(purpose));
        this.layout = new TextRows(TextFrame.of(pieces.special()), pieces.pad(), store.maxLength(), store.maxLength());
        for (int id = 0; id < pieces.vocabulary(); id++) {
            if (pieces.ordinary(id) && ".!?".indexOf(pieces.piece(id).charAt(pieces.piece(id).length() - 1)) >= 0) {
                stops.set(id);
            }
        }
    }

    @Override
    public int rows() {
        return store.rows();
    }

    @Override
    public int[] lengths(long epoch) {
        return IntStream.range(0, store.rows()).map(row -> {
            int length = store.firstLength(row) + store.secondLength(row);
            int[] spans = spans(length, random(row, epoch));
            return layout.length(length - IntStream.of(spans).sum() + spans.length, length);
        }).toArray();
    }

    @Override
    public int maxLength() {
        return layout.maxLength();
    }

    @Override
    public Batch make(int[] rows, int height, int length, long epoch) {
        return layout.batch(Arrays.stream(rows).mapToObj(row -> texts(row, epoch)).toList(), rows, height).build();
    }

    private SplittableRandom random(int row, long epoch) {
        return new SplittableRandom(Draw.bits(key, epoch, row));
    }

    /// What is read and what is written of a row.
    TextRows.Texts texts(int row, long epoch) {
        TokenRow stored = store.row(row);
        int[] tokens = Arrays.copyOf(stored.first(), stored.length() - (stored.second().length == 0 ? 2 : 3));
        System.arraycopy(stored.second(), 0, tokens, stored.first().length, stored.second().length);
        SplittableRandom random = random(row, epoch);
        int[] spans = spans(tokens.length, random);
        int[] moved = permute ? permuted(tokens, stored.starts(), random) : tokens;
        return new TextRows.Texts(infilled(moved, spans, random), tokens);
    }

    /// Lengths of spans that together are the share that is hidden; those of no token are no more than there are tokens hidden, so that
    /// no row becomes longer.
    private int[] spans(int length, SplittableRandom random) {
        int hidden = Math.min(length, (int) Math.round(length * probability));
        List<Integer> spans = new ArrayList<>();
        int left = hidden;
        while (left > 0) {
            int span = Math.min(left, poisson(random));
            left -= span;
            if (span > 0 || spans.size() < hidden - left) {
                spans.add(span);
            }
        }
        return spans.stream().mapToInt(Integer::intValue).toArray();
    }

    /// By multiplying uniform numbers (Knuth, The Art of Computer Programming, volume 2, section 3.4.1).
    private int poisson(SplittableRandom random) {
        double limit = Math.exp(-meanSpan);
        int count = 0;
        for (double product = random.nextDouble(); product > limit; product *= random.nextDouble()) {
            count++;
        }
        return count;
    }

    private int[] permuted(int[] tokens, boolean[] starts, SplittableRandom random) {
        List<int[]> sentences = new ArrayList<>();
        int from = 0;
        for (int to = 1; to <= tokens.length; to++) {
            if (to == tokens.length || stops.get(tokens[to - 1]) && starts[to]) {
                sentences.add(Arrays.copyOfRange(tokens, from, to));
                from = to;
            }
        }
        for (int i = sentences.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int[] kept = sentences.get(i);
            sentences.set(i, sentences.get(other));
            sentences.set(other, kept);
        }
        return sentences.stream().flatMapToInt(Arrays::stream).toArray();
    }

    /// Spans and the tokens that stay in one order, all orders alike.
    private int[] infilled(int[] tokens, int[] spans, SplittableRandom random) {
        int[] result = new int[tokens.length - IntStream.of(spans).sum() + spans.length];
        for (int place = 0, span = 0, at = 0; place < result.length; place++) {
            if (random.nextInt(result.length - place) < spans.length - span) {
                result[place] = mask;
                at += spans[span++];
            } else {
                result[place] = tokens[at++];
            }
        }
        return result;
    }
}
