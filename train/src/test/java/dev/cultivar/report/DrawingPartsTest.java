package dev.cultivar.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.report.Block.Point;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DrawingPartsTest {

    @Test
    void ticksAreRoundNumbers() {
        assertThat(labels(Axis.linear(0, 12e6, 6, false))).containsExactly("0", "2M", "4M", "6M", "8M", "10M", "12M");
        assertThat(labels(Axis.linear(3.42, 6.31, 6, true))).containsExactly("3.0", "3.5", "4.0", "4.5", "5.0", "5.5", "6.0", "6.5");
        assertThat(labels(Axis.linear(-0.1, 0.1, 4, true))).containsExactly("-0.10", "-0.05", "0", "0.05", "0.10");
        assertThat(labels(Axis.log(50, 5_000, 8))).containsExactly("50", "100", "200", "500", "1,000", "2,000", "5,000");
        assertThat(labels(Axis.log(1e-5, 1, 5))).hasSizeBetween(3, 6);
        assertThat(labels(Axis.linear(7, 7, 5, true))).containsExactly("2", "4", "6", "8", "10", "12");
    }

    @Test
    void anAxisPutsItsEndsAtItsEnds() {
        for (Axis axis : List.of(Axis.linear(3, 8, 5, true), Axis.log(3, 800, 5), Axis.linear(0, 0, 5, true), Axis.log(5, 5, 5))) {
            assertThat(axis.place(axis.from())).isZero();
            assertThat(axis.place(axis.to())).isEqualTo(1);
        }
    }

    @Test
    void labelsMoveApartAndStayInside() {
        double[] at = {10, 11, 12, 95, 96};
        Charts.spread(at, 10, 0, 100);

        assertThat(at).containsExactly(10, 20, 30, 90, 100);
    }

    @Test
    void thinningKeepsEndsAndPeaks() {
        List<Point> points = IntStream.range(0, 5_000).mapToObj(i -> new Point(i, i == 3_333 ? 100 : Math.sin(i / 300.0))).toList();
        List<Point> thin = Thinning.thin(points, 200);

        assertThat(thin).hasSize(200).contains(points.get(3_333)).startsWith(points.getFirst()).endsWith(points.getLast());
        assertThat(thin).extracting(Point::x).isSorted();
        assertThat(Thinning.thin(points.subList(0, 50), 200)).hasSize(50);
    }

    @Test
    void numbersReadWell() {
        assertThat(Numbers.fixed(-0.001, 2)).isEqualTo("0.00");
        assertThat(Numbers.fixed(Double.NEGATIVE_INFINITY, 2)).isEqualTo("-∞");
        assertThat(Numbers.compact(0.0012345)).isEqualTo("0.001235");
        assertThat(Numbers.compact(12_340_000)).isEqualTo("12.34M");
        assertThat(Numbers.compact(0.5081, 3)).isEqualTo("0.508");
        assertThat(Markup.number(12)).isEqualTo("12");
        assertThat(Markup.number(0.5)).isEqualTo("0.5");
    }

    private static List<String> labels(Axis axis) {
        return axis.ticks().stream().map(Axis.Tick::label).toList();
    }
}
