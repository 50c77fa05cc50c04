package dev.cultivar.text;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// One tokenizer object of the native library: many threads may use it at once, and closing waits until none does.
///
/// This speaks to the library's JNI class and not to `HuggingFaceTokenizer` above it, for two reasons. That class copies nine
/// arrays out of native memory for each text, strings and character spans among them, of which a batch needs one or two; and
/// its factories report each start to a metadata service when they run in certain clouds.
final class NativeTokenizer implements Encoding, AutoCloseable {
    private static final int SLICE = 1024;

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final long handle;
    private boolean closed;

    private NativeTokenizer(long handle) {
        this.handle = handle;
    }

    /// @throws IllegalArgumentException with the library's own words, if it refuses the JSON
    static NativeTokenizer of(String json) {
        var library = library();
        long handle;
        try {
            handle = library.createTokenizerFromString(json);
        } catch (RuntimeException refused) {
            throw new IllegalArgumentException(refused.getMessage(), refused);
        }
        // What a file says of cutting and padding is a batch's business here.
        library.disableTruncation(handle);
        library.disablePadding(handle);
        return new NativeTokenizer(handle);
    }

    /// The library picks natives by the graphics card that it finds, and would fetch those for CUDA. Tokenizing needs none, and
    /// the ones for the processor are inside its jar; a choice that the user made is left alone.
    private static TokenizersLibrary library() {
        if (System.getenv("RUST_FLAVOR") == null && System.getProperty("RUST_FLAVOR") == null) {
            System.setProperty("RUST_FLAVOR", "cpu");
        }
        try {
            LibUtils.checkStatus();
            return TokenizersLibrary.LIB;
        } catch (RuntimeException | LinkageError problem) {
            throw new IllegalStateException(
                    "The native tokenizers library does not load on " + System.getProperty("os.name") + " "
                            + System.getProperty("os.arch") + ": " + problem.getMessage()
                            + ". It unpacks itself into .djl.ai in the home folder, or where DJL_CACHE_DIR says; that place has to"
                            + " be writable.",
                    problem);
        }
    }

    @Override
    public Encoded encode(String text) {
        return use(tokenizer -> {
            long encoding = TokenizersLibrary.LIB.encode(tokenizer, wellFormed(text), false);
            try {
                return read(encoding);
            } finally {
                TokenizersLibrary.LIB.deleteEncoding(encoding);
            }
        });
    }

    /// Words that were parted before; [Encoded#words] are their places in the list.
    Encoded encodeWords(List<String> words) {
        String[] sound = words.stream().map(NativeTokenizer::wellFormed).toArray(String[]::new);
        return use(tokenizer -> {
            long encoding = TokenizersLibrary.LIB.encodeList(tokenizer, sound, false);
            try {
                return read(encoding);
            } finally {
                TokenizersLibrary.LIB.deleteEncoding(encoding);
            }
        });
    }

    /// Ids with the characters that they stand for.
    Placed place(String text) {
        String sound = wellFormed(text);
        return use(tokenizer -> {
            long encoding = TokenizersLibrary.LIB.encode(tokenizer, sound, false);
            try {
                int[] ids = narrow(TokenizersLibrary.LIB.getTokenIds(encoding));
                return placed(ids, TokenizersLibrary.LIB.getTokenCharSpans(encoding), sound);
            } finally {
                TokenizersLibrary.LIB.deleteEncoding(encoding);
            }
        });
    }

    /// The library counts code points, of which those beyond the first plane are two characters of a `String`.
    private static Placed placed(int[] ids, @Nullable CharSpan[] spans, String text) {
        int[] characters = new int[text.codePointCount(0, text.length()) + 1];
        for (int point = 0, at = 0; point < characters.length; point++) {
            characters[point] = at;
            at += at < text.length() ? Character.charCount(text.codePointAt(at)) : 0;
        }
        int[] starts = new int[ids.length];
        int[] ends = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            CharSpan span = spans[i];
            starts[i] = span == null ? 0 : characters[span.getStart()];
            ends[i] = span == null ? 0 : characters[span.getEnd()];
        }
        return new Placed(ids, starts, ends);
    }

    /// The library spreads a list over its own threads; it gets slices, so that native memory stays small.
    @Override
    public List<Encoded> encode(List<String> texts) {
        var all = new ArrayList<Encoded>(texts.size());
        for (int from = 0; from < texts.size(); from += SLICE) {
            var slice = texts.subList(from, Math.min(texts.size(), from + SLICE)).stream()
                    .map(NativeTokenizer::wellFormed)
                    .toArray(String[]::new);
            use(tokenizer -> all.addAll(encode(tokenizer, slice)));
        }
        return Collections.unmodifiableList(all);
    }

    private static List<Encoded> encode(long tokenizer, String[] texts) {
        long[] encodings = TokenizersLibrary.LIB.batchEncode(tokenizer, texts, false);
        try {
            return Arrays.stream(encodings).mapToObj(NativeTokenizer::read).toList();
        } finally {
            for (long encoding : encodings) {
                TokenizersLibrary.LIB.deleteEncoding(encoding);
            }
        }
    }

    String decode(int[] ids) {
        var wide = new long[ids.length];
        for (int i = 0; i < ids.length; i++) {
            wide[i] = ids[i];
        }
        return use(tokenizer -> TokenizersLibrary.LIB.decode(tokenizer, wide, false));
    }

    private static Encoded read(long encoding) {
        return new Encoded(
                narrow(TokenizersLibrary.LIB.getTokenIds(encoding)), narrow(TokenizersLibrary.LIB.getWordIds(encoding)));
    }

    private static int[] narrow(long[] wide) {
        var narrow = new int[wide.length];
        for (int i = 0; i < wide.length; i++) {
            narrow[i] = Math.toIntExact(wide[i]);
        }
        return narrow;
    }

    /// Half a surrogate pair is no text: the library could not read it. U+FFFD stands for it, as in any decoder.
    private static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                var sound = new StringBuilder(text.length());
                text.codePoints()
                        .forEach(c -> sound.appendCodePoint(
                                c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c));
                return sound.toString();
            }
        }
        return text;
    }

    /// @throws IllegalStateException once it is closed
    void requireOpen() {
        use(_ -> true);
    }

    private <T> T use(LongFunction<T> work) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("This tokenizer is closed; whoever opened it may close it only after its last use.");
            }
            return work.apply(handle);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                TokenizersLibrary.LIB.deleteTokenizer(handle);
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
