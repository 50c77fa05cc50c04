package dev.cultivar.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Beam search over tables of probabilities: 0 ends a text.
class BeamsTest {
    private static final Set<Integer> END = Set.of(0);

    private static float[] logs(double... shares) {
        float[] logs = new float[shares.length];
        for (int i = 0; i < logs.length; i++) {
            logs[i] = (float) Math.log(shares[i]);
        }
        return logs;
    }

    /// The likeliest first token leads to a worse text than the second.
    @Test
    void aTextThatStartsLessLikelyMayWin() {
        var beams = new Beams(Writing.greedy(2).withBeams(2, 1), END);
        float[] first = logs(0.01, 0.5, 0.49);
        beams.advance(new float[][] {first, first});
        assertThat(beams.text(0)).containsExactly(1);
        assertThat(beams.text(1)).containsExactly(2);
        beams.advance(new float[][] {logs(0.3, 0.35, 0.35), logs(0.01, 0.98, 0.01)});
        assertThat(beams.going()).isFalse();
        assertThat(beams.continuation().tokens()).containsExactly(2, 1);
        assertThat(beams.continuation().why()).isEqualTo(Continuation.Why.LENGTH);
    }

    /// A short text of 0.5 against one of three tokens of 0.3 in all: by its mean the longer is the likelier.
    @Test
    void lengthPenaltyDecidesBetweenShortAndLong() {
        assertThat(said(1)).containsExactly(1, 1);
        assertThat(said(0)).isEmpty();
    }

    private static int[] said(double penalty) {
        var beams = new Beams(Writing.greedy(3).withBeams(2, penalty), END);
        float[] first = logs(0.5, 0.49, 0.01);
        beams.advance(new float[][] {first, first});
        for (int step = 0; step < 2 && beams.going(); step++) {
            float[] ends = logs(0.6, 0.39, 0.01);
            float[] goes = logs(0.01, 0.98, 0.01);
            beams.advance(step == 0 ? new float[][] {goes, goes} : new float[][] {ends, ends});
        }
        return beams.continuation().tokens();
    }

    @Test
    void whatMayNotComeIsTakenOut() {
        float[] logits = {1, 2, 3, 4, 5};
        Writing.greedy(5).withLeastTokens(2).filter(logits, 3, new int[] {4}, END);
        assertThat(logits).containsExactly(Float.NEGATIVE_INFINITY, 2, 3, 4, 5);
        Writing.greedy(5).withNoRepeat(2).filter(logits, 3, new int[] {4, 1, 3}, END);
        assertThat(logits[4]).as("3 4 stood there already").isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(logits[1]).isEqualTo(2);
        Writing.greedy(3).withForced(2, -1).filter(logits, 3, new int[0], END);
        assertThat(logits).containsExactly(Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, 0, Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY);
        float[] last = {1, 2, 3};
        Writing.greedy(3).withForced(-1, 0).filter(last, 1, new int[] {1, 1}, END);
        assertThat(last[0]).isZero();
        assertThat(Arrays.copyOfRange(last, 1, 3)).containsOnly(Float.NEGATIVE_INFINITY);
    }

    @Test
    void limitsAreChecked() {
        assertThatThrownBy(() -> Writing.greedy(0)).hasMessageContaining("tokens must be at least 1, got 0");
        assertThatThrownBy(() -> Writing.greedy(5).withBeams(0, 1)).hasMessageContaining("beams");
        assertThatThrownBy(() -> Writing.greedy(5).withLeastTokens(5)).hasMessageContaining("below tokens, 5");
    }
}
