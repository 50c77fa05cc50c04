package dev.cultivar.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.DataException;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelsTest {

    @Test
    void labelsAreSortedAndStable() {
        Labels labels = Labels.of(ListExamples.table("x = spam", "y = ham", "z = spam"));
        assertThat(labels.names()).containsExactly("ham", "spam");
        assertThat(labels).isEqualTo(Labels.of(List.of("spam", "ham"))).isEqualTo(Labels.inOrder(List.of("ham", "spam")));
        assertThat(labels.number(new Example(1, "", "", "spam"), ListExamples.table())).isEqualTo(1);
    }

    @Test
    void wholeNumbersAreSortedAsNumbers() {
        assertThat(Labels.of(List.of("10", "9", "-1", "0")).names()).containsExactly("-1", "0", "9", "10");
        assertThat(Labels.of(List.of("10", "9", "x")).names()).containsExactly("10", "9", "x");
    }

    @Test
    void anUnseenLabelNamesItsRow() {
        Labels labels = Labels.of(List.of("billing", "card"));
        assertThatThrownBy(() -> labels.number(new Example(7, "", "", "biling"), ListExamples.table()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("t.csv: row 7: label 'biling' is not among the 2 labels of the training rows (billing, card).")
                .hasMessageContaining("Did you mean 'billing'?");
    }
}
