package dev.cultivar.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.DataException;
import dev.cultivar.recipe.CorpusRecipe;
import dev.cultivar.recipe.CorpusRecipe.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What stays of a corpus is what should, each part has its place, and the table says the rest.
class CorpusTest {
    @TempDir
    Path folder;

    private static CorpusRecipe.Source source(CorpusRecipe.Document kind, Path... files) {
        return new CorpusRecipe.Source(CorpusRecipe.Place.Files.of(List.of(files).stream().map(Path::toString).toArray(String[]::new)), 1, kind, "text",
                CorpusRecipe.Invalid.REFUSE, CorpusRecipe.Nul.REFUSE);
    }

    private CorpusRecipe.Source lines(String name, String... lines) throws IOException {
        return source(CorpusRecipe.Document.LINE, Files.writeString(folder.resolve(name), String.join("\n", lines)));
    }

    private Corpus open(CorpusRecipe recipe, double validation, double test) {
        return Corpus.open(recipe, validation, test, List.of(), folder.resolve("scratch"), Progress.NONE);
    }

    private static List<String> texts(Corpus corpus, Corpus.Part part) {
        return corpus.documents(part).list().stream().map(Document::text).toList();
    }

    @Test
    void stepsLeaveOutAndSayWhy() throws IOException {
        var first = lines("a.txt", "One two three four.", "short", "one  TWO three four.", "#### #### #### ####", "this is another good line of text");
        var second = lines("b.txt", "One two three four.", "something of its own in here");
        var steps = List.<Step>of(new Step.Length(10, 0, 0, 0), new Step.Quality(0.8, 3, 10, 0.1, 0.9, 0.3, 0.3, 0.2), new Step.ExactDuplicates());
        try (Corpus corpus = open(new CorpusRecipe(List.of(first, second), steps), 0, 0)) {
            assertThat(texts(corpus, Corpus.Part.TRAIN)).containsExactly("One two three four.", "this is another good line of text", "something of its own in here");
            CorpusReport report = corpus.report();
            assertThat(report.sources().getFirst()).isEqualTo(new CorpusReport.Source(folder.resolve("a.txt").toString(), 1, 1,
                    Files.size(folder.resolve("a.txt")), 5, 52, 2, java.util.OptionalLong.empty(),
                    List.of(new CorpusReport.Dropped("length", "fewer than 10 characters", 1, folder.resolve("a.txt") + ":2"),
                            new CorpusReport.Dropped("quality", "few words with letters", 1, folder.resolve("a.txt") + ":4"),
                            new CorpusReport.Dropped("exact_duplicates", "equal to an earlier one", 1, folder.resolve("a.txt") + ":3")), List.of()));
            assertThat(report.dropped("exact_duplicates")).isEqualTo(2);
            assertThat(String.join("\n", report.lines())).contains("length: fewer than 10 characters").contains("20.00 %").doesNotContain("One two");
        }
    }

    @Test
    void qualityFollowsItsRules() {
        var filter = new QualityFilter(new Step.Quality(0.8, 3, 10, 0.1, 0.9, 0.3, 0.3, 0.2));
        String good = "The quick brown fox jumps over the lazy dog, again and again.";
        assertThat(reason(filter, good)).isEmpty();
        assertThat(reason(filter, "1 2 3 4 word")).isEqualTo("few words with letters");
        assertThat(reason(filter, "a b c d e f")).isEqualTo("short words");
        assertThat(reason(filter, "incomprehensibilities characteristically")).isEqualTo("long words");
        assertThat(reason(filter, "some... words... are... followed... by... nothing...")).isEqualTo("many symbols");
        assertThat(reason(filter, "- good words stand here in a row\n- some more words do follow them\n• even more words come at last")).isEqualTo("many bullets");
        assertThat(reason(filter, (good + "\n").repeat(2) + "There is another line that ends like this one and goes on …")).isEqualTo("many ellipses");
        assertThat(reason(filter, (good + "\n").repeat(5))).isEqualTo("repeated lines");
        assertThat(reason(filter, (good + "\n").repeat(2) + "Short one\nShort two\nShort too")).isEqualTo("repeated characters");
    }

    private static String reason(Filter filter, String text) {
        return filter.look(new Document("x", text)).get();
    }

