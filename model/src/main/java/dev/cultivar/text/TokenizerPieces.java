package dev.cultivar.text;

import dev.cultivar.batch.DataException;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// A tokenizer as rows see it: one that lacks a special piece of BERT's layout says so when it is asked for it.
public final class TokenizerPieces implements Pieces {
    private final Tokenizer tokenizer;
    private final Special special;
    private final int firstOrdinary;

    public TokenizerPieces(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        this.special = tokenizer.special();
        this.firstOrdinary = 1 + Stream.of(special.pad(), special.unk(), special.cls(), special.sep(), special.mask())
                .flatMapToInt(OptionalInt::stream)
                .max()
                .orElse(-1);
    }

    private static int need(OptionalInt id, String name) {
        return id.orElseThrow(() -> new DataException("the tokenizer has no " + name + " piece, which rows are laid out with; "
                + "use a tokenizer of BERT's kind, or train one with tokenizer.kind: wordpiece"));
    }

    @Override
    public int[] ids(String text) {
        return tokenizer.ids(text);
    }

    @Override
    public int[] words(String text) {
        return tokenizer.encode(text).words();
    }

    @Override
    public Encoded encode(String text) {
        return tokenizer.encode(text);
    }

    @Override
    public int pad() {
        return need(special.pad(), "[PAD]");
    }

    @Override
    public int unknown() {
        return need(special.unk(), "[UNK]");
    }

    @Override
    public int cls() {
        return need(special.cls(), "[CLS]");
    }

    @Override
    public int sep() {
        return need(special.sep(), "[SEP]");
    }

    @Override
    public int mask() {
        return need(special.mask(), "[MASK]");
    }

    @Override
    public int vocabulary() {
        return tokenizer.vocabulary();
    }

    @Override
    public int firstOrdinary() {
        return firstOrdinary;
    }

    @Override
    public String piece(int id) {
        return tokenizer.piece(id);
    }

    @Override
    public String fingerprint() {
        return tokenizer.fingerprint();
    }
}
