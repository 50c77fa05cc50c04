package dev.cultivar.zoo;

import java.util.Arrays;

/// The line that a pen left, as points so close to each other that straight pieces between them look like a curve.
///
/// Several strokes lie one after the other; `ends` says where each stops.
final class Trace {
    private double[] x;
    private double[] y;
    private int[] ends = new int[4];
    private int size;
    private int strokes;

    Trace(int room) {
        x = new double[room];
        y = new double[room];
    }

    void add(double atX, double atY) {
        if (size == x.length) {
            x = Arrays.copyOf(x, 2 * size);
            y = Arrays.copyOf(y, 2 * size);
        }
        x[size] = atX;
        y[size++] = atY;
    }

    void liftPen() {
        if (strokes == ends.length) {
            ends = Arrays.copyOf(ends, 2 * strokes);
        }
        ends[strokes++] = size;
    }

    int size() {
        return size;
    }

    int strokes() {
        return strokes;
    }

    int start(int stroke) {
        return stroke == 0 ? 0 : ends[stroke - 1];
    }

    int end(int stroke) {
        return ends[stroke];
    }

    double x(int point) {
        return x[point];
    }

    double y(int point) {
        return y[point];
    }

    void move(int point, double toX, double toY) {
        x[point] = toX;
        y[point] = toY;
    }

    double left() {
        return least(x);
    }

    double right() {
        return most(x);
    }

    double top() {
        return least(y);
    }

    double bottom() {
        return most(y);
    }

    double longerSide() {
        return Math.max(right() - left(), bottom() - top());
    }

    /// The centre of mass of the line, `{x, y}`: each straight piece weighs as much as it is long.
    double[] centre() {
        double mass = 0;
        double sumX = 0;
        double sumY = 0;
        for (int stroke = 0; stroke < strokes; stroke++) {
            for (int i = start(stroke) + 1; i < end(stroke); i++) {
                double dx = x[i] - x[i - 1];
                double dy = y[i] - y[i - 1];
                double length = Math.sqrt(dx * dx + dy * dy);
                mass += length;
                sumX += length * (x[i] + x[i - 1]) / 2;
                sumY += length * (y[i] + y[i - 1]) / 2;
            }
        }
        return new double[] {sumX / mass, sumY / mass};
    }

    private double least(double[] values) {
        double least = values[0];
        for (int i = 1; i < size; i++) {
            least = Math.min(least, values[i]);
        }
        return least;
    }

    private double most(double[] values) {
        double most = values[0];
        for (int i = 1; i < size; i++) {
            most = Math.max(most, values[i]);
        }
        return most;
    }
}
