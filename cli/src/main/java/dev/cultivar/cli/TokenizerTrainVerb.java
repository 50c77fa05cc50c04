package dev.cultivar.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The options of `tokenizer train`.
@Command(name = "train", description = "Trains a tokenizer on text and writes a tokenizer.json.", sortOptions = false)
final class TokenizerTrainVerb implements Verb {
    @Parameters(index = "0..*", arity = "1..*", paramLabel = "FILE", description = "UTF-8 text, one row a line.")
    private List<Path> files = List.of();

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "The tokenizer.json to write.")
    private Path out = Path.of("");

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            defaultValue = "wordpiece",
            description = "wordpiece as BERT's, bpe as GPT-2's, chars: each character, words: whole words; default ${DEFAULT-VALUE}.")
    private String kind = "";

    @Option(
            names = "--vocabulary",
            paramLabel = "N",
            description = "Pieces, special ones included; default 4096. Chars have no number: as many as the text has characters.")
    private Optional<Integer> vocabulary = Optional.empty();

    @Option(names = "--min-frequency", paramLabel = "N", description = "Pairs, or words, seen less often are left out; default 2.")
    private Optional<Integer> minFrequency = Optional.empty();

    @Option(names = "--cased", description = "wordpiece, words: keep case and accents; otherwise both are folded.")
    private boolean cased;

    @Option(
            names = "--special",
            paramLabel = "PIECE",
            description = "bpe, chars: a piece that is read whole wherever it stands; may be repeated. Bpe has <|endoftext|> where none is named.")
    private List<String> special = List.of();

    @Option(
            names = "--ties",
            paramLabel = "ORDER",
            description = "bpe: of two pairs seen equally often, first the greater by its bytes (text, the default), or the one of the smaller"
                    + " ids, as the trainer of Hugging Face tokenizers does (ids).")
    private Optional<String> ties = Optional.empty();

    @Option(names = "--no-unknown", description = "chars: no piece for characters that the text lacks; they are refused when they turn up.")
    private boolean noUnknown;

    @Override
    public Work work() {
        return new TokenizerTrainWork(files, out, new TokenizerTrainWork.Asked(kind, vocabulary, minFrequency, cased, special, ties, noUnknown));
    }
}
