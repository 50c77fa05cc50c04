package dev.cultivar.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.report.Block.Cell;
import dev.cultivar.report.Block.Column;
import dev.cultivar.report.Block.Table;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {

    @Test
    void numbersStandOnTheirDecimalPointAndIntervalsBelowEachOther() {
        var table = new Table("Strategies", List.of(Column.left("strategy"), Column.right("accuracy"), Column.right("seconds")), List.of(
                List.of(Cell.of("full"), new Cell("0.508", "[0.49, 0.52]", true), Cell.of("123.5 s")),
                List.of(Cell.of("feature extraction"), new Cell("0.4", "[0.3, 0.5]", false), Cell.of("9 s")),
                List.of(Cell.of("none"), Cell.of("not measurable"), Cell.of("1,009.25 s"))), "a note");

        assertThat(TextTable.render(table)).isEqualTo("""
                Strategies
                strategy                                accuracy     seconds
                ──────────────────  ────────────────────────────  ──────────
                full                         0.508* [0.49, 0.52]    123.5  s
                feature extraction           0.4    [0.3, 0.5]        9    s
                none                not measurable                1,009.25 s
                a note
                """);
    }

    @Test
    void wideAndCombiningCharactersKeepTheColumnsStraight() {
        var table = new Table("", List.of(Column.left("名前"), Column.right("n")), List.of(
                List.of(Cell.of("日本語"), Cell.of("1")), List.of(Cell.of("e\u0301a"), Cell.of("22")), List.of(Cell.of("😀"), Cell.of("3"))), "");

        assertThat(TextTable.render(table)).isEqualTo("名前     n\n──────  ──\n日本語   1\ne\u0301a      22\n😀       3\n");
    }

    @Test
    void aCellCannotMoveTheCursor() {
        var table = new Table("", List.of(Column.left("label")), List.of(List.of(Cell.of("a\u001b[2J\r\nb\u0007"))), "");

        assertThat(TextTable.render(table)).isEqualTo("label\n───────\na\uFFFD[2J  b\uFFFD\n".replace("───────", "─────────"));
    }
}
