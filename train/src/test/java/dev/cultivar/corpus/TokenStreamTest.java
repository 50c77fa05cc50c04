package dev.cultivar.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.DataException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is written is read back, and a writer that dies on the way changes nothing but the time that it took.
class TokenStreamTest {
    private static final String PRINT = "f".repeat(64);

    @TempDir
    Path folder;

    private static int[] all(TokenStream stream) {
        int[] ids = new int[Math.toIntExact(stream.length())];
        stream.read(0, ids.length, ids, 0);
        return ids;
    }

    private static byte[] bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> left = files.toList();
            assertThat(left).hasSize(1).allMatch(file -> file.toString().endsWith(".stream"));
            return Files.readAllBytes(left.getFirst());
        }
    }

    @Test
    void idsAndDocumentsComeBack() {
        for (int vocabulary : new int[] {65_536, 65_537}) {
            Path file = folder.resolve("a" + vocabulary);
            int top = vocabulary - 1;
            try (var writer = new TokenStreamWriter(file, PRINT, vocabulary, OptionalInt.of(7))) {
                writer.startDocument();
                writer.add(new int[] {1, 40_000});
                writer.add(new int[] {top});
                writer.startDocument();
                writer.add(new int[0]); // an empty document is none
                writer.startDocument();
                writer.add(new int[] {5});
                assertThatThrownBy(() -> writer.add(new int[] {top + 1})).isInstanceOf(IllegalArgumentException.class);
                writer.finish();
            }
            try (TokenStream stream = TokenStream.open(file, PRINT)) {
                assertThat(all(stream)).containsExactly(1, 40_000, top, 7, 5, 7);
                assertThat(stream.documents()).isEqualTo(2);
                assertThat(stream.documentStart(0)).isZero();
                assertThat(stream.documentStart(1)).isEqualTo(4);
                int[] into = new int[4];
                stream.read(2, 2, into, 1);
                assertThat(into).containsExactly(0, top, 7, 0);
                assertThatThrownBy(() -> stream.read(5, 2, into, 0)).isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> stream.documentStart(2)).isInstanceOf(IndexOutOfBoundsException.class);
            }
            assertThatThrownBy(() -> TokenStream.open(file, "0".repeat(64))).isInstanceOf(DataException.class).hasMessageContaining("holds other data");
        }
    }

    @Test
    void moreThanTwoToThe31TokensHaveAPlace() throws IOException {
        Path file = folder.resolve("huge");
        long tokens = (1L << 31) + 10;
        try (var writer = new TokenStreamWriter(file, PRINT, 100, OptionalInt.empty())) {
            writer.add(new int[] {1});
            writer.finish();
        }
        try (var out = new RandomAccessFile(file.toFile(), "rw")) { // a hole takes no disk
            out.setLength(TokenFile.indexAt(tokens, 2) + 8);
            out.seek(16);
            out.writeLong(Long.reverseBytes(tokens));
            out.seek(TokenFile.HEADER + 2 * (tokens - 2));
            out.writeShort(Short.reverseBytes((short) 42));
        }
        try (TokenStream stream = TokenStream.open(file, PRINT)) {
            int[] last = new int[3];
            stream.read(tokens - 3, 3, last, 0);
            assertThat(last).containsExactly(0, 42, 0);
        }
    }

    @Test
    void aDamagedFileIsRefused() throws IOException {
        Path file = folder.resolve("a");
        try (var writer = new TokenStreamWriter(file, PRINT, 100, OptionalInt.empty())) {
            for (int i = 0; i < 5; i++) {
                writer.startDocument();
                writer.add(new int[] {i, i});
            }
            writer.finish();
        }
        byte[] sound = Files.readAllBytes(file);
        for (int at : new int[] {0, 8, 12, 17, 24, 33, sound.length - 1, sound.length - 8}) {
            byte[] damaged = sound.clone();
            damaged[at] ^= 0x55;
            Files.write(file, damaged);
            assertThatThrownBy(() -> TokenStream.open(file, PRINT)).as("byte " + at).isInstanceOf(DataException.class);
        }
        Files.write(file, Arrays.copyOf(sound, sound.length - 3));
        assertThatThrownBy(() -> TokenStream.open(file, PRINT)).isInstanceOf(DataException.class).hasMessageContaining("which is not what 10 tokens");
    }

    @Test
    void tokensAreThoseOfEachDocumentInOrder() {
        HashedPieces pieces = new HashedPieces(60_000);
        Documents documents = new Generated(3, 700, 30);
        int[] expected = documents.list().stream().flatMapToInt(document ->
                Arrays.stream((document.text() + " END").split(" ")).mapToInt(word -> word.equals("END") ? 0 : pieces.id(word))).toArray();
        try (TokenStream stream = Tokenisation.of(documents, pieces, OptionalInt.of(0), folder)) {
            assertThat(all(stream)).isEqualTo(expected);
            assertThat(stream.documents()).isEqualTo(700);
            assertThat(stream.documentStart(699)).isEqualTo(699 * 31);
        }
        long[] touched = {folder.toFile().listFiles()[0].lastModified()};
        Tokenisation.of(documents, pieces, OptionalInt.of(0), folder).close();
        assertThat(folder.toFile().listFiles()).hasSize(1).allMatch(file -> file.lastModified() == touched[0]);
    }

    @Test
    void aLongDocumentIsEncodedInPartsAndStaysOne() {
        String text = String.join(" ", Generated.words(1, 200_000));
        Documents one = listed(new Document("a", text.substring(0, 600_000), false, true), new Document("a", text.substring(600_000), true, false));
        int cut = text.lastIndexOf(' ', 600_000); // between words, as parts of documents are
        Documents two = listed(new Document("a", text.substring(0, cut), false, true), new Document("a", text.substring(cut), true, false));
        HashedPieces pieces = new HashedPieces(1 << 20);
        try (TokenStream stream = Tokenisation.of(two, pieces, OptionalInt.of(0), folder)) {
            assertThat(stream.documents()).isEqualTo(1);
            assertThat(Arrays.copyOf(all(stream), 200_000)).isEqualTo(pieces.ids(text));
            assertThat(stream.length()).isEqualTo(200_001);
        }
        assertThat(one.fingerprint()).isNotEqualTo(two.fingerprint());
    }

    private static Documents listed(Document... documents) {
        return new Documents() {
            @Override
            public String name() {
                return "listed";
            }

            @Override
            public void each(Sink sink) {
                Arrays.stream(documents).forEach(sink::document);
            }
        };
    }

    @Test
    void aPassThatFailsGoesOnFromItsLastSafeBlock() throws IOException {
        Path undisturbed = folder.resolve("undisturbed");
        CorpusChild.tokens(CorpusChild.documents(), undisturbed).close();
        Path other = folder.resolve("other");
        for (int stop : new int[] {500, 501, 1_500, 2_999}) {
            int[] encoded = {0};
            Documents failing = new Documents() {
                private boolean second;

                @Override
                public String name() {
                    return "failing";
                }

                @Override
                public void each(Sink sink) {
                    CorpusChild.documents().each(document -> {
                        if (second && ++encoded[0] == stop) {
                            throw new IllegalStateException("stopped");
                        }
                        sink.document(document);
                    });
                    second = true;
                }
            };
            assertThatThrownBy(() -> CorpusChild.tokens(failing, other)).hasMessage("stopped");
        }
        String fingerprint = Tokenisation.fingerprint(CorpusChild.documents(), new HashedPieces(60_000), OptionalInt.of(0));
        try (var writer = new TokenStreamWriter(other.resolve(fingerprint + ".stream"), fingerprint, 60_000, OptionalInt.of(0))) {
            assertThat(writer.resumedAt()).isBetween(1_000L, 2_999L);
            assertThat(writer.documents()).isEqualTo(writer.resumedAt());
            assertThatThrownBy(() -> CorpusChild.tokens(CorpusChild.documents(), other)).hasMessageContaining("is being written by this process already");
        }
        CorpusChild.tokens(CorpusChild.documents(), other).close();
        assertThat(bytes(other)).isEqualTo(bytes(undisturbed));
    }

    @Test
    void aKilledProcessAndAFullDiskLoseNothing() throws Exception {
        Path undisturbed = folder.resolve("undisturbed");
        CorpusChild.tokens(CorpusChild.documents(), undisturbed).close();
        Path other = folder.resolve("other");
        Process killed = CorpusChild.start("", "-Xmx64m", "generated", other.toString());
        try (BufferedReader out = killed.inputReader()) {
            for (String line = out.readLine(); line != null && !line.equals("read 1500"); line = out.readLine()) {
                assertThat(line).startsWith("read");
            }
            killed.destroyForcibly().waitFor();
        }
        Process full = CorpusChild.start("ulimit -f 700;", "-Xmx64m", "generated", other.toString());
        List<String> said = full.inputReader().lines().filter(line -> !line.startsWith("read")).toList();
        full.waitFor();
        assertThat(said).hasSize(1);
        assertThat(said.getFirst()).startsWith("refused").contains("cannot be written any further").contains("Make room").contains("goes on from the last block that is safe");
        Process last = CorpusChild.start("", "-Xmx64m", "generated", other.toString());
        assertThat(last.inputReader().lines().filter(line -> line.startsWith("done")).toList()).containsExactly("done " + 3_000 * 201);
        assertThat(bytes(other)).isEqualTo(bytes(undisturbed));
    }

    @Test
    void aCorpusLargerThanTheHeapCostsNoMoreThanASmallOne() throws Exception {
        Path text = folder.resolve("large.txt");
        int paragraphs = 40_000;
        try (BufferedWriter out = Files.newBufferedWriter(text)) {
            for (int i = 0; i < paragraphs; i++) {
                out.write(String.join(" ", Generated.words(i, 300)));
                out.write("\n\n");
            }
        }
        assertThat(Files.size(text)).isGreaterThan(50_000_000);
        Process child = CorpusChild.start("", "-Xmx24m", "file", folder.resolve("out").toString(), text.toString());
        List<String> said = child.inputReader().lines().toList();
        assertThat(child.waitFor()).as(said.toString()).isZero();
        assertThat(said).hasSize(1);
        assertThat(said.getFirst()).startsWith("done " + 301L * 36_000 + " 36000");
    }
}
