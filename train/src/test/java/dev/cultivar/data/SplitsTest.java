package dev.cultivar.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.DataException;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.DataRecipe.Columns;
import dev.cultivar.recipe.DataRecipe.Held;
import dev.cultivar.recipe.DataRecipe.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitsTest {

    @Test
    void fractionsAreStratifiedAndPartTheRows() {
        Examples examples = ListExamples.table(IntStream.range(0, 1_000)
                .mapToObj(i -> "text " + i + " = " + (i % 10 == 0 ? "rare" : "common")).toArray(String[]::new));
        Splits.Places places = Splits.of(examples, 0.1, 0.2, 7);
        assertThat(places.validation().cardinality()).isEqualTo(100);
        assertThat(places.test().cardinality()).isEqualTo(200);
        assertThat(places.validation().stream().filter(i -> i % 10 == 0).count()).isEqualTo(10);
        assertThat(places.test().stream().filter(i -> i % 10 == 0).count()).isEqualTo(20);
        assertPartition(places, 1_000);
        assertThat(Splits.of(examples, 0.1, 0.2, 7)).isEqualTo(places);
        assertThat(Splits.of(examples, 0.1, 0.2, 8)).isNotEqualTo(places);
    }

    @Test
    void everyLabelKeepsATrainingRow() {
        Examples examples = ListExamples.table("a = 1", "b = 2", "c = 2", "d = 3", "e = 3", "f = 3");
        Splits.Places places = Splits.of(examples, 0.5, 0, 1);
        assertThat(places.train().stream().mapToObj(i -> examples.list().get(i).label()).distinct()).containsExactlyInAnyOrder("1", "2", "3");
        assertThat(places.validation().cardinality()).isEqualTo(3);
    }

    @Test
    void equalTextsStayTogether() {
        Examples examples = ListExamples.table(IntStream.range(0, 300)
                .mapToObj(i -> (i % 2 == 0 ? "Text  " : "text ") + i / 3 + " = x").toArray(String[]::new));
        Splits.Places places = Splits.of(examples, 0.3, 0.3, 5);
        assertPartition(places, 300);
        for (BitSet part : new BitSet[] {places.train(), places.validation(), places.test()}) {
            assertThat(part.stream().mapToObj(i -> i / 3).collect(Collectors.toSet())).hasSize(part.cardinality() / 3);
        }
    }

    @Test
    void ofATextTheLastDocumentsAreTaken() {
        Examples text = ListExamples.text("aaaa", "aaaa", "", "bbbb", "bbbb", "", "cccc", "", "dddd");
        Splits.Places places = Splits.of(text, 0.2, 0.2, 1);
        assertThat(places.train().stream()).containsExactly(0, 1, 2, 3);
        assertThat(places.validation().stream()).containsExactly(4);
        assertThat(places.test().stream()).containsExactly(5);
    }

    @Test
    void ofOneDocumentTheLastLinesAreTaken() {
        Examples text = ListExamples.text(IntStream.range(0, 10).mapToObj(i -> "line").toArray(String[]::new));
        Splits.Places places = Splits.of(text, 0.3, 0, 1);
        assertThat(places.train()).isEqualTo(range(0, 7));
        assertThat(places.validation()).isEqualTo(range(7, 10));
    }

    @Test
    void tooFewRowsAreRefused() {
        assertThatThrownBy(() -> Splits.of(ListExamples.table("a = 1", "b = 2"), 0.5, 0, 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("none is left for validation");
        assertThatThrownBy(() -> Splits.of(ListExamples.text("a"), 0.5, 0, 1)).hasMessageContaining("too few rows");
    }

    @Test
    void partsOfARecipeShareNoText(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("t.csv"), IntStream.range(0, 100).mapToObj(i -> "t" + i % 80 + "," + i % 2 + "\n")
                .collect(Collectors.joining("", "text,label\n", "")));
        Path other = Files.writeString(folder.resolve("test.csv"), "text,label\nz,1\n");
        Columns columns = new Columns("text", "", "label");
        Parts parts = Parts.open(new DataRecipe.Rows(new Source.Table(file, ""), new Held.Fraction(0.2),
                new Held.Apart(new Source.Table(other, "")), columns), 3);
        Set<String> train = parts.train().list().stream().map(Example::text).collect(Collectors.toCollection(HashSet::new));
        assertThat(parts.validation().orElseThrow().list()).isNotEmpty().noneMatch(example -> train.contains(example.text()));
        assertThat(parts.train().list().size() + parts.validation().orElseThrow().list().size()).isEqualTo(100);
        assertThat(parts.test().orElseThrow().list()).containsExactly(new Example(1, "z", "", "1"));
        Held.Fraction half = new Held.Fraction(0.5);
        assertThatThrownBy(() -> Parts.open(new DataRecipe.Rows(new Source.Table(file, ""), half, half, columns), 3))
                .hasMessageContaining("leaves none to learn from");
        assertThat(Parts.open(new DataRecipe.Rows(new Source.Table(file, ""), new Held.None(), new Held.None(), columns), 3).test()).isEmpty();
    }

    private static void assertPartition(Splits.Places places, int rows) {
        BitSet all = (BitSet) places.train().clone();
        all.or(places.validation());
        all.or(places.test());
        assertThat(all).isEqualTo(range(0, rows));
        assertThat(places.train().cardinality() + places.validation().cardinality() + places.test().cardinality()).isEqualTo(rows);
    }

    private static BitSet range(int from, int to) {
        BitSet set = new BitSet();
        set.set(from, to);
        return set;
    }
}
