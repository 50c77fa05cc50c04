package dev.cultivar.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.DataException;
import dev.cultivar.recipe.CorpusRecipe;
import dev.cultivar.recipe.CorpusRecipe.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that have not changed are not read again, and everything is as if they had been.
class SurveyCacheTest {
    private static final List<Step> CLEAN = List.of(new Step.Length(4, 0, 0, 0), new Step.ExactDuplicates(), new Step.Decontamination(4, 1, 10, List.of()));

    @TempDir
    Path folder;

    /// What a corpus is to those who use it, and what was read for it.
    private record Seen(List<List<String>> parts, List<String> fingerprints, List<String> report, boolean read) {
        Seen unread() {
            return new Seen(parts, fingerprints, report, false);
        }
    }

    private Path lines(String name, String... lines) throws IOException {
        return Files.writeString(folder.resolve(name), String.join("\n", lines));
    }

    private static CorpusRecipe recipe(List<Step> clean, Path... files) {
        return new CorpusRecipe(Stream.of(files).map(file -> new CorpusRecipe.Source(CorpusRecipe.Place.Files.of(file.toString()), 1,
                CorpusRecipe.Document.LINE, "text", CorpusRecipe.Invalid.REFUSE, CorpusRecipe.Nul.REFUSE)).toList(), clean);
    }

    private Path cache() throws IOException {
        return Files.createDirectories(folder.resolve("cache"));
    }

    private Seen open(CorpusRecipe recipe, double validation, List<Documents> apart) throws IOException {
        List<String> work = new ArrayList<>();
        try (Corpus corpus = Corpus.openKept(recipe, validation, 0, apart, cache(), (what, done, total) -> work.add(what))) {
            boolean read = !work.isEmpty();
            List<Corpus.Part> parts = List.of(Corpus.Part.TRAIN, Corpus.Part.VALIDATION);
            return new Seen(
                    parts.stream().map(part -> corpus.documents(part).list().stream().map(Document::text).toList()).toList(),
                    parts.stream().map(part -> corpus.documents(0, part).fingerprint()).toList(),
                    corpus.report().lines(),
                    read);
        }
    }

    private Path[] two() throws IOException {
        return new Path[] {
            lines("a.txt", "one two three four five six", "no", "seven eight nine ten eleven", "one two three four five six", "hold this line out please", "and this one it is not short"),
            lines("b.txt", "seven eight nine ten eleven", "and this one it is not short", "something of its own in here")
        };
    }

    @Test
    void aSecondStartReadsNothingAndFindsTheSame() throws IOException {
        CorpusRecipe recipe = recipe(CLEAN, two());
        Seen first = open(recipe, 0.3, List.of());
        assertThat(first.read()).isTrue();
        assertThat(first.parts().getFirst()).isNotEmpty();
        assertThat(String.join("\n", first.report())).contains("exact_duplicates").contains("length");
        assertThat(open(recipe, 0.3, List.of())).isEqualTo(first.unread());
        try (Stream<Path> files = Files.list(cache())) {
            assertThat(files.map(file -> file.getFileName().toString())).singleElement().asString().endsWith(".survey");
        }
    }

    @Test
    void whateverDecidesIsPartOfTheKey() throws IOException {
        Path[] files = two();
        CorpusRecipe recipe = recipe(CLEAN, files);
        Seen first = open(recipe, 0.3, List.of());
        assertThat(open(recipe, 0.2, List.of()).read()).as("another share").isTrue();
        assertThat(open(recipe(CLEAN.subList(0, 2), files), 0.3, List.of()).read()).as("other steps").isTrue();
        Documents apart = SourceDocuments.open(recipe(List.of(), lines("c.txt", "seven eight nine ten eleven")).sources().getFirst());
        assertThat(open(recipe, 0.3, List.of(apart)).parts()).as("another text to keep apart from").isNotEqualTo(first.parts());
        Files.setLastModifiedTime(files[1], FileTime.from(Instant.ofEpochSecond(1_000_000_000, 7)));
        assertThat(open(recipe, 0.3, List.of())).as("another time").isEqualTo(first);
        assertThat(open(recipe, 0.3, List.of())).isEqualTo(first.unread());
        Files.setLastModifiedTime(files[1], FileTime.from(Instant.ofEpochSecond(1_000_000_000, 8_000)));
        assertThat(open(recipe, 0.3, List.of()).read()).as("a few thousandths of a thousandth of a second later").isTrue();
        Files.writeString(files[1], "another text of its own is here");
        assertThat(open(recipe, 0.3, List.of()).parts()).as("another text").isNotEqualTo(first.parts());
    }

    @Test
    void aDamagedFileIsAsGoodAsNone() throws IOException {
        CorpusRecipe recipe = recipe(CLEAN, two());
        Seen first = open(recipe, 0.3, List.of());
        Path file;
        try (Stream<Path> files = Files.list(cache())) {
            file = files.findFirst().orElseThrow();
        }
        byte[] whole = Files.readAllBytes(file);
        for (int at : new int[] {0, whole.length / 2, whole.length - 1}) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 1;
            Files.write(file, damaged);
            assertThat(open(recipe, 0.3, List.of())).as("byte " + at).isEqualTo(first);
            assertThat(Files.readAllBytes(file)).isEqualTo(whole);
        }
        for (int length : new int[] {0, 7, 8, whole.length - 9}) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            assertThat(open(recipe, 0.3, List.of())).as("length " + length).isEqualTo(first);
        }
    }

    /// Same size, same time: not noticed at the start, found out by the first who reads, and put right by the next start.
    @Test
    void aChangeBehindTheClocksBackIsFoundOutOnReading() throws IOException {
        Path file = lines("a.txt", "one two three four five six", "seven eight nine ten eleven");
        CorpusRecipe recipe = recipe(List.of(), file);
        FileTime time = Files.getLastModifiedTime(file);
        open(recipe, 0, List.of());
        lines("a.txt", "one two three four five SIX", "seven eight nine ten eleven");
        Files.setLastModifiedTime(file, time);
        assertThatThrownBy(() -> open(recipe, 0, List.of())).isInstanceOf(DataException.class).hasMessageContaining("changed since it was read first");
        Seen mended = open(recipe, 0, List.of());
        assertThat(mended.read()).isTrue();
        assertThat(mended.parts().getFirst()).contains("one two three four five SIX");
    }

    @Test
    void whatAQueryReadsIsNotKnown() throws IOException {
        Path file = lines("a.csv", "text", "one two three", "four five six");
        var source = CorpusRecipe.Source.of(new CorpusRecipe.Place.Sql("select text from '" + file + "'"));
        CorpusRecipe query = new CorpusRecipe(List.of(source), List.of());
        open(query, 0, List.of());
        try (Stream<Path> files = Files.list(cache())) {
            assertThat(files).isEmpty();
        }
        CorpusRecipe table = new CorpusRecipe(List.of(CorpusRecipe.Source.of(CorpusRecipe.Place.Files.of(file.toString()))), List.of());
        assertThat(open(table, 0, List.of()).read()).isTrue();
        assertThat(open(table, 0, List.of()).read()).isFalse();
    }
}
