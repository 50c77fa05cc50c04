package dev.cultivar.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What texts score, and what first sentences score beside them.
class TextScoresTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            'One of them ran. It was 3.5 miles away. '  | One of them ran.
            ' No end of a sentence'                     | No end of a sentence
            'Did it help? Yes, it did!'                 | Did it help?
            '効果はあった。結果は以下に示す。'               | 効果はあった。
            'هل نجح العلاج؟ نعم.'                        | هل نجح العلاج؟
            'क्या यह काम करता है? हाँ।'                     | क्या यह काम करता है?
            '  '                                        | ''
            """)
    void theFirstSentenceOfAnyLanguage(String text, String first) {
        assertThat(LeadSentence.of(text)).isEqualTo(first);
    }

    @Test
    void firstSentencesStandBesideWhatWasWritten() {
        var scores = new TextScores();
        scores.add("A cat sat. The dog ran off.", "the dog ran", "the dog ran");
        scores.add("The hen is red. So is the fox.", "the hen is red", "a fox");
        Map<String, Metric> metrics = scores.metrics().stream().collect(Collectors.toMap(Metric::name, Function.identity()));
        assertThat(metrics.get("rougeL").value()).isEqualTo(0.5);
        assertThat(metrics.get("lead_sentence_rougeL").value()).isEqualTo(0.5);
        assertThat(metrics.get("lead_sentence_rouge1").value()).isEqualTo(0.5);
        Metric above = metrics.get("rougeL_above_lead_sentence");
        assertThat(above.value()).isCloseTo(0, within(1e-12));
        assertThat(above.low()).as("one row each way: nothing is told apart").isEqualTo(-1);
        var plain = new TextScores();
        plain.add("a", "a");
        assertThat(plain.metrics()).extracting(Metric::name).containsExactly("rouge1", "rouge2", "rougeL", "bleu");
    }
}
