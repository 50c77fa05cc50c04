package dev.cultivar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleTest {
    private final Captured seen = new Captured();

    @Test
    void resultsAndTheRestGoApart() {
        Console console = seen.console(false);
        console.line("result");
        console.document(Map.of("not", "asked for"));
        console.note("remark");
        assertThat(seen.out()).isEqualToNormalizingNewlines("result\n");
        assertThat(seen.err()).isEqualToNormalizingNewlines("remark\n");
    }

    @Test
    void forProgramsThereIsOneDocument() {
        Console console = seen.console(false).forJson();
        console.line("for people");
        console.document(Map.of("text", "é"));
        assertThat(seen.out()).isEqualToIgnoringWhitespace("{\"text\": \"é\"}");
        assertThat(seen.err()).contains("for people");
    }

    @Test
    void progressIsAPlainLineNowAndThenWhenPiped() {
        Console console = seen.console(false);
        for (long step = 1; step <= 100; step++) {
            console.progress(at(step, 100));
            seen.passMillis(100);
        }
        // At the start, after 5 s, and at the end.
        assertThat(seen.errLines()).hasSize(3);
        assertThat(seen.errLines().getFirst())
                .isEqualTo("pretrain: step 1/100  51,234 tokens/s  loss 4.2500  1:05 left");
        assertThat(seen.errLines().getLast()).isEqualTo("pretrain: step 100/100  51,234 tokens/s  loss 4.2500");
        assertThat(seen.out()).isEmpty();
    }

    @Test
    void progressIsABarThatRedrawsItselfOnATerminal() {
        Console console = seen.console(true);
        console.progress(at(1, 4));
        console.progress(at(2, 4)); // too soon
        seen.passMillis(200);
        console.progress(at(3, 4));
        console.note("remark");
        assertThat(seen.err().split("\r")).hasSize(3);
        assertThat(seen.err()).contains("[=====>              ]  25 %", "[===============>    ]  75 %").doesNotContain("50 %");
        assertThat(seen.errLines().getLast()).isEqualTo("remark");
    }

    @Test
    void anotherStageIsShownAtOnce() {
        Console console = seen.console(false);
        console.progress(at(1, 100));
        console.progress(new Progress("full", 1, 50, 10, "rows", Double.NaN, Duration.ofHours(2)));
        assertThat(seen.errLines()).last().isEqualTo("full: step 1/50  10 rows/s  2:00:00 left");
    }

    private static Progress at(long step, long steps) {
        return new Progress("pretrain", step, steps, 51_234, "tokens", 4.25, Duration.ofSeconds(65));
    }
}
