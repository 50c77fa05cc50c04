package dev.cultivar.recipe;

/// Writes `corpus` and `clean`: documents to pretrain on.
final class CorpusWriter {
    private CorpusWriter() {}

    static Entries corpus(CorpusRecipe corpus) {
        return Entries.of()
                .list("corpus", corpus.sources().stream().map(CorpusWriter::source).toList())
                .list("clean", corpus.clean().stream().map(CorpusWriter::step).toList());
    }

    private static Entries source(CorpusRecipe.Source source) {
        Entries entries = switch (source.place()) {
            case CorpusRecipe.Place.Files files -> Entries.of().texts("files", files.patterns())
                    .texts("include", files.include()).texts("exclude", files.exclude());
            case CorpusRecipe.Place.Sql(String query) -> Entries.of().text("sql", query);
            case CorpusRecipe.Place.Jdk jdk -> Entries.of().text("jdk", "source")
                    .texts("include", jdk.include()).texts("exclude", jdk.exclude());
        };
        return entries.number("weight", source.weight()).word("document", source.document()).text("column", source.column())
                .word("invalid", source.invalid()).word("nul", source.nul());
    }

    private static Entries step(CorpusRecipe.Step step) {
        return switch (step) {
            case CorpusRecipe.Step.Length length -> Entries.kind("length")
                    .whole("min_characters", length.minCharacters())
                    .whole("max_characters", length.maxCharacters())
                    .whole("min_words", length.minWords())
                    .whole("max_words", length.maxWords());
            case CorpusRecipe.Step.Quality quality -> Entries.kind("quality")
                    .number("letters", quality.letters())
                    .number("min_word_length", quality.minWordLength())
                    .number("max_word_length", quality.maxWordLength())
                    .number("symbols", quality.symbols())
                    .number("bullets", quality.bullets())
                    .number("ellipses", quality.ellipses())
                    .number("repeated_lines", quality.repeatedLines())
                    .number("repeated_share", quality.repeatedShare());
            case CorpusRecipe.Step.ExactDuplicates _ -> Entries.kind("exact_duplicates");
            case CorpusRecipe.Step.NearDuplicates near -> Entries.kind("near_duplicates")
                    .number("threshold", near.threshold())
                    .whole("words", near.words())
                    .whole("bands", near.bands())
                    .whole("rows", near.rows())
                    .whole("seed", near.seed());
            case CorpusRecipe.Step.Decontamination apart -> Entries.kind("decontamination")
                    .whole("words", apart.words())
                    .whole("matches", apart.matches())
                    .whole("common", apart.common())
                    .texts("files", apart.files());
        };
    }
}
