package dev.cultivar.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cultivar.format.JsonFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswerScoresTest {

    @Test
    void caseArticlesPunctuationAndSpacesAreNoDifference() {
        assertThat(AnswerScores.normal("The  Old\u00a0Boat!")).isEqualTo("old boat");
        assertThat(AnswerScores.normal("A theatre, an anthem")).isEqualTo("theatre anthem");
        assertThat(AnswerScores.exact("river-boat", "riverboat")).isTrue();
        assertThat(AnswerScores.f1("in 1998, Paris", "Paris")).isCloseTo(0.5, within(1e-12));
        assertThat(AnswerScores.f1("paris paris", "Paris")).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(AnswerScores.f1("the", "a")).isEqualTo(1);
        assertThat(AnswerScores.f1("", "paris")).isZero();
    }

    @Test
    void ofSeveralAnswersTheBestCountsAndNothingIsRightWhereNothingIs() {
        AnswerScores scores = AnswerScores.of(List.of("1998", "", "Rome"), List.of(List.of("Paris", "1998"), List.of(), List.of()));
        assertThat(scores.exact()).containsExactly(1, 1, 0);
        assertThat(scores.f1()).containsExactly(1, 1, 0);
        assertThat(scores.metrics()).extracting(Metric::name)
                .containsExactly("exact_match", "f1", "answerable_exact_match", "answerable_f1", "unanswerable_exact_match");
        assertThat(scores.metrics()).extracting(Metric::value).satisfies(values -> assertThat(values.get(4)).isEqualTo(0.5));
        assertThat(AnswerScores.of(List.of("x"), List.of(List.of("x"))).metrics()).extracting(Metric::name).containsExactly("exact_match", "f1");
    }

    /// The numbers of the golden case of texts.
    @Test
    void theyAreTheSquadScriptsNumbers() {
        Path file = Path.of(System.getProperty("cultivar.root", ".")).resolve("../shared/fixtures/metrics-text/case.json");
        assumeTrue(Files.exists(file), "golden case " + file + " is absent");
        Map<?, ?> values = (Map<?, ?>) JsonFiles.read(file).get("values");
        List<String> answers = new ArrayList<>();
        List<List<String>> gold = new ArrayList<>();
        for (Object each : (List<?>) values.get("answers")) {
            answers.add(String.valueOf(((List<?>) each).getFirst()));
            gold.add(((List<?>) ((List<?>) each).get(1)).stream().map(String::valueOf).toList());
        }
        AnswerScores scores = AnswerScores.of(answers, gold);
        Map<?, ?> squad = (Map<?, ?>) values.get("squad");
        assertThat(scores.exact()).containsExactly(numbers(squad.get("exact")));
        assertThat(scores.f1()).containsExactly(numbers(squad.get("f1")), within(1e-9));
    }

    private static double[] numbers(Object list) {
        return ((List<?>) list).stream().mapToDouble(each -> ((Number) each).doubleValue()).toArray();
    }
}
