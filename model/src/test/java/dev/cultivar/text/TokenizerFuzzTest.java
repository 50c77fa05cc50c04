package dev.cultivar.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.Mutations;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A damaged tokenizer.json either encodes to ids of its vocabulary or is refused.
class TokenizerFuzzTest {
    private static final int MUTANTS = 400;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    Path folder;

    @Test
    @Timeout(120)
    void mutationsOfWordPieces() throws IOException {
        try (var tokenizer = Tokenizer.wordPiece(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "##b", "the", "##s", "cat"), true)) {
            tokenizer.save(folder, 32);
        }
        survives(21);
    }

    @Test
    @Timeout(120)
    void mutationsOfBytePairs() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), """
                {"version": "1.0", "truncation": null, "padding": null,
                 "added_tokens": [{"id": 0, "content": "<|endoftext|>", "single_word": false, "lstrip": false, "rstrip": false,
                                   "normalized": false, "special": true}],
                 "normalizer": null,
                 "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
                 "post_processor": null,
                 "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true},
                 "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null, "end_of_word_suffix": null,
                   "fuse_unk": false, "byte_fallback": false, "ignore_merges": false,
                   "vocab": {"<|endoftext|>": 0, "a": 1, "t": 2, "c": 3, "at": 4, "cat": 5, "\\u0120": 6, "\\u0120cat": 7},
                   "merges": [["a", "t"], ["c", "at"], ["\\u0120", "cat"]]}}
                """);
        survives(22);
    }

    private void survives(long seed) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        String whole = Files.readString(file);
        encode();
        var mutations = new Mutations(seed);
        int opened = 0;
        int refused = 0;
        for (int i = 0; i < MUTANTS; i++) {
            Files.write(file, i % 4 == 0 ? mutations.bytes(Mutations.utf8(whole)) : Mutations.utf8(mutations.json(whole)));
            long before = THREADS.getCurrentThreadAllocatedBytes();
            try {
                encode();
                opened++;
            } catch (CheckpointException refusal) {
                assertThat(refusal.getMessage()).contains(folder.toString()).hasSizeLessThan(5_000);
                refused++;
            } catch (Throwable wrong) {
                throw new AssertionError("mutant " + i + ": " + Files.readString(file), wrong);
            }
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).as("bytes allocated for mutant %d", i).isLessThan(100_000_000);
        }
        assertThat(opened).isGreaterThan(MUTANTS / 20);
        assertThat(refused).isGreaterThan(MUTANTS / 5);
    }

    private void encode() {
        try (var tokenizer = Tokenizer.open(folder)) {
            for (int id : tokenizer.ids("the cats, a cat")) {
                assertThat(id).isBetween(0, tokenizer.vocabulary() - 1);
            }
        }
    }
}
