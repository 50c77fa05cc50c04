package dev.cultivar.bench;

import dev.cultivar.text.BytePairTrainer;
import dev.cultivar.text.Ties;
import dev.cultivar.text.Tokenizer;
import dev.cultivar.text.WordPieceTrainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// Times the training of a tokenizer and the encoding of the same text with it; the peer is `bench/peers/tokenizers_train.py`,
/// which takes the same arguments and prints the same lines.
///
/// Arguments: KIND (`bpe` or `wordpiece`), FILE, VOCABULARY, OUT (a folder for the `tokenizer.json`), and how often to encode.
public final class TokenizerBench {
    private static final int TEXTS = 1024;

    private TokenizerBench() {}

    public static void main(String[] arguments) throws IOException {
        var file = Path.of(arguments[1]);
        int vocabulary = Integer.parseInt(arguments[2]);
        double megabytes = Files.size(file) / 1e6;
        long start = System.nanoTime();
        var trained = arguments[0].equals("bpe")
                ? BytePairTrainer.train(
                        to -> lines(file, to), new BytePairTrainer.Options(vocabulary, 2, List.of(BytePairTrainer.END_OF_TEXT), Ties.IDS))
                : WordPieceTrainer.train(to -> lines(file, to), new WordPieceTrainer.Options(vocabulary, 2, true));
        report("train", start, megabytes, trained.pieces() + " pieces");
        try (var tokenizer = trained.tokenizer()) {
            tokenizer.save(Files.createDirectories(Path.of(arguments[3])), 1024);
            for (int i = 0; i < Integer.parseInt(arguments[4]); i++) {
                encode(tokenizer, file, megabytes);
            }
        }
    }

    private static void encode(Tokenizer tokenizer, Path file, double megabytes) {
        List<String> lines = new ArrayList<>();
        lines(file, lines::add);
        long start = System.nanoTime();
        long tokens = 0;
        for (int from = 0; from < lines.size(); from += TEXTS) {
            for (int[] ids : tokenizer.ids(lines.subList(from, Math.min(lines.size(), from + TEXTS)))) {
                tokens += ids.length;
            }
        }
        report("encode", start, megabytes, tokens + " tokens");
    }

    private static void report(String what, long start, double megabytes, String result) {
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(Locale.ROOT, "%-6s %7.2f s %7.1f MB/s  %s%n", what, seconds, megabytes / seconds, result);
    }

    /// Lines with their ends, as Python reads a file that is opened with `newline=""`.
    private static void lines(Path file, Consumer<String> to) {
        var line = new StringBuilder();
        try (var reader = Files.newBufferedReader(file)) {
            for (int c = reader.read(); c >= 0; c = reader.read()) {
                line.append((char) c);
                if (c == '\n') {
                    to.accept(line.toString());
                    line.setLength(0);
                }
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        if (!line.isEmpty()) {
            to.accept(line.toString());
        }
    }
}