    @Test
    void everythingLeftOutIsRefusedWithTheReasons() throws IOException {
        var source = lines("a.txt", "one two", "three");
        assertThatThrownBy(() -> open(new CorpusRecipe(List.of(source), List.of(new Step.Length(100, 0, 0, 0))), 0, 0))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("source " + folder.resolve("a.txt") + " is empty: none of its 2 documents is left")
                .hasMessageContaining("length: fewer than 100 characters");
        var empty = lines("b.txt", "", "  ");
        assertThatThrownBy(() -> open(new CorpusRecipe(List.of(source, empty), List.of()), 0, 0))
                .hasMessageContaining("source " + folder.resolve("b.txt") + " is empty: no file or row of it holds a text");
    }

    @Test
    void partsAreTheLastOfEachSource() throws IOException {
        String[] many = new String[100];
        String[] others = new String[50];
        java.util.Arrays.setAll(many, i -> "line number " + (100 + i));
        java.util.Arrays.setAll(others, i -> "other number " + (100 + i));
        var recipe = new CorpusRecipe(List.of(lines("a.txt", many), lines("b.txt", others)), List.of());
        try (Corpus corpus = open(recipe, 0.1, 0.2)) {
            assertThat(texts(corpus, Corpus.Part.TRAIN)).hasSize(105).startsWith("line number 100").contains("line number 169", "other number 134");
            assertThat(texts(corpus, Corpus.Part.VALIDATION)).hasSize(15).startsWith("line number 170").endsWith("other number 139");
            assertThat(texts(corpus, Corpus.Part.TEST)).hasSize(30).startsWith("line number 180").endsWith("other number 149");
            assertThat(corpus.documents(0, Corpus.Part.TRAIN).fingerprint()).isNotEqualTo(corpus.documents(0, Corpus.Part.TEST).fingerprint());
        }
    }

    @Test
    void oneDocumentIsCutInside() throws IOException {
        Path file = Files.writeString(folder.resolve("one.txt"), "0123456789".repeat(100));
        try (Corpus corpus = open(new CorpusRecipe(List.of(source(CorpusRecipe.Document.FILE, file)), List.of()), 0.1, 0)) {
            assertThat(texts(corpus, Corpus.Part.TRAIN)).containsExactly("0123456789".repeat(90));
            assertThat(texts(corpus, Corpus.Part.VALIDATION)).containsExactly("0123456789".repeat(10));
            assertThat(texts(corpus, Corpus.Part.TEST)).isEmpty();
        }
    }

    @Test
    void whatIsMeasuredOnIsLeftOutOfWhatIsLearned() throws IOException {
        String secret = "the answer to every question that was ever asked is hidden in this very sentence";
        String[] train = new String[20];
        java.util.Arrays.setAll(train, i -> String.join(" ", Generated.words(i, 30)));
        train[4] = "Before: " + secret.toUpperCase(java.util.Locale.ROOT) + ", and after.";
        train[7] = "a short text of eight words is found";
        train[18] = "held out: " + secret;
        Path benchmark = Files.writeString(folder.resolve("bench.txt"), "A short text of eight words is found!\n\n" + String.join(" ", Generated.words(3, 30)));
        var recipe = new CorpusRecipe(List.of(lines("a.txt", train)), List.of(new Step.Decontamination(13, 1, 10, List.of(benchmark.toString()))));
        try (Corpus corpus = open(recipe, 0.2, 0)) {
            assertThat(texts(corpus, Corpus.Part.VALIDATION)).contains(train[18]);
            assertThat(texts(corpus, Corpus.Part.TRAIN)).doesNotContain(train[3], train[4], train[7]).contains(train[0], train[5]);
            assertThat(corpus.report().dropped("decontamination")).isEqualTo(3);
        }
    }

    @Test
    void whatManyDocumentsShareIsNoContamination() throws IOException {
        String licence = "this file may be copied by everyone who keeps this notice in every copy of it ";
        String[] train = new String[20];
        java.util.Arrays.setAll(train, i -> licence + String.join(" ", Generated.words(i, 30)));
        train[2] = train[19];
        var sources = List.of(lines("a.txt", train));
        try (Corpus corpus = open(new CorpusRecipe(sources, List.of(new Step.Decontamination(13, 1, 10, List.of()))), 0.1, 0)) {
            assertThat(texts(corpus, Corpus.Part.TRAIN)).hasSize(17).doesNotContain(train[2]);
        }
        assertThatThrownBy(() -> open(new CorpusRecipe(sources, List.of(new Step.Decontamination(13, 1, 30, List.of()))), 0.1, 0))
                .isInstanceOf(DataException.class).hasMessageContaining("none is left for train").hasMessageContaining("decontamination: shares 13 words in a row");
    }

