package dev.cultivar.text;

import dev.cultivar.batch.DataException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// A tokenizer as rows see it: one that lacks a special piece of BERT's layout says so when it is asked for it.
public final class TokenizerPieces implements Pieces {
    private final Tokenizer tokenizer;
    private final Special special;
    private final int[] specialIds; // ascending
    private final int firstOrdinary;

    public TokenizerPieces(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        this.special = tokenizer.special();
        this.specialIds = Stream.of(
                        special.pad(), special.unk(), special.cls(), special.sep(), special.mask(), special.begin(), special.end())
                .flatMapToInt(OptionalInt::stream)
                .sorted()
                .distinct()
                .toArray();
        this.firstOrdinary = longestStretch(specialIds, tokenizer.vocabulary());
    }

    private static int longestStretch(int[] special, int vocabulary) {
        int start = 0;
        int longest = special.length == 0 ? vocabulary : special[0];
        for (int i = 0; i < special.length; i++) {
            int next = i + 1 < special.length ? special[i + 1] : vocabulary;
            if (next - special[i] - 1 >= longest) {
                longest = next - special[i] - 1;
                start = special[i] + 1;
            }
        }
        return start;
    }

    private static int need(OptionalInt id, String name) {
        return id.orElseThrow(() -> new DataException("the tokenizer has no " + name + " piece, which rows are laid out with here; "
                + "use a tokenizer of BERT's kind, or train one with tokenizer.kind: wordpiece or words"));
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
    public Encoded encodeWords(List<String> words) {
        return tokenizer.encodeWords(words);
    }

    @Override
    public Placed place(String text) {
        return tokenizer.place(text);
    }

    @Override
    public Special special() {
        return special;
    }

    @Override
    public int pad() {
        return special.pad().orElse(0);
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
    public boolean ordinary(int id) {
        return Arrays.binarySearch(specialIds, id) < 0 && id >= firstOrdinary;
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
