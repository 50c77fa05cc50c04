package dev.cultivar.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cultivar.batch.DataException;
import dev.cultivar.recipe.DataRecipe.Columns;
import dev.cultivar.recipe.DataRecipe.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowReaderTest {
    private static final Columns BOTH = new Columns("text", "", "label");

    @TempDir
    Path folder;

    @Test
    void aCommaSeparatedTableIsReadAsRfc4180() throws IOException {
        Path file = write("t.csv", "\uFEFFlabel,id,text\r\n007,1,\"a \"\"b\"\",\r\nc\"\r\n1.0,2,x\r\n\r\n2024-01-02,3,NULL\r\n");
        assertThat(read(file, BOTH)).containsExactly(
                new Example(1, "a \"b\",\r\nc", "", "007"), new Example(2, "x", "", "1.0"), new Example(3, "NULL", "", "2024-01-02"));
    }

    @Test
    void theDelimiterIsTheOneThatMakesTheColumns() throws IOException {
        assertThat(read(write("t.csv", "text;label\na,b;1\n"), BOTH)).containsExactly(new Example(1, "a,b", "", "1"));
        assertThat(read(write("t.tsv", "text\tlabel\n\"a\" b\"\t1\n\"c\t2\n"), BOTH))
                .containsExactly(new Example(1, "\"a\" b\"", "", "1"), new Example(2, "\"c", "", "2"));
    }

    @Test
    void jsonIsReadAsTextWhateverItsTypes() throws IOException {
        Path lines = write("t.jsonl", "{\"text\":\"2024-01-01\",\"label\":1,\"x\":{\"y\":[1]}}\n{\"label\":true,\"text\":\"é\\n\"}\n");
        assertThat(read(lines, BOTH)).containsExactly(new Example(1, "2024-01-01", "", "1"), new Example(2, "é\n", "", "true"));
        Path array = write("t.json", "[{\"text\":\"a\",\"label\":\"x\"},\n {\"text\":\"b\",\"label\":\"1\"}]");
        assertThat(read(array, BOTH)).containsExactly(new Example(1, "a", "", "x"), new Example(2, "b", "", "1"));
    }

    @Test
    void numbersOfTypedTablesAreWrittenWithoutATrailingZero() throws Exception {
        Path file = folder.resolve("t.parquet");
        try (var duckdb = java.sql.DriverManager.getConnection("jdbc:duckdb:"); var statement = duckdb.createStatement()) {
            statement.execute("copy (select * from (values ('a', 1.0::double, 2::decimal(9,2), 7::utinyint), ('b', 1.5, 2.5, 8))"
                    + " as t(text, label, price, size)) to '" + file + "' (format parquet)");
        }
        assertThat(read(file, BOTH)).containsExactly(new Example(1, "a", "", "1"), new Example(2, "b", "", "1.5"));
        assertThat(read(file, new Columns("text", "size", "price"))).containsExactly(new Example(1, "a", "7", "2"), new Example(2, "b", "8", "2.5"));
        Source.Sql sql = new Source.Sql("select text as body, label from '" + file + "' order by text desc;");
        assertThat(RowReader.open(sql, new Columns("body", "", "label")).list())
                .containsExactly(new Example(1, "b", "", "1.5"), new Example(2, "a", "", "1"));
    }

    @Test
    void aConditionChoosesRowsWhichKeepTheirNumbers() throws IOException {
        Path file = write("t.csv", "text,label\na,1\nb,\nc,3\n");
        assertThat(RowReader.open(new Source.Table(file, "label is not null -- not 'b'"), BOTH).list())
                .containsExactly(new Example(1, "a", "", "1"), new Example(3, "c", "", "3"));
    }

    @Test
    void aNameWithPatternCharactersIsANameAllTheSame() throws IOException {
        assertThat(read(write("a[1]'s *?.csv", "text,label\na,1\n"), BOTH)).hasSize(1);
    }

    @Test
    void linesOfATextAreRowsAndEmptyLinesEndDocuments() throws IOException {
        Path file = write("t.txt", "\n\na b\r\n c\n \n\nd,\"e\n");
        List<String> seen = new ArrayList<>();
        Examples examples = RowReader.open(new Source.Table(file, ""), new Columns("text", "", ""));
        examples.each(new Examples.Sink() {
            @Override
            public void row(Example example) {
                seen.add(example.row() + ":" + example.text());
            }

            @Override
            public void endOfDocument() {
                seen.add("end");
            }
        });
        assertThat(examples.plainText()).isTrue();
        assertThat(seen).containsExactly("3:a b", "4:c", "end", "7:d,\"e", "end");
    }

    @Test
    void aFileWithoutAnEndingIsATableWhereItsFirstLineNamesTheColumns() throws IOException {
        Path file = write("SMS", "Label\tSMS\nham\t\"Hi\nspam\tBuy, now\n");
        assertThat(read(file, new Columns("SMS", "", "Label")))
                .containsExactly(new Example(1, "\"Hi", "", "ham"), new Example(2, "Buy, now", "", "spam"));
        refused(file, new Columns("SMS", "", "Category"), "SMS: no column 'Category'; the file is read as plain text");
    }

    @Test
    void theZooIsATable() {
        Examples examples = RowReader.open(new Source.Zoo("wordnet", "train", 50), new Columns("definition", "example", "lexname"));
        assertThat(examples.list()).hasSize(50).allSatisfy(example -> assertThat(example.text()).isNotEmpty());
        assertThatThrownBy(() -> RowReader.open(new Source.Zoo("wordnet", "train", 3), BOTH)).hasMessageContaining("no column 'text'");
        assertThatThrownBy(() -> RowReader.open(new Source.Zoo("wordnet", "train", 3), new Columns("definition", "", "")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("got 3");
        assertThatThrownBy(() -> RowReader.open(new Source.Zoo("wordnut", "train", 3), BOTH)).hasMessageContaining("'wordnet'");
    }

    @Test
    void emptyCellsAreOneErrorThatCountsThem() throws IOException {
        refused(write("t.csv", "text,label\n\"a\nb\",1\n\nx,\ny,\" \"\nz,\n"), BOTH,
                "t.csv:5: column 'label' is empty; 3 such rows. Drop them with data.train.where, or label them.");
        refused(write("t.jsonl", "{\"text\":\"a\",\"label\":1}\n\n{\"text\":null,\"label\":1}\n"), BOTH,
                "t.jsonl:3: column 'text' is empty; 1 such row. Drop them with data.train.where.");
    }

    @Test
    void filesThatAreNoTablesAreRefused() throws IOException {
        refused(folder.resolve("none.csv"), BOTH, "none.csv does not exist; a relative path is taken from the working directory");
        refused(folder, BOTH, "is a directory, not a file");
        refused(write("e.csv", ""), BOTH, "e.csv is empty; expected at least one row");
        refused(write("h.csv", "text,label\n"), BOTH, "h.csv has no row below its header");
        refused(write("b.txt", "\n \n"), new Columns("text", "", ""), "b.txt holds only empty lines");
        refused(write("p.parquet", "text,label\n"), BOTH, "p.parquet: not a Parquet file");
        refused(write("d.csv", "text,label,Text\n"), BOTH, "d.csv:1: two columns are called 'Text'");
    }

    @Test
    void aMissingColumnIsNamedWithTheNearest() throws IOException {
        refused(write("t.csv", "body,labels\na,1\n"), new Columns("body", "", "label"),
                "t.csv: no column 'label'; there are 'body', 'labels'. Did you mean 'labels'?");
        refused(write("t.jsonl", "{\"Text\":\"a\",\"label\":1}\n"), BOTH, "no column 'text'; there are 'Text', 'label'. Did you mean 'Text'?");
        refused(write("t.csv", "a,b\na,1\n"), new Columns("", "", "b"), "data.columns.text names no column; there are 'a', 'b'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            text,label\\na,1\\nb,2,3\\n      | t.csv:3: expected 2 cells as in the header, got 3
            text,label\\na,1\\nb\\n          | t.csv:3: expected 2 cells as in the header, got 1
            text,label\\na,1\\n"b,2\\nc,3\\n | t.csv:3: a quoted cell is not closed
            text,label\\n"a" x,1\\n          | t.csv:2: a quoted cell is not closed, or text follows its end
            """)
    void aMalformedTableNamesTheLine(String content, String message) throws IOException {
        refused(write("t.csv", content.replace("\\n", "\n")), BOTH, message);
    }

    @Test
    void malformedJsonNamesTheLine() throws IOException {
        refused(write("t.jsonl", "{\"text\":\"a\",\"label\":1}\n{\"text\":\"a\",\"label\":}\n"), BOTH, "t.jsonl:2: malformed JSON");
        refused(write("t.jsonl", "{\"text\":\n"), BOTH, "t.jsonl:1: malformed JSON");
        refused(write("t.json", "[{\"text\":\"a\",\"label\":1},{\"text\":\"a\",\"label\":}]"), BOTH, "t.json: row 2: malformed JSON");
        refused(write("n.jsonl", "[3]\n"), BOTH, "no column 'text'");
    }

    @Test
    void otherEncodingsAreRefusedWithTheLine() throws IOException {
        byte[] bytes = "text,label\na,1\n\u00e9\u00e9,2\n".getBytes(StandardCharsets.ISO_8859_1);
        Path table = Files.write(folder.resolve("t.csv"), bytes);
        refused(table, BOTH, "t.csv:3: the bytes are not UTF-8");
        Path text = Files.write(folder.resolve("t.txt"), bytes);
        refused(text, new Columns("text", "", ""), "t.txt:3: the bytes are not UTF-8 from byte 15 of the file on, 0xE9");
        assertThatThrownBy(() -> WholeText.each(text, part -> {})).isInstanceOf(DataException.class).hasMessageContaining("t.txt:3", "byte 15");
    }

    @Test
    void aTextIsReadWithAllItsWhiteSpaceInPartsThatCutNoWord() throws IOException {
        String text = "\n  one two\r\n\n\tthree ".repeat(20_000) + "x".repeat(200_000) + " \uD83D\uDE00 end\n\n";
        List<String> parts = new ArrayList<>();
        WholeText.each(write("t.txt", text), parts::add);
        assertThat(String.join("", parts)).isEqualTo(text);
        assertThat(parts).hasSizeGreaterThan(4);
        for (String part : parts.subList(1, parts.size())) {
            assertThat(part).matches("(?s)\\s.*");
        }
        for (String part : parts.subList(0, parts.size() - 1)) {
            assertThat(part).matches("(?s).*\\S");
        }
        WholeText.each(write("bom.txt", "\uFEFFa"), part -> assertThat(part).isEqualTo("a"));
    }

    @Test
    void mistakesInAConditionOrQueryAreExplained() throws IOException {
        Path file = write("t.csv", "text,label\na,1\n");
        refused(file, "lable = '1'", "t.csv: the condition or query names a column 'lable' that is not there. Did you mean 'label'?");
        refused(file, "label > 0", "cells of CSV, TSV and JSON files are text");
        refused(file, "label = ", "the condition or query is not SQL: syntax error");
        refused(file, "label = '2'", "t.csv has no row where label = '2'");
        assertThatThrownBy(() -> RowReader.open(new Source.Sql("select * from 'none.parquet'"), BOTH).list())
                .isInstanceOf(DataException.class)
                .hasMessageContaining("none.parquet does not exist");
        assertThatThrownBy(() -> RowReader.open(new Source.Sql("select [1] as text, 2 as label"), BOTH).list())
                .isInstanceOf(DataException.class)
                .hasMessageContaining("column 'text' holds");
        assertThatThrownBy(() -> RowReader.open(new Source.Sql("drop table x"), BOTH).list()).isInstanceOf(DataException.class);
    }

    @Test
    void realTablesLoseNoRow() {
        Path classify = shared().resolve("data/classify");
        Columns banking = new Columns("text", "", "category");
        assertThat(read(classify.resolve("banking77/train.csv"), banking)).hasSize(10_003);
        assertThat(read(classify.resolve("banking77/test.csv"), banking)).hasSize(3_080);
        assertThat(read(classify.resolve("sst2/train.tsv"), new Columns("sentence", "", "label"))).hasSize(67_349);
        assertThat(read(classify.resolve("sst2/dev.tsv"), new Columns("content", "", "label"))).hasSize(872);
        List<Example> sms = read(classify.resolve("sms-spam/SMSSpamCollection"), new Columns("SMS", "", "Label"));
        assertThat(sms).hasSize(5_574);
        assertThat(sms.stream().map(Example::label).distinct()).containsExactlyInAnyOrder("ham", "spam");
        assertThat(sms.stream().filter(example -> example.text().startsWith("\""))).hasSize(54);
    }

    static Path shared() {
        Path shared = Path.of(System.getProperty("cultivar.root")).resolve("../shared");
        assumeTrue(Files.isDirectory(shared), "skipped: needs the shared data beside the checkout, " + shared);
        return shared;
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static List<Example> read(Path file, Columns columns) {
        return RowReader.open(new Source.Table(file, ""), columns).list();
    }

    private static void refused(Path file, Columns columns, String message) {
        assertThatThrownBy(() -> read(file, columns)).isInstanceOf(DataException.class).hasMessageContaining(message);
    }

    private static void refused(Path file, String where, String message) {
        assertThatThrownBy(() -> RowReader.open(new Source.Table(file, where), BOTH).list())
                .isInstanceOf(DataException.class)
                .hasMessageContaining(message);
    }
}
