package dev.cultivar.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.report.Block.Cell;
import dev.cultivar.report.Block.Code;
import dev.cultivar.report.Block.Column;
import dev.cultivar.report.Block.Fact;
import dev.cultivar.report.Block.Facts;
import dev.cultivar.report.Block.Heading;
import dev.cultivar.report.Block.LineChart;
import dev.cultivar.report.Block.Paragraph;
import dev.cultivar.report.Block.Point;
import dev.cultivar.report.Block.Series;
import dev.cultivar.report.Block.Table;
import java.util.List;
import org.junit.jupiter.api.Test;

class MarkdownTest {

    @Test
    void everyBlockHasItsForm() {
        var document = new Document("A report", "of two runs", List.of(
                new Heading(2, "Meaning"),
                new Paragraph("full is better"),
                new Table("Scores", List.of(Column.left("strategy"), Column.right("macro_f1")),
                        List.of(List.of(Cell.of("full"), new Cell("0.5", "[0.4, 0.6]", true))), "a note"),
                new LineChart("Loss", "tokens", "nats", List.of(new Series("train",
                        List.of(new Point(0, 6), new Point(1_000_000, 3), new Point(2_000_000, 4)))), false, ""),
                new Code("Use", "sh", "cultivar predict `x`\n", true),
                new Facts("", List.of(new Fact("seed", "17")))));

        assertThat(Markdown.render(document)).isEqualTo("""
                # A report

                of two runs

                ## Meaning

                full is better

                **Scores**

                | strategy | macro_f1 |
                | :-- | --: |
                | full | **0.5** \\[0.4, 0.6\\] |

                a note

                **Loss**

                | curve | first | lowest | highest | last |
                | :-- | --: | --: | --: | --: |
                | train | 6.000 @ 0 | 3.000 @ 1.00M | 6.000 @ 0 | 4.000 @ 2.00M |

                nats @ tokens

                **Use**

                ```sh
                cultivar predict `x`
                ```

                - seed: 17

                """);
    }

    @Test
    void textStaysText() {
        assertThat(Markdown.escape("<script> a|b *c* _d_ e_f [x](y) `z` \\ ~~q~~ &lt;\nnext"))
                .isEqualTo("&lt;script&gt; a\\|b \\*c\\* \\_d\\_ e_f \\[x\\](y) \\`z\\` \\\\ \\~\\~q\\~\\~ &amp;lt; next");
        assertThat(Markdown.escape("# no heading")).isEqualTo("\\# no heading");
        assertThat(Markdown.escape("12. no list")).isEqualTo("12\\. no list");
        assertThat(Markdown.escape("- no list")).isEqualTo("\\- no list");
    }

    @Test
    void aFenceIsLongerThanThoseInside() {
        assertThat(Markdown.fenced("md\nx", "```\n````\n")).isEqualTo("`````mdx\n```\n````\n`````");
    }

    @Test
    void theSampleHoldsItsFortyClasses() {
        assertThat(Markdown.render(SampleReport.document())).contains("| noun.animal | 100 |", "The most frequent mistakes")
                .doesNotContain("<");
    }
}
