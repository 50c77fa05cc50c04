package dev.cultivar.data;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.DataException;
import dev.cultivar.batch.Draw;
import dev.cultivar.text.Pieces;
import dev.cultivar.text.TokenGrid;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Batches for masked language modelling and, as an option, next-sentence prediction (Devlin et al., 2019, section 3.1).
///
/// Fields: `input_ids`, `attention_mask`, `token_type_ids`, `labels` `(B, T)`, and `next_sentence_label` `(B)`. Of the ordinary
/// pieces each is chosen by a draw of its own (at least one a row); of those some become the mask, some a random
/// ordinary piece, and some stay, by the shares of [Masking]. In every second row that has a second segment it is replaced by another row's. All of it is a function of
/// (seed, purpose, epoch, row): batch size and threads change nothing.
public final class MaskedBatches implements BatchMaker {
    private static final int CHOOSE = 0;
    private static final int REPLACE = 1;
    private static final int RANDOM_PIECE = 2;
    private static final int NEXT = 3;
    private static final int OTHER_ROW = 4;
    private static final int ATTEMPTS = 8;

    private final TokenStore store;
    private final Pieces pieces;
    private final Masking masking;
    private final boolean nextSentence;
    private final long key;
    private final int[] paired; // rows with a second segment, ascending

    /// @param nextSentence whether second segments are swapped and `next_sentence_label` is given
    /// @param purpose      for example `train` or `validation`: other purposes draw other masks
    public MaskedBatches(TokenStore store, Pieces pieces, Masking masking, boolean nextSentence, long seed, String purpose) {
        this.store = store;
        this.pieces = pieces;
        this.masking = masking;
        this.nextSentence = nextSentence;
        this.key = Draw.bits(seed, Draw.name("masking"), Draw.name(purpose));
        requireMask(pieces);
        this.paired = nextSentence
                ? IntStream.range(0, store.rows()).filter(row -> store.secondLength(row) > 0).toArray()
                : new int[0];
    }

    /// Said before the first batch is made, on the caller's thread.
    private static void requireMask(Pieces pieces) {
        if (pieces.special().mask().isEmpty()) {
            throw new DataException("masked language modelling hides pieces behind [MASK], and the tokenizer has no such piece; "
                    + "use one of BERT's kind, or train one with tokenizer.kind: wordpiece or words");
        }
        TokenGrid.requireFrame(pieces);
    }

    boolean nextSentence() {
        return nextSentence;
    }

    /// How many rows have a second segment; 0 where none is asked for.
    int paired() {
        return paired.length;
    }

    @Override
    public int rows() {
        return store.rows();
    }

    @Override
    public int maxLength() {
        return store.maxLength();
    }

    @Override
    public int[] lengths(long epoch) {
        int[] lengths = store.lengths();
        for (int at = 0; at < paired.length; at++) {
            int other = other(at, epoch);
            if (other != paired[at]) {
                int[] kept = TokenGrid.fit(store.firstLength(paired[at]), store.secondLength(other), store.maxLength());
                lengths[paired[at]] = TokenGrid.length(kept[0], kept[1]);
            }
        }
        return lengths;
    }

    @Override
    public Batch make(int[] rows, int height, int length, long epoch) {
        TokenGrid grid = new TokenGrid(height, length, pieces.pad());
        int[] labels = new int[height * length];
        int[] next = new int[height];
        Arrays.fill(labels, LabelledBatches.IGNORED);
        Arrays.fill(next, LabelledBatches.IGNORED);
        for (int i = 0; i < rows.length; i++) {
            MaskedRow row = row(rows[i], epoch);
            grid.put(i, row.tokens(), row.firstLength());
            System.arraycopy(row.labels(), 0, labels, i * length, row.labels().length);
            next[i] = row.nextSentence();
        }
        grid.fill(rows.length);
        Batch.Builder batch = grid.into(Batch.of(TokenGrid.origin(rows))).ints("labels", labels, height, length);
        return (nextSentence ? batch.ints("next_sentence_label", next, height) : batch).build();
    }

