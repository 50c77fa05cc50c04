package dev.cultivar.data;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.DataException;
import dev.cultivar.batch.Draw;
import dev.cultivar.text.Pieces;
import dev.cultivar.text.TextFrame;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Batches for span corruption (Raffel et al., 2020, section 3.1.4): spans of a row are taken out, each leaves a sentinel in its place, and the
/// text that is to be written are the sentinels, each before what it stands for.
///
/// How many tokens and spans a row loses depends on its length alone; where they lie is a function of (seed, purpose, epoch, row). A row begins
/// with a token that stays and ends with one that is taken.
public final class SpanBatches implements BatchMaker {
    private final TokenStore store;
    private final TextRows layout;
    private final int[] sentinels;
    private final double probability;
    private final double meanSpan;
    private final long key;

    /// @param sentinels   pieces that spans are called by, in their order
    /// @param probability share of a row's tokens that is taken out
    /// @param meanSpan    tokens of a span on average
    /// @param purpose     for example `train` or `validation`: other purposes draw other spans
    public SpanBatches(TokenStore store, Pieces pieces, int[] sentinels, double probability, double meanSpan, long seed, String purpose) {
        if (sentinels.length == 0) {
            throw new DataException("span corruption calls spans by the pieces <extra_id_0>, <extra_id_1>, ..., and the tokenizer has none; "
                    + "use T5's, or train one with tokenizer.kind: bpe and tokenizer.sentinels: 100");
        }
        this.store = store;
        this.sentinels = sentinels.clone();
        this.probability = probability;
        this.meanSpan = meanSpan;
        this.key = Draw.bits(seed, Draw.name("spans"), Draw.name(purpose));
        this.layout = new TextRows(TextFrame.of(pieces.special()), pieces.pad(), store.maxLength(), store.maxLength());
    }

    @Override
    public int rows() {
        return store.rows();
    }

    @Override
    public int[] lengths(long epoch) {
        return IntStream.range(0, store.rows()).map(row -> {
            int length = length(row);
            return layout.length(length - taken(length) + spans(length), taken(length) + spans(length));
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

    private int length(int row) {
        return store.firstLength(row) + store.secondLength(row);
    }

    /// At least one is taken and one stays.
    private int taken(int length) {
        return length < 2 ? length : Math.clamp(Math.round(length * probability), 1, length - 1);
    }

    private int spans(int length) {
        int taken = taken(length);
        int most = Math.min(sentinels.length, Math.min(taken, Math.max(1, length - taken)));
        return taken == 0 ? 0 : Math.clamp(Math.round(taken / meanSpan), 1, most);
    }

    /// What is read and what is written of a row.
    TextRows.Texts texts(int row, long epoch) {
        TokenRow stored = store.row(row);
        int[] tokens = Arrays.copyOf(stored.first(), length(row));
        System.arraycopy(stored.second(), 0, tokens, stored.first().length, stored.second().length);
        int taken = taken(tokens.length);
        int spans = spans(tokens.length);
        var random = new SplittableRandom(Draw.bits(key, epoch, row));
        int[] out = parts(taken, spans, random);
        int[] in = parts(tokens.length - taken, spans, random);
        int[] source = new int[tokens.length - taken + spans];
        int[] target = new int[taken + spans];
        int read = 0;
        int written = 0;
        for (int span = 0, at = 0; span < spans; span++) {
            System.arraycopy(tokens, at, source, read, in[span]);
            at += in[span];
            read += in[span];
            source[read++] = sentinels[span];
            target[written++] = sentinels[span];
            System.arraycopy(tokens, at, target, written, out[span]);
            at += out[span];
            written += out[span];
        }
        return new TextRows.Texts(source, target);
    }

    /// A number parted into so many parts of at least one, all ways alike; zeros where the number is smaller.
    static int[] parts(int whole, int count, SplittableRandom random) {
        int[] parts = new int[count];
        int cuts = Math.min(count, whole) - 1;
        int left = cuts;
        int part = 0;
        for (int at = 0; at < whole; at++) {
            parts[part]++;
            int places = whole - 1 - at; // where a cut may still be made, the one after this token first
            if (left > 0 && random.nextInt(places) < left) {
                left--;
                part++;
            }
        }
        return parts;
    }
}
