package dev.cultivar.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class StrokesTest {

    @Test
    void everyCharacterHasAShapeOfStrokesOnTheGrid() {
        for (String character : Alphabet.CHARACTERS.labels()) {
            assertThat(Strokes.of(character)).as(character).isNotEmpty();
            for (Shape shape : Strokes.of(character)) {
                assertThat(shape.weight()).isPositive();
                assertThat(shape.share()).isBetween(0.5, 1.0);
                for (Shape.Stroke stroke : shape.strokes()) {
                    assertThat(stroke.x().length).isGreaterThan(1);
                    assertThat(Arrays.stream(stroke.x())).allMatch(x -> x >= 0 && x <= 100);
                    assertThat(Arrays.stream(stroke.y())).allMatch(y -> y >= 0 && y <= 140);
                }
            }
        }
        assertThatThrownBy(() -> Strokes.of("!")).hasMessageContaining("no shape for !");
    }

    @Test
    void digitsAreWrittenInSeveralWays() {
        assertThat(Alphabet.DIGITS.labels()).allSatisfy(digit -> assertThat(Strokes.of(digit)).hasSizeGreaterThan(4));
    }

    @Test
    void shapesAreChosenInProportionToTheirWeights() {
        assertThat(Strokes.choose("A", 0)).isSameAs(Strokes.of("A").getFirst());
        assertThat(Strokes.choose("A", 0.66)).isSameAs(Strokes.of("A").getFirst());
        assertThat(Strokes.choose("A", 0.67)).isSameAs(Strokes.of("A").get(1));
        assertThat(Strokes.choose("A", Math.nextDown(1.0))).isSameAs(Strokes.of("A").getLast());
    }

    @Test
    void aShapeIsReadFromPointsCornersAndBars() {
        Shape shape = Shape.parse("1.5 0,10 20,30! 40,5 | 7,8 9,50");
        assertThat(shape.weight()).isEqualTo(1.5);
        assertThat(shape.strokes()).hasSize(2);
        assertThat(shape.strokes().getFirst().x()).containsExactly(0, 20, 40);
        assertThat(shape.strokes().getFirst().corner()).containsExactly(false, true, false);
        assertThat(shape.strokes().getLast().y()).containsExactly(8, 50);
        assertThat(shape.share()).isEqualTo(0.45);
    }

    @Test
    void aPenIsLiftedBetweenStrokesAndALineHasNoGap() {
        Trace trace = new Hand(new SplittableRandom(4)).write(Shape.parse("1 0,0 50,0! 50,50 0,50 | 0,100 100,100"));
        assertThat(trace.strokes()).isEqualTo(2);
        assertThat(trace.end(0) - trace.start(0)).isEqualTo(3 * 8 + 1);
        assertThat(trace.end(1) - trace.start(1)).isEqualTo(8 + 1);
        for (int point = 1; point < trace.end(0); point++) {
            assertThat(Math.hypot(trace.x(point) - trace.x(point - 1), trace.y(point) - trace.y(point - 1))).isLessThan(30);
        }
    }

    @Test
    void theBellHasMeanZeroAndVarianceOne() {
        SplittableRandom random = new SplittableRandom(1);
        double[] draws = DoubleStream.generate(() -> Hand.bell(random)).limit(20_000).toArray();
        double mean = 0;
        double square = 0;
        for (double draw : draws) {
            mean += draw / draws.length;
            square += draw * draw / draws.length;
        }
        assertThat(mean).isBetween(-0.03, 0.03);
        assertThat(square).isBetween(0.96, 1.04);
    }
}
