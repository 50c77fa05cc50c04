package dev.cultivar.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.DataException;
import dev.cultivar.recipe.CorpusRecipe;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.recipe.RecipeReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// No key of a corpus is read and then ignored: it changes which documents there are or how often they are seen, or is refused.
class CorpusKeysTest {
    private static final String GOOD = "The quick brown fox jumps over the lazy dog, again and again.";

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        Files.createDirectories(folder.resolve("texts/old"));
        Files.writeString(folder.resolve("texts/a.txt"), GOOD + "\n\nshort\n");
        Files.writeString(folder.resolve("texts/old/b.txt"), GOOD + "\nSome more of it stands in this line.\n- 1 2 3 # # ...\n");
        Files.writeString(folder.resolve("texts/table.csv"), "text,body\nthe first of all rows here,its other column is this\nfirst,second\n");
        Files.write(folder.resolve("odd.txt"), "a text with \u00e9 and a NUL \0 in it".getBytes(StandardCharsets.ISO_8859_1));
    }

    private CorpusRecipe recipe(String corpus, String... overrides) {
        List<String> all = new ArrayList<>(List.of("data.train={" + corpus.replace("FOLDER", folder.toString()) + "}"));
        for (String override : overrides) {
            all.add("data.train." + override.replace("FOLDER", folder.toString()));
        }
        var recipe = RecipeReader.read("""
                backbone: {kind: gpt2, layers: 1, width: 16, heads: 2, positions: 16}
                tokenizer: chars
                objective: {kind: causal_lm}
                optimizer: {kind: adamw, learning_rate: 1e-3}
                horizon: {steps: 1}
                batching: {rows: 8, max_length: 16}
                """, "x.yaml", all);
        return ((DataRecipe.Source.Corpus) ((DataRecipe.Rows) recipe.data()).train()).corpus();
    }

    /// What there is to learn from, and how often.
    private List<String> seen(CorpusRecipe recipe) {
        try (Corpus corpus = Corpus.open(recipe, 0, 0, List.of(), folder.resolve("scratch"), Progress.NONE)) {
            List<String> seen = new ArrayList<>();
            for (int source = 0; source < corpus.sources(); source++) {
                seen.add("weight " + corpus.weight(source));
                corpus.documents(source, Corpus.Part.TRAIN).each(document -> seen.add(document.text()));
            }
            return seen;
        }
    }

    private void eachMatters(String corpus, String... overrides) {
        List<String> plain = seen(recipe(corpus));
        assertThat(seen(recipe(corpus))).isEqualTo(plain);
        List<String> ignored = new ArrayList<>();
        for (String override : overrides) {
            try {
                if (seen(recipe(corpus, override)).equals(plain)) {
                    ignored.add(override);
                }
            } catch (RecipeException | DataException refused) {
                assertThat(refused).as(override).hasMessageNotContaining("is not a key");
            }
        }
        assertThat(ignored).isEmpty();
    }

    @Test
    void ofSources() {
        eachMatters("corpus: [{files: FOLDER/texts}]",
                "corpus.0.files=FOLDER/texts/old", "corpus.0.include='*.csv'", "corpus.0.exclude='old/**'", "corpus.0.weight=0.5",
                "corpus.0.document=line", "corpus.0.document=paragraph", "corpus.0.column=body");
        eachMatters("corpus: [{files: FOLDER/odd.txt, invalid: replace, nul: drop}]",
                "corpus.0.invalid=refuse", "corpus.0.invalid=drop", "corpus.0.nul=refuse");
    }

    @Test
    void ofCleaning() {
        String lines = "corpus: [{files: FOLDER/texts, document: line}]";
        eachMatters(lines,
                "clean=[{kind: length, min_characters: 10}]", "clean=[{kind: length, max_characters: 10}]", "clean=[{kind: length, min_words: 3}]",
                "clean=[{kind: length, max_words: 3}]", "clean=[quality]", "clean=[exact_duplicates]", "clean=[near_duplicates]",
                "clean=[{kind: decontamination, files: FOLDER/texts/a.txt}]");
        String lenient = "letters: 0, min_word_length: 0, max_word_length: 100, symbols: 100, bullets: 1, ellipses: 1, repeated_lines: 1, repeated_share: 1";
        eachMatters(lines + ", clean: [{kind: quality, " + lenient + "}]",
                "clean.0.letters=0.8", "clean.0.min_word_length=5", "clean.0.max_word_length=4", "clean.0.symbols=0.1", "clean.0.bullets=0.5", "clean.0.ellipses=0.5");
        eachMatters("corpus: [{files: FOLDER/repeated.txt}], clean: [{kind: quality, " + lenient + "}]", "clean.0.repeated_lines=0.3", "clean.0.repeated_share=0.2");
    }

    @BeforeEach
    void writeRepeated() throws IOException {
        Files.writeString(folder.resolve("repeated.txt"), (GOOD + "\n").repeat(4));
        String base = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon";
        Files.writeString(folder.resolve("near.txt"), base + "\n" + base.replace("kappa", "KAPPAS") + "\n" + base.replace("alpha", "first") + "\nwholly other words are here\n");
        Files.writeString(folder.resolve("held.txt"), "delta epsilon zeta eta theta iota kappa lambda");
    }

    @Test
    void ofNearDuplicates() {
        String near = "corpus: [{files: FOLDER/near.txt, document: line}], clean: [{kind: near_duplicates, threshold: 0.75, words: 2}]";
        eachMatters(near, "clean.0.threshold=1", "clean.0.words=20", "clean=[{kind: near_duplicates, threshold: 0.75, words: 2, bands: 1, rows: 64}]");
        // The signature is another with other numbers, whether or not it decides otherwise for these few texts.
        assertThat(recipe(near, "clean.0.seed=5")).isNotEqualTo(recipe(near));
        assertThat(new MinHash(120, 5).signature(new long[] {1, 2, 3})).isNotEqualTo(new MinHash(120, 17).signature(new long[] {1, 2, 3}));
    }

    @Test
    void ofDecontamination() {
        eachMatters("corpus: [{files: FOLDER/near.txt, document: line}], clean: [{kind: decontamination, words: 8, files: FOLDER/held.txt}]",
                "clean.0.words=4", "clean.0.matches=2", "clean.0.common=1", "clean.0.files=[]");
    }

    @Test
    void whatWouldBeIgnoredIsRefused() {
        assertThatThrownBy(() -> seen(recipe("corpus: [{files: FOLDER/texts/a.txt, column: body}]"))).isInstanceOf(DataException.class)
                .hasMessageContaining("a text has no column 'body'; leave column out");
        assertThatThrownBy(() -> seen(recipe("corpus: [{files: FOLDER/texts/table.csv, document: line}]"))).hasMessageContaining("leave document out");
        assertThatThrownBy(() -> seen(recipe("corpus: [{files: FOLDER/texts/table.csv, invalid: drop}]"))).hasMessageContaining("leave invalid out");
        assertThatThrownBy(() -> seen(recipe("corpus: [{files: FOLDER/texts/a.txt, include: '*.txt'}]"))).hasMessageContaining("leave them out");
        assertThatThrownBy(() -> recipe("corpus: [{sql: select 1, document: line}]")).isInstanceOf(RecipeException.class)
                .hasMessageContaining("data.train.corpus.0.document says what a document of a text file is");
        assertThatThrownBy(() -> recipe("corpus: [{sql: select 1, invalid: drop}]")).hasMessageContaining("data.train.corpus.0.invalid is for text files");
        assertThatThrownBy(() -> recipe("corpus: [{jdk: source, column: body}]")).hasMessageContaining("data.train.corpus.0.column is for tables");
        assertThatThrownBy(() -> recipe("corpus: [{sql: select 1, include: '*.txt'}]")).hasMessageContaining("include is not a key");
    }
}
