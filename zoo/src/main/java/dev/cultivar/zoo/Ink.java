package dev.cultivar.zoo;

import java.util.Arrays;
import java.util.SplittableRandom;

/// Ink on paper: a written line becomes grey values, as broad, dark and soft as pen and scanner make it.
///
/// The line is fitted and placed as in MNIST (LeCun, Bottou, Bengio and Haffner, 1998): its longer side is 20 of 28 pixels, and its centre
/// of mass is the picture's centre. White on black.
record Ink(int side, double box, double width, double right, double down, double soft, double dark) {

    static Ink drawn(int side, SplittableRandom random) {
        double pixel = side / 28.0;
        return new Ink(
                side,
                (20 + 0.5 * Hand.bell(random)) * pixel,
                2.25 * StrictMath.exp(0.29 * Hand.bell(random)) * pixel,
                (random.nextDouble() - 0.5) * pixel,
                (random.nextDouble() - 0.5) * pixel,
                Math.max(0, 0.2 * random.nextDouble() - 0.08), // two of five are not blurred at all
                1 + 0.6 * random.nextDouble());
    }

    /// Grey values, row by row; `share` is how much of the box the shape fills.
    byte[] draw(Trace trace, double share) {
        double scale = (box * share - width) / trace.longerSide();
        double[] centre = trace.centre();
        double shiftX = inside(side / 2.0 + right - scale * centre[0], scale * trace.left(), scale * trace.right());
        double shiftY = inside(side / 2.0 + down - scale * centre[1], scale * trace.top(), scale * trace.bottom());
        for (int point = 0; point < trace.size(); point++) {
            trace.move(point, scale * trace.x(point) + shiftX, scale * trace.y(point) + shiftY);
        }
        double[] squares = new double[side * side];
        Arrays.fill(squares, Double.MAX_VALUE);
        for (int stroke = 0; stroke < trace.strokes(); stroke++) {
            for (int point = trace.start(stroke) + 1; point < trace.end(stroke); point++) {
                near(squares, trace.x(point - 1), trace.y(point - 1), trace.x(point), trace.y(point));
            }
        }
        byte[] grey = new byte[squares.length];
        for (int at = 0; at < grey.length; at++) {
            if (squares[at] < Double.MAX_VALUE) {
                grey[at] = (byte) (255 * Math.clamp(width / 2 + 0.5 - Math.sqrt(squares[at]), 0, 1) + 0.5);
            }
        }
        return soften(grey);
    }

    /// Lowers the squared distance to the line of every pixel's centre that a straight piece comes near. A pixel is covered by
    /// half the pen's width plus a half less its distance, which is exact for a straight edge along a row or column.
    private void near(double[] squares, double ax, double ay, double bx, double by) {
        double reach = width / 2 + 0.5;
        double alongX = bx - ax;
        double alongY = by - ay;
        double perSquare = 1 / Math.max(1e-12, alongX * alongX + alongY * alongY);
        int firstX = Math.max(0, (int) Math.ceil(Math.min(ax, bx) - reach - 0.5));
        int lastX = Math.min(side - 1, (int) Math.floor(Math.max(ax, bx) + reach - 0.5));
        int firstY = Math.max(0, (int) Math.ceil(Math.min(ay, by) - reach - 0.5));
        int lastY = Math.min(side - 1, (int) Math.floor(Math.max(ay, by) + reach - 0.5));
        for (int y = firstY; y <= lastY; y++) {
            for (int x = firstX; x <= lastX; x++) {
                double dx = x + 0.5 - ax;
                double dy = y + 0.5 - ay;
                double t = Math.clamp((dx * alongX + dy * alongY) * perSquare, 0, 1);
                dx -= t * alongX;
                dy -= t * alongY;
                squares[y * side + x] = Math.min(squares[y * side + x], dx * dx + dy * dy);
            }
        }
    }

    /// A shift that leaves no ink outside: a shape whose mass lies far to one side would stick out at the other.
    private double inside(double shift, double least, double most) {
        double edge = width / 2;
        return Math.clamp(shift, edge - least, Math.max(edge - least, side - edge - most));
    }

    /// Each pixel is mixed with its neighbours, weights `soft, 1 - 2 soft, soft` in both directions, and made `dark` times as strong.
    private byte[] soften(byte[] sharp) {
        float[] across = new float[sharp.length];
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                int at = y * side + x;
                int before = x > 0 ? sharp[at - 1] & 0xFF : 0;
                int after = x < side - 1 ? sharp[at + 1] & 0xFF : 0;
                across[at] = (float) ((1 - 2 * soft) * (sharp[at] & 0xFF) + soft * (before + after));
            }
        }
        byte[] grey = new byte[sharp.length];
        for (int at = 0; at < sharp.length; at++) {
            float before = at >= side ? across[at - side] : 0;
            float after = at + side < sharp.length ? across[at + side] : 0;
            double mixed = (1 - 2 * soft) * across[at] + soft * (before + after);
            grey[at] = (byte) Math.min(255, (int) (dark * mixed + 0.5));
        }
        return grey;
    }
}
