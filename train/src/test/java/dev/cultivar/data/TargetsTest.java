package dev.cultivar.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.DataException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetsTest {
    private static final SpacePieces PIECES = SpacePieces.numbered(50);

    @TempDir
    Path folder;

    @Test
    void severalClassesBecomeZerosAndOnes() {
        Examples rows = ListExamples.table("w1 = urgent|billing", "w2 w3 = billing", "w4 = ");
        var targets = new Targets.ManyClasses(Targets.ManyClasses.names(rows, "|"), "|");

        assertThat(targets.labels().names()).containsExactly("billing", "urgent");
        Batch batch = batch(rows, targets, new int[] {0, 1, 2}, 4);
        assertThat(batch.floats("labels").shape()).containsExactly(4, 2);
        assertThat(batch.floats("labels").values()).containsExactly(1, 1, 1, 0, 0, 0, 0, 0);
    }

    @Test
    void numbersAreKeptToTheBit() {
        Examples rows = ListExamples.table("w1 = 0.1", "w2 = -3e5");
        assertThat(batch(rows, new Targets.Value(), new int[] {1, 0}, 2).floats("labels").values()).containsExactly(-3e5f, 0.1f);
    }

    @Test
    void whatIsNoFiniteNumberIsRefusedWithItsPlace() {
        for (String wrong : List.of("high", "NaN", "1e99")) {
            Examples rows = ListExamples.table("w1 = 1", "w2 = " + wrong);
            assertThatThrownBy(() -> batch(rows, new Targets.Value(), new int[] {0}, 1))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("2")
                    .hasMessageContaining(wrong)
                    .hasMessageContaining("no finite number");
        }
    }

    @Test
    void anUnknownClassAmongSeveralIsRefused() {
        Examples rows = ListExamples.table("w1 = a|b", "w2 = a|bb");
        assertThatThrownBy(() -> batch(rows, new Targets.ManyClasses(Labels.of(List.of("a", "b")), "|"), new int[] {0}, 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("'bb'");
    }

    private Batch batch(Examples rows, Targets targets, int[] chosen, int height) {
        try (TokenStore store = new Encoder(PIECES, targets, Encoder.Layout.RECORDS, 12).encode(rows, folder)) {
            return new LabelledBatches(store, PIECES, targets).make(chosen, height, 12, 0);
        }
    }
}
