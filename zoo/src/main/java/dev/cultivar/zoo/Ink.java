package dev.cultivar.zoo;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
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
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setColor(Color.WHITE);
        graphics.setStroke(new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(placed(trace, share));
        graphics.dispose();
        return soften(((DataBufferByte) image.getRaster().getDataBuffer()).getData());
    }

    private Path2D placed(Trace trace, double share) {
        double scale = (box * share - width) / trace.longerSide();
        double[] centre = trace.centre();
        double shiftX = inside(side / 2.0 + right - scale * centre[0], scale * trace.left(), scale * trace.right());
        double shiftY = inside(side / 2.0 + down - scale * centre[1], scale * trace.top(), scale * trace.bottom());
        Path2D path = new Path2D.Double(Path2D.WIND_NON_ZERO, trace.size());
        for (int stroke = 0; stroke < trace.strokes(); stroke++) {
            for (int point = trace.start(stroke); point < trace.end(stroke); point++) {
                double x = scale * trace.x(point) + shiftX;
                double y = scale * trace.y(point) + shiftY;
                if (point == trace.start(stroke)) {
                    path.moveTo(x, y);
                } else {
                    path.lineTo(x, y);
                }
            }
        }
        return path;
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