    @Test
    void aSourceThatChangesBetweenPassesIsRefused() throws IOException {
        var source = lines("a.txt", "one", "two");
        try (Corpus corpus = open(new CorpusRecipe(List.of(source), List.of()), 0, 0)) {
            Files.writeString(folder.resolve("a.txt"), "one\n2.0");
            assertThatThrownBy(() -> texts(corpus, Corpus.Part.TRAIN)).isInstanceOf(DataException.class).hasMessageContaining("changed since it was read first");
        }
    }

    @Test
    void damageIsCountedInTheReport() throws IOException {
        Path file = folder.resolve("latin.txt");
        Files.write(file, new byte[] {'a', (byte) 0xE9, 0, 'b', '\n'});
        var source = new CorpusRecipe.Source(CorpusRecipe.Place.Files.of(file.toString(), Files.writeString(folder.resolve("empty.txt"), "").toString()), 1,
                CorpusRecipe.Document.FILE, "text", CorpusRecipe.Invalid.REPLACE, CorpusRecipe.Nul.DROP);
        try (Corpus corpus = open(new CorpusRecipe(List.of(source), List.of()), 0, 0)) {
            assertThat(texts(corpus, Corpus.Part.TRAIN)).containsExactly("a\uFFFDb\n");
            assertThat(corpus.report().sources().getFirst().notes()).containsExactly(
                    "1 files or rows without text: " + folder.resolve("empty.txt"),
                    "1 bytes that are no UTF-8 were replaced, the first at " + file + ": byte 1",
                    "1 NUL characters were left out, the first at " + file + ": byte 2");
        }
    }

    @Test
    void shakespeareIsPartedAtNineTenthsOfItsCharacters() throws IOException {
        Path shared = Path.of(System.getProperty("cultivar.root")).resolve("../shared/data/text/tinyshakespeare/input.txt");
        Assumptions.assumeTrue(Files.exists(shared), "needs ../shared/data/text/tinyshakespeare");
        String all = Files.readString(shared);
        try (Corpus corpus = open(new CorpusRecipe(List.of(CorpusRecipe.Source.of(CorpusRecipe.Place.Files.of(shared.toString()))), List.of()), 0.1, 0)) {
            int cut = all.length() * 9 / 10;
            assertThat(String.join("", texts(corpus, Corpus.Part.TRAIN))).isEqualTo(all.substring(0, cut));
            assertThat(String.join("", texts(corpus, Corpus.Part.VALIDATION))).isEqualTo(all.substring(cut));
        }
    }

    @Test
    void wikitextIsCleanedAndTokenised() throws IOException {
        Path shared = Path.of(System.getProperty("cultivar.root")).resolve("../shared/data/text/wikitext2");
        Assumptions.assumeTrue(Files.isDirectory(shared), "needs ../shared/data/text/wikitext2");
        var source = source(CorpusRecipe.Document.LINE, shared);
        var steps = List.<Step>of(new Step.Length(200, 0, 0, 0), new Step.ExactDuplicates(), new Step.NearDuplicates(0.8, 5, 20, 6, 17), new Step.Decontamination(13, 1, 10, List.of()));
        try (Corpus corpus = open(new CorpusRecipe(List.of(source), steps), 0.05, 0.05)) {
            CorpusReport.Source report = corpus.report().sources().getFirst();
            assertThat(report.kept()).isGreaterThan(1_000);
            assertThat(report.kept() + report.dropped().stream().mapToLong(CorpusReport.Dropped::documents).sum()).isEqualTo(report.documents());
            HashedPieces pieces = new HashedPieces(60_000);
            long expected = texts(corpus, Corpus.Part.TRAIN).stream().mapToLong(text -> pieces.ids(text).length + 1).sum();
            try (TokenStream stream = corpus.tokens(Corpus.Part.TRAIN, pieces, OptionalInt.of(0), folder.resolve("cache")).getFirst()) {
                assertThat(stream.length()).isEqualTo(expected);
            }
            assertThat(corpus.report().lines().stream().collect(Collectors.joining("\n"))).contains("length: fewer than 200 characters");
        }
    }
}
