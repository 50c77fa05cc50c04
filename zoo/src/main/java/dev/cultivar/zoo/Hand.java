package dev.cultivar.zoo;

import java.util.SplittableRandom;

/// A hand that writes no shape twice alike: it misses the points a little, bends the paper, slants, turns and stretches.
///
/// The bending is a smooth random field of displacements in the spirit of Simard, Steinkraus and Platt (2003, "Best practices for
/// convolutional neural networks applied to visual document analysis"). Theirs is noise of every pixel smoothed by a Gaussian; ours is
/// noise on a coarse lattice smoothed by cubic B-splines, which moves the few points of a line and not all pixels.
///
/// All functions are exact or of `StrictMath`, so every machine writes the same line.
final class Hand {
    private static final int PIECES = 8; // straight pieces between two points of a stroke
    private static final int LATTICE = 8;
    private static final double CELL = 36; // width of a lattice's cell; the lattice begins at -CELL * 2
    private static final double MISS = 3.2; // standard deviation by which a point is missed, of 100
    private static final double BEND = 11; // standard deviation of a lattice point's displacement; smoothing halves it

    private final SplittableRandom random;
    private final double[] bendX = new double[LATTICE * LATTICE];
    private final double[] bendY = new double[LATTICE * LATTICE];
    private final double miss;

    Hand(SplittableRandom random) {
        this.random = random;
        double care = 0.4 + 1.2 * random.nextDouble(); // some write neatly, some do not
        miss = MISS * care;
        for (int i = 0; i < bendX.length; i++) {
            bendX[i] = BEND * care * bell(random);
            bendY[i] = BEND * care * bell(random);
        }
    }

    /// A bell curve's number with mean 0 and variance 1 that never exceeds 3.5: the sum of four uniform ones.
    static double bell(SplittableRandom random) {
        double sum = random.nextDouble() + random.nextDouble() + random.nextDouble() + random.nextDouble();
        return (sum - 2) * 1.7320508075688772; // the sum's variance is 4 / 12
    }

    Trace write(Shape shape) {
        Trace trace = new Trace(160);
        for (Shape.Stroke stroke : shape.strokes()) {
            double[] x = missed(stroke.x());
            double[] y = missed(stroke.y());
            int from = 0;
            for (int to = 1; to < x.length; to++) {
                if (stroke.corner()[to] || to == x.length - 1) {
                    curve(x, y, from, to, trace);
                    from = to;
                }
            }
            trace.liftPen();
        }
        bend(trace);
        slant(trace);
        return trace;
    }

    private double[] missed(double[] points) {
        double[] missed = points.clone();
        for (int i = 0; i < missed.length; i++) {
            missed[i] += miss * bell(random);
        }
        return missed;
    }

    /// A centripetal Catmull-Rom spline (Yuksel, Schaefer and Keyser, 2011) through the points `from..to`: a cubic between each two of
    /// them, without the loops and overshoot that equal spacing in time gives where points lie at unequal distances.
    private static void curve(double[] x, double[] y, int from, int to, Trace trace) {
        for (int i = from; i < to; i++) {
            // beyond the ends the curve goes on as a mirror image of its first and last piece
            double beforeX = i > from ? x[i - 1] : 2 * x[i] - x[i + 1];
            double beforeY = i > from ? y[i - 1] : 2 * y[i] - y[i + 1];
            double afterX = i + 1 < to ? x[i + 2] : 2 * x[i + 1] - x[i];
            double afterY = i + 1 < to ? y[i + 2] : 2 * y[i + 1] - y[i];
            double first = step(beforeX, beforeY, x[i], y[i]);
            double middle = step(x[i], y[i], x[i + 1], y[i + 1]);
            double last = step(x[i + 1], y[i + 1], afterX, afterY);
            double outX = tangent(beforeX, x[i], x[i + 1], first, middle, middle);
            double outY = tangent(beforeY, y[i], y[i + 1], first, middle, middle);
            double inX = tangent(x[i], x[i + 1], afterX, middle, last, middle);
            double inY = tangent(y[i], y[i + 1], afterY, middle, last, middle);
            for (int piece = i == 0 ? 0 : 1; piece <= PIECES; piece++) {
                double at = (double) piece / PIECES;
                trace.add(hermite(x[i], x[i + 1], outX, inX, at), hermite(y[i], y[i + 1], outY, inY, at));
            }
        }
    }

    /// The slope at the middle one of three values that are `first` and `second` apart in time, for a piece that takes `time`.
    private static double tangent(double a, double b, double c, double first, double second, double time) {
        return time * ((b - a) / first - (c - a) / (first + second) + (c - b) / second);
    }

    /// The cubic with these values and slopes at its ends.
    private static double hermite(double a, double b, double slopeA, double slopeB, double t) {
        double u = 1 - t;
        return a * (1 + 2 * t) * u * u + b * (3 - 2 * t) * t * t + slopeA * t * u * u - slopeB * t * t * u;
    }

    private static double step(double ax, double ay, double bx, double by) {
        double square = (bx - ax) * (bx - ax) + (by - ay) * (by - ay);
        return Math.max(1e-3, Math.sqrt(Math.sqrt(square))); // centripetal: time is the root of the distance
    }

    private void bend(Trace trace) {
        double[] acrossWeights = new double[4];
        double[] downWeights = new double[4];
        for (int point = 0; point < trace.size(); point++) {
            int across = weights(trace.x(point), acrossWeights);
            int down = weights(trace.y(point), downWeights);
            double dx = 0;
            double dy = 0;
            for (int row = 0; row < 4; row++) {
                for (int column = 0; column < 4; column++) {
                    double weight = downWeights[row] * acrossWeights[column];
                    int node = (down + row) * LATTICE + across + column;
                    dx += weight * bendX[node];
                    dy += weight * bendY[node];
                }
            }
            trace.move(point, trace.x(point) + dx, trace.y(point) + dy);
        }
    }

    /// The weights of a uniform cubic B-spline for the four lattice points around a place, and the first of the four.
    private static int weights(double place, double[] weights) {
        double at = Math.clamp(place / CELL + 1, 0, LATTICE - 3.001);
        int cell = (int) at;
        double t = at - cell;
        double u = 1 - t;
        weights[0] = u * u * u / 6;
        weights[1] = (3 * t * t * t - 6 * t * t + 4) / 6;
        weights[2] = (3 * u * u * u - 6 * u * u + 4) / 6;
        weights[3] = t * t * t / 6;
        return cell;
    }

    private void slant(Trace trace) {
        double turn = 0.11 * bell(random);
        double shear = 0.18 + 0.24 * bell(random); // most people lean to the right
        double wide = StrictMath.exp(-0.05 + 0.24 * bell(random));
        double cos = StrictMath.cos(turn);
        double sin = StrictMath.sin(turn);
        for (int point = 0; point < trace.size(); point++) {
            double x = wide * trace.x(point) - shear * trace.y(point);
            double y = trace.y(point);
            trace.move(point, cos * x - sin * y, sin * x + cos * y);
        }
    }
}
