package dev.cultivar.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import dev.cultivar.batch.DataException;
import dev.cultivar.recipe.CorpusRecipe;
import dev.cultivar.recipe.CorpusRecipe.Document;
import dev.cultivar.recipe.CorpusRecipe.Invalid;
import dev.cultivar.recipe.CorpusRecipe.Nul;
import dev.cultivar.recipe.CorpusRecipe.Place;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Documents come out of every kind of file as they went in, and what is wrong with a file is said with its place.
class ReadingTest {
    @TempDir
    Path folder;

    private Path file(String name, String text) throws IOException {
        return bytes(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private Path bytes(String name, byte[] bytes) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        OutputStream plain = Files.newOutputStream(file);
        try (OutputStream out = name.endsWith(".gz") ? new GZIPOutputStream(plain)
                : name.endsWith(".zst") ? new ZstdOutputStream(plain) : plain) {
            out.write(bytes);
        }
        return file;
    }

    private static CorpusRecipe.Source source(Document kind, Invalid invalid, Nul nul, Path... files) {
        List<String> names = List.of(files).stream().map(Path::toString).toList();
        return new CorpusRecipe.Source(new Place.Files(names, List.of(), List.of()), 1, kind, "text", invalid, nul);
    }

    private static List<String> texts(Document kind, Path... files) {
        return texts(source(kind, Invalid.REFUSE, Nul.REFUSE, files));
    }

    private static List<String> texts(CorpusRecipe.Source source) {
        return SourceDocuments.open(source).list().stream().map(dev.cultivar.corpus.Document::text).toList();
    }

    private List<String> found(List<String> patterns, List<String> include, List<String> exclude) {
        return FoundFiles.find(new Place.Files(patterns, include, exclude)).stream()
                .map(path -> folder.relativize(path).toString()).toList();
    }

    @Test
    void aDocumentIsAFileOrAParagraphOrALine() throws IOException {
        String text = "\uFEFFone é 𝄞\ntwo\r\n\n  \nthree\n\n\nfour";
        for (String ending : List.of("", ".gz", ".zst")) {
            Path file = file("a.txt" + ending, text);
            assertThat(texts(Document.FILE, file)).containsExactly(text.substring(1));
            assertThat(texts(Document.PARAGRAPH, file)).containsExactly("one é 𝄞\ntwo", "three", "four");
            assertThat(texts(Document.LINE, file)).containsExactly("one é 𝄞", "two", "three", "four");
            assertThat(SourceDocuments.open(source(Document.PARAGRAPH, Invalid.REFUSE, Nul.REFUSE, file)).list())
                    .extracting(dev.cultivar.corpus.Document::place).containsExactly(file + ":1", file + ":5", file + ":8");
        }
    }

    @Test
    void tablesAndQueriesGiveARowADocument() throws Exception {
        List<String> expected = List.of("first", "se\"cond\nline", "007");
        String json = "{\"id\": 1, \"text\": \"first\"}\n{\"text\": \"se\\\"cond\\nline\"}\n{\"text\": \"007\"}\n";
        Path csv = file("a.csv", "id,text\n1,first\n2,\"se\"\"cond\nline\"\n3,007\n");
        for (Path file : List.of(csv, file("b.csv.gz", Files.readString(csv)), file("c.csv.zst", Files.readString(csv)), file("d.jsonl", json),
                file("e.jsonl.zst", json), file("f.json", "[" + json.strip().replace("}\n{", "},\n{") + "]"))) {
            assertThat(texts(Document.FILE, file)).as(file.toString()).isEqualTo(expected);
        }
        Path parquet = folder.resolve("g.parquet");
        try (var duckdb = DriverManager.getConnection("jdbc:duckdb:"); var statement = duckdb.createStatement()) {
            statement.execute("copy (select text from read_csv('" + csv + "', all_varchar=true)) to '" + parquet + "'");
        }
        assertThat(texts(Document.LINE, parquet)).isEqualTo(expected);
        assertThat(texts(CorpusRecipe.Source.of(new Place.Sql("select text from '" + parquet + "' where text <> 'first';"))))
                .isEqualTo(expected.subList(1, 3));
        assertThatThrownBy(() -> texts(new CorpusRecipe.Source(Place.Files.of(csv.toString()), 1, Document.FILE, "body", Invalid.REFUSE, Nul.REFUSE)))
                .isInstanceOf(DataException.class).hasMessage(csv + ": no column 'body'; there are [id, text]. Name it with column");
        Path other = file("h.jsonl", "{\"body\": \"x\"}\n");
        assertThatThrownBy(() -> texts(Document.FILE, other)).hasMessage(other + ": no row has a text in 'text'; name the key with column");
    }

    @Test
    void entriesOfAnArchiveAreFiles() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (String name : List.of("b/B.java", "a/A.java", "a/x.txt", "a/sub/C.java")) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(("in " + name).getBytes(StandardCharsets.UTF_8));
            }
        }
        Path zip = bytes("s.zip", bytes.toByteArray());
        var place = new Place.Files(List.of(zip.toString()), List.of("a/**/*.java"), List.of("**/C.java"));
        assertThat(texts(CorpusRecipe.Source.of(place))).containsExactly("in a/A.java");
        assertThat(texts(Document.FILE, zip)).containsExactly("in a/A.java", "in a/sub/C.java", "in a/x.txt", "in b/B.java");
        assertThatThrownBy(() -> texts(CorpusRecipe.Source.of(new Place.Files(List.of(zip.toString()), List.of("*.kt"), List.of()))))
                .hasMessage(zip + ": none of its 4 entries is let through by include and exclude; the first are [b/B.java, a/A.java, a/x.txt]");
    }

    @Test
    void theSourcesOfTheJdkAreACorpus() {
        var place = new Place.Jdk(List.of("java.base/java/util/*.java"), List.of());
        List<dev.cultivar.corpus.Document> list = SourceDocuments.open(CorpusRecipe.Source.of(place)).list();
        assertThat(list.stream().map(dev.cultivar.corpus.Document::place).toList()).hasSizeGreaterThan(100).isSorted();
        assertThat(list.stream().filter(document -> document.place().endsWith("src.zip!java.base/java/util/List.java")
                && document.text().contains("public interface List<E>"))).hasSize(1);
    }

    @Test
    void patternsFindFilesInAFixedOrderEachOnce() throws IOException {
        for (String name : List.of("src/B.java", "src/a/A.java", "src/a/b/C.java", "src/.git/D.java", "src/a/note.txt", "top.txt")) {
            file(name, "x");
        }
        Files.createSymbolicLink(folder.resolve("src/a/loop"), folder.resolve("src"));
        Files.createSymbolicLink(folder.resolve("src/again.java"), folder.resolve("src/B.java"));
        Files.createSymbolicLink(folder.resolve("src/nowhere.java"), folder.resolve("missing"));
        String root = folder.toString();
        assertThat(found(List.of(root + "/src"), List.of(), List.of())).containsExactly("src/B.java", "src/a/A.java", "src/a/b/C.java", "src/a/note.txt");
        assertThat(found(List.of(root + "/src/**/*.java"), List.of(), List.of())).containsExactly("src/B.java", "src/a/A.java", "src/a/b/C.java");
        assertThat(found(List.of(root + "/src/*/*.{java,txt}"), List.of(), List.of())).containsExactly("src/a/A.java", "src/a/note.txt");
        assertThat(found(List.of(root + "/top.txt", root + "/**/[A-B].java"), List.of(), List.of())).containsExactly("top.txt", "src/B.java", "src/a/A.java");
        assertThat(found(List.of(root + "/src"), List.of("**/*.java"), List.of("a/b/**"))).containsExactly("src/B.java", "src/a/A.java");
        assertThat(found(List.of(root + "/src/.git/*"), List.of(), List.of())).containsExactly("src/.git/D.java");
        assertThatThrownBy(() -> found(List.of(root + "/src/**/*.kt"), List.of(), List.of()))
                .hasMessage("no file matches " + root + "/src/**/*.kt. Below " + root + "/src there are 4 .java, 1 .txt");
        assertThatThrownBy(() -> found(List.of(root + "/tap.txt"), List.of(), List.of()))
                .hasMessageContaining(root + "/tap.txt does not exist").hasMessageContaining(root + " has top.txt, src");
    }

    @Test
    void whatIsNoUtf8IsToldReplacedOrDropped() throws IOException {
        Path file = bytes("latin.txt", "abc caf\u00e9 xyz".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> texts(Document.FILE, file)).isInstanceOf(DataException.class)
                .hasMessageContaining(file + ": byte 7 (0xe9) is no UTF-8");
        assertThat(texts(source(Document.FILE, Invalid.REPLACE, Nul.REFUSE, file))).containsExactly("abc caf\uFFFD xyz");
        Tally tally = Tally.silent();
        SourceDocuments.open(source(Document.FILE, Invalid.DROP, Nul.REFUSE, file)).each(tally, document -> assertThat(document.text()).isEqualTo("abc caf xyz"));
        assertThat(tally.invalid).isEqualTo(1);
        assertThat(tally.firstInvalid).isEqualTo(file + ": byte 7");
        byte[] late = ("é".repeat(100_000) + "x").getBytes(StandardCharsets.UTF_8);
        late[150_000] = (byte) 0xFF;
        Path far = bytes("far.txt.gz", late);
        assertThatThrownBy(() -> texts(Document.FILE, far)).hasMessageContaining(": byte 150000 (0xff)");
        Path torn = bytes("torn.txt", new byte[] {'a', (byte) 0xC3});
        assertThatThrownBy(() -> texts(Document.FILE, torn)).hasMessageContaining(": byte 1 (0xc3)");
    }

    @Test
    void nulIsToldOrDropped() throws IOException {
        Path file = file("nul.txt", "é".repeat(50_000) + "a\0b\0\0c");
        assertThatThrownBy(() -> texts(Document.FILE, file)).hasMessageContaining(file + ": byte 100001 is a NUL character");
        Tally tally = Tally.silent();
        SourceDocuments.open(source(Document.FILE, Invalid.REFUSE, Nul.DROP, file)).each(tally, document -> assertThat(document.text()).endsWith("éabc"));
        assertThat(tally.nul).isEqualTo(3);
        assertThat(tally.firstNul).isEqualTo(file + ": byte 100001");
        Path row = file("nul.jsonl", "{\"text\": \"a\"}\n{\"text\": \"b\\u0000c\"}\n");
        assertThatThrownBy(() -> texts(Document.FILE, row)).hasMessageContaining(row + ": row 2 has a NUL character");
    }

    @Test
    void emptyFilesAreCountedAndNamed() throws IOException {
        Path empty = file("empty.txt", "");
        Path blank = file("blank.txt", " \n\t\n");
        Tally tally = Tally.silent();
        SourceDocuments.open(source(Document.PARAGRAPH, Invalid.REFUSE, Nul.REFUSE, empty, blank)).each(tally, document -> {
            throw new AssertionError(document);
        });
        assertThat(tally.empty).isEqualTo(2);
        assertThat(tally.emptyNames).containsExactly(empty.toString(), blank.toString());
    }

    @Test
    void anEndlessLineComesInPartsThatMakeTheWhole() throws IOException {
        String words = "word 𝄞 and ".repeat(Cut.DOCUMENT / 5);
        Path file = file("endless.txt", words);
        for (Document kind : Document.values()) {
            List<dev.cultivar.corpus.Document> parts = SourceDocuments.open(source(kind, Invalid.REFUSE, Nul.REFUSE, file)).list();
            assertThat(parts).hasSizeBetween(3, 4).allMatch(part -> part.text().length() <= Cut.DOCUMENT);
            assertThat(parts.stream().map(dev.cultivar.corpus.Document::text).collect(Collectors.joining())).isEqualTo(words);
            assertThat(parts.getFirst().continued()).isFalse();
            assertThat(parts.subList(1, parts.size())).allMatch(dev.cultivar.corpus.Document::continued);
            assertThat(parts.getLast().continues()).isFalse();
        }
    }

    @Test
    void aFileThatChangesWhileItIsReadIsRefused() throws IOException {
        Path file = file("log.txt", "one\ntwo\n");
        SourceDocuments documents = SourceDocuments.open(source(Document.LINE, Invalid.REFUSE, Nul.REFUSE, file));
        assertThatThrownBy(() -> documents.each(document -> append(file))).isInstanceOf(DataException.class)
                .hasMessageContaining(file + " changed while it was read: it had 8 bytes").hasMessageContaining("Let whatever writes to it finish");
    }

    private static void append(Path file) {
        try {
            Files.writeString(file, "three\n", java.nio.file.StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aDamagedArchiveIsRefused() throws IOException {
        Path file = folder.resolve("x.gz");
        Files.writeString(file, "no gzip at all, in truth");
        assertThatThrownBy(() -> texts(Document.FILE, file)).isInstanceOf(DataException.class).hasMessageContaining(file + " cannot be read: Not in GZIP format");
        Path zstd = folder.resolve("x.zst");
        Files.writeString(zstd, "no zstandard at all, in truth");
        assertThatThrownBy(() -> texts(Document.FILE, zstd)).isInstanceOf(DataException.class).hasMessageContaining(zstd + " cannot be read");
    }
}
