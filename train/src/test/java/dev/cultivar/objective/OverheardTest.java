package dev.cultivar.objective;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.evaluate.Probabilities;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverheardTest {

    /// One that is left out would answer for no objective at all.
    @Test
    void everyQuestionGoesToTheObjective() {
        List<String> answered = Arrays.stream(MeasuredOtherwise.class.getDeclaredMethods()).map(OverheardTest::signature).toList();
        assertThat(answered).containsAll(Arrays.stream(Objective.class.getMethods()).map(OverheardTest::signature).toList());
    }

    private static String signature(Method method) {
        return method.getName() + Arrays.toString(method.getParameterTypes());
    }

    @Test
    void wrongAnswersComeByTheirProbability() {
        var answers = new Answers(
                List.of("a", "b", "c"),
                new int[] {0, 1, 2, 0, 1},
                new int[] {0, 0, 1, 2, 0},
                new Probabilities(3, new float[] {1, 0, 0, 0.6f, 0.4f, 0, 0, 0.9f, 0.1f, 0, 0, 1, 0.6f, 0.2f, 0.2f}),
                new long[] {10, 14, 12, 13, 11});
        assertThat(answers.misread(3)).extracting(Answers.Misread::row).containsExactly(13L, 12L, 11L);
        assertThat(answers.misread(9)).hasSize(4).last().extracting(Answers.Misread::row).isEqualTo(14L);
        assertThat(answers.misread(1).getFirst()).isEqualTo(new Answers.Misread(13, 0, 2, 1));
        assertThat(answers.confusion().count(1, 0)).isEqualTo(2);
    }
}
