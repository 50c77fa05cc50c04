package dev.cultivar.text;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Encodes as GPT-2 does (Radford et al., 2019), giving the ids of the tokenizers library many times as fast: that library keeps
/// for each piece where it stood and what it looked like, and matches a regular expression.
///
/// Each thread that encodes borrows a worker, which remembers the words that it met.
final class BytePairEncoding implements Encoding {
    private static final int WORDS_REMEMBERED = 1 << 16;
    private static final int LONGEST_REMEMBERED = 64;

    private final int[] bytes;
    private final MergeRanks merges;
    private final AddedPieces added;
    private final ConcurrentLinkedQueue<Worker> idle = new ConcurrentLinkedQueue<>();

    private BytePairEncoding(int[] bytes, MergeRanks merges, AddedPieces added) {
        this.bytes = bytes;
        this.merges = merges;
        this.added = added;
    }

    /// Empty for a tokenizer that does anything that GPT-2's does not.
    static Optional<Encoding> of(JsonNode root, Vocabulary vocabulary) {
        if (!isPlain(root)) {
            return Optional.empty();
        }
        var bytes = new int[256];
        for (int b = 0; b < 256; b++) {
            bytes[b] = vocabulary.id(Character.toString(ByteAlphabet.character(b))).orElse(-1);
        }
        var merges = merges(root.path("model").path("merges"), vocabulary);
        var added = AddedPieces.of(root.path("added_tokens"));
        return Arrays.stream(bytes).anyMatch(id -> id < 0) || merges.isEmpty() || added.isEmpty()
                ? Optional.empty()
                : Optional.of(new BytePairEncoding(bytes, merges.get(), added.get()));
    }

    private static boolean isPlain(JsonNode root) {
        var words = root.path("pre_tokenizer");
        var model = root.path("model");
        return isNothing(root.path("normalizer"))
                && words.path("type").asString("").equals("ByteLevel")
                && !words.path("add_prefix_space").asBoolean(true)
                && words.path("use_regex").asBoolean(true)
                && model.path("type").asString("").equals("BPE")
                && isNothing(model.path("dropout"))
                && isNothing(model.path("unk_token"))
                && isNothing(model.path("continuing_subword_prefix"))
                && isNothing(model.path("end_of_word_suffix"))
                && !model.path("byte_fallback").asBoolean(false)
                && !model.path("ignore_merges").asBoolean(false);
    }

    private static boolean isNothing(JsonNode node) {
        return node.isMissingNode() || node.isNull() || node.isString() && node.asString().isEmpty();
    }

    /// Each merge is a text with a space in it, or a list of two texts.
    private static Optional<MergeRanks> merges(JsonNode list, Vocabulary vocabulary) {
        var merges = new MergeRanks(list.size());
        int rank = 0;
        for (var merge : list) {
            int space = merge.isString() ? merge.asString().indexOf(' ') : -1;
            var left = merge.isString() ? merge.asString().substring(0, Math.max(0, space)) : merge.path(0).asString("");
            var right = merge.isString() ? merge.asString().substring(space + 1) : merge.path(1).asString("");
            int first = vocabulary.id(left).orElse(-1);
            int second = vocabulary.id(right).orElse(-1);
            int into = vocabulary.id(left + right).orElse(-1);
            if (first < 0 || second < 0 || into < 0) {
                return Optional.empty();
            }
            merges.put(first, second, rank++, into);
        }
        return Optional.of(merges);
    }

    @Override
    public Encoded encode(String text) {
        @Nullable Worker worker = idle.poll();
        if (worker == null) {
            worker = new Worker();
        }
        var encoded = worker.encode(text);
        idle.add(worker);
        return encoded;
    }

    /// What one thread needs to encode.
    private final class Worker implements Cutting.Sink {
        private final Gpt2Words cutting = new Gpt2Words();
        private final Utf8Bytes utf8 = new Utf8Bytes();
        private final WordMerging merging = new WordMerging(merges);
        private final Builder builder = new Builder();
        private WordCounts known = new WordCounts();
        private int[] ends = new int[1 << 10]; // by number of a known word: where its pieces end
        private int[] pieces = new int[1 << 12];

        Encoded encode(String text) {
            builder.clear();
            added.pieces().cut(text, (from, to, special) -> {
                if (special < 0) {
                    cutting.cut(text, from, to, this);
                } else {
                    builder.word(added.ids()[special]);
                }
            });
            return builder.encoded();
        }

        @Override
        public void word(CharSequence text, int from, int to) {
            if (to - from > LONGEST_REMEMBERED) {
                int count = merged(text, from, to);
                builder.word(merging.symbols(), 0, count);
                return;
            }
            if (known.size() == WORDS_REMEMBERED) {
                known = new WordCounts();
            }
            int before = known.size();
            int word = known.add(text, from, to, 1);
            if (word == before) {
                remember(word, merged(text, from, to));
            }
            int start = word == 0 ? 0 : ends[word - 1];
            builder.word(pieces, start, ends[word] - start);
        }

        private int merged(CharSequence text, int from, int to) {
            utf8.set(text, from, to);
            return merging.merge(utf8.mapped(bytes), utf8.length());
        }

        private void remember(int word, int count) {
            int start = word == 0 ? 0 : ends[word - 1];
            if (word == ends.length) {
                ends = Arrays.copyOf(ends, 2 * word);
            }
            if (start + count > pieces.length) {
                pieces = Arrays.copyOf(pieces, 2 * (start + count));
            }
            System.arraycopy(merging.symbols(), 0, pieces, start, count);
            ends[word] = start + count;
        }
    }
}
