package dev.cultivar.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.batch.DataException;
import dev.cultivar.format.Mutations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damaged bytes are a picture or a [DataException]: never another exception or error.
class PictureFuzzTest {
    private static final int MUTANTS = 300;

    @TempDir
    Path folder;

    @Test
    void mutationsOfEveryFormat() {
        Encoded.everyFormat().forEach((name, whole) -> {
            var mutations = new Mutations(name.hashCode());
            int refused = 0;
            for (int i = 0; i < MUTANTS; i++) {
                byte[] mutant = mutations.bytes(whole);
                try {
                    assertThat(PictureReader.read(mutant, "mutant").pixels()).isNotEmpty();
                } catch (DataException refusal) {
                    refused++;
                    assertThat(refusal.getMessage()).startsWith("mutant: is ").hasSizeLessThan(1_000);
                }
            }
            // Both must happen, or the mutations prove nothing.
            assertThat(refused).as(name).isBetween(MUTANTS / 5, MUTANTS - 1);
        });
    }

    @Test
    void mutationsOfIdx() throws IOException {
        Path file = folder.resolve("mutant");
        var mutations = new Mutations(5);
        byte[] plain = IdxFileTest.images(2, 3, 4, 24);
        byte[] packed = IdxFileTest.packed(plain);
        int refused = 0;
        for (int i = 0; i < 2 * MUTANTS; i++) {
            Files.write(file, mutations.bytes(i % 2 == 0 ? plain : packed));
            try {
                assertThat(IdxFile.images(file).rows()).isPositive();
            } catch (DataException refusal) {
                refused++;
                assertThat(refusal.getMessage()).startsWith(file + ": is ");
            }
        }
        assertThat(refused).isBetween(MUTANTS, 2 * MUTANTS - 1);
    }
}
