package dev.cultivar.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.DataException;
import dev.cultivar.recipe.CorpusRecipe;
import dev.cultivar.recipe.DataRecipe.Columns;
import dev.cultivar.recipe.DataRecipe.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Objectives that learn from rows take a corpus as a text whose documents are the corpus's.
class CorpusExamplesTest {
    @TempDir
    Path folder;

    private Source corpus(double weight) throws IOException {
        Files.writeString(folder.resolve("a.txt"), "one\n\ntwo\n");
        Files.writeString(folder.resolve("b.txt"), "three");
        return new Source.Corpus(new CorpusRecipe(List.of(new CorpusRecipe.Source(CorpusRecipe.Place.Files.of(folder.toString()), weight,
                CorpusRecipe.Document.FILE, "text", CorpusRecipe.Invalid.REFUSE, CorpusRecipe.Nul.REFUSE)), List.of(new CorpusRecipe.Step.ExactDuplicates())));
    }

    @Test
    void linesOfDocumentsAreRows() throws IOException {
        Examples examples = RowReader.open(corpus(1), new Columns("text", "", ""));
        List<String> seen = new ArrayList<>();
        examples.each(new Examples.Sink() {
            @Override
            public void row(Example example) {
                seen.add(example.text() + " at " + examples.place(example.row()));
            }

            @Override
            public void endOfDocument() {
                seen.add("end");
            }
        });
        assertThat(seen).containsExactly("one at " + folder.resolve("a.txt") + ", line 1", "two at " + folder.resolve("a.txt") + ", line 3", "end",
                "three at " + folder.resolve("b.txt") + ", line 1", "end");
        assertThat(examples.plainText()).isTrue();
    }

    @Test
    void aFractionIsTheLastPartOfEachSource() throws IOException {
        var rows = new dev.cultivar.recipe.DataRecipe.Rows(corpus(1), new dev.cultivar.recipe.DataRecipe.Held.Fraction(0.4),
                new dev.cultivar.recipe.DataRecipe.Held.None(), new Columns("text", "", ""));
        Parts parts = Parts.open(rows, 1);
        assertThat(parts.train().list()).extracting(Example::text).containsExactly("one", "two");
        assertThat(parts.validation().orElseThrow().list()).extracting(Example::text).containsExactly("three");
        assertThat(parts.test()).isEmpty();
    }

    @Test
    void aWeightHasNoMeaningForRows() throws IOException {
        Source twice = corpus(2);
        assertThatThrownBy(() -> RowReader.open(twice, new Columns("text", "", ""))).isInstanceOf(DataException.class)
                .hasMessageContaining("a weight of 2.0 has no meaning for this objective");
    }

    @Test
    void aLabelHasNoColumn() throws IOException {
        Source source = corpus(1);
        assertThatThrownBy(() -> RowReader.open(source, new Columns("text", "", "label"))).isInstanceOf(DataException.class)
                .hasMessageContaining("no column 'label'");
    }
}