    /// The second segment's row: the row itself, or in half of the cases another one with another second segment.
    private int other(int at, long epoch) {
        int row = paired[at];
        if (paired.length < 2 || Draw.unit(key, epoch, row, NEXT) < 0.5) {
            return row;
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int drawn = Draw.below(paired.length - 1, key, epoch, row, OTHER_ROW, attempt);
            int other = paired[drawn < at ? drawn : drawn + 1];
            if (store.secondLength(other) != store.secondLength(row)
                    || !Arrays.equals(store.row(other).second(), store.row(row).second())) {
                return other;
            }
        }
        return row; // nearly all second segments are the same: then it does follow
    }

    /// One row of an epoch, swapped and masked.
    MaskedRow row(int row, long epoch) {
        TokenRow own = store.row(row);
        int at = Arrays.binarySearch(paired, row);
        int other = at < 0 ? row : other(at, epoch);
        TokenRow pair = other == row ? own : joined(own, store.row(other));
        int[] tokens = TokenGrid.assemble(pair.first(), pair.second(), pieces);
        int[] labels = new int[tokens.length];
        Arrays.fill(labels, LabelledBatches.IGNORED);
        mask(tokens, labels, wordStarts(pair), epoch, row);
        int next = at < 0 ? LabelledBatches.IGNORED : other == row ? 0 : 1;
        return new MaskedRow(tokens, labels, pair.first().length, next);
    }

    private TokenRow joined(TokenRow own, TokenRow other) {
        int[] kept = TokenGrid.fit(own.first().length, other.second().length, store.maxLength());
        boolean[] starts = Arrays.copyOf(own.starts(), kept[0] + kept[1]);
        System.arraycopy(other.starts(), other.first().length, starts, kept[0], kept[1]);
        return new TokenRow(Arrays.copyOf(own.first(), kept[0]), Arrays.copyOf(other.second(), kept[1]), starts,
                own.target(), own.cut(), own.origin());
    }

    /// For each token the token in which its word starts.
    private static int[] wordStarts(TokenRow row) {
        int[] words = new int[row.length()];
        for (int i = 0; i < row.starts().length; i++) {
            boolean second = i >= row.first().length;
            int token = second ? i + 2 : i + 1;
            boolean opens = row.starts()[i] || i == 0 || i == row.first().length;
            words[token] = opens ? token : words[token - 1];
        }
        return words;
    }

    private void mask(int[] tokens, int[] labels, int[] words, long epoch, int row) {
        double least = 2;
        int chosen = -1; // the unit that is taken where no draw takes one
        boolean any = false;
        for (int token = 0; token < tokens.length; token++) {
            if (ordinary(tokens[token])) {
                int unit = masking.wholeWord() ? words[token] : token;
                double draw = Draw.unit(key, epoch, row, CHOOSE, unit);
                if (draw < least) {
                    least = draw;
                    chosen = unit;
                }
                any |= draw < masking.probability();
            }
        }
        for (int token = 0; token < tokens.length; token++) {
            int unit = masking.wholeWord() ? words[token] : token;
            boolean take = any ? Draw.unit(key, epoch, row, CHOOSE, unit) < masking.probability() : unit == chosen;
            if (take && ordinary(tokens[token])) {
                labels[token] = tokens[token];
                tokens[token] = replacement(tokens[token], token, epoch, row);
            }
        }
    }

    private int replacement(int piece, int token, long epoch, int row) {
        double draw = Draw.unit(key, epoch, row, REPLACE, token);
        if (draw < masking.masked()) {
            return pieces.mask();
        }
        int ordinary = pieces.vocabulary() - pieces.firstOrdinary();
        int random = pieces.firstOrdinary() + Draw.below(ordinary, key, epoch, row, RANDOM_PIECE, token);
        return draw < masking.masked() + masking.random() && ordinary(random) ? random : piece;
    }

    private boolean ordinary(int piece) {
        return pieces.ordinary(piece);
    }
}
