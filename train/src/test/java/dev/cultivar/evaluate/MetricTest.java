package dev.cultivar.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MetricTest {

    @Test
    void betterFollowsTheDirection() {
        var high = new Metric("loss", 2, 1, 3, Direction.LOWER);
        var low = new Metric("loss", 1, 1, 1, Direction.LOWER);

        assertThat(Metric.better(low, high)).isTrue();
        assertThat(Metric.better(high, low)).isFalse();
        assertThat(Metric.better(low, low)).isFalse();
        assertThat(Direction.HIGHER.better(Double.NaN, 0)).isFalse();
        assertThat(Direction.LOWER.better(0, Double.NaN)).isTrue();
    }

    @Test
    void differentMetricsAreNotCompared() {
        assertThatThrownBy(() -> Metric.better(new Metric("a", 0, 0, 0, Direction.LOWER), new Metric("b", 0, 0, 0, Direction.LOWER)))
                .hasMessageContaining("not the same metric");
    }

    @Test
    void anIntervalHoldsItsValue() {
        assertThatThrownBy(() -> new Metric("a", 0, 1, 2, Direction.LOWER)).hasMessageContaining("does not hold");
    }
}
