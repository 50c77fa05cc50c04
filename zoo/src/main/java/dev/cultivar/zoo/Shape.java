package dev.cultivar.zoo;

import java.util.ArrayList;
import java.util.List;

/// One way to write a character: strokes of a pen on a grid of about 100 x 100, and how usual this way is.
record Shape(double weight, List<Stroke> strokes) {

    /// A movement of the pen: the points that it goes through, and at which of them it turns sharply.
    record Stroke(double[] x, double[] y, boolean[] corner) {}

    /// Reads `4 55,0 25,12! 10,50 | 20,30 40,30`: a weight, and strokes with a bar between them.
    static Shape parse(String text) {
        int space = text.indexOf(' ');
        List<Stroke> strokes = new ArrayList<>();
        for (String stroke : text.substring(space).split("\\|")) {
            strokes.add(stroke(stroke.strip().split(" +")));
        }
        return new Shape(Double.parseDouble(text.substring(0, space)), List.copyOf(strokes));
    }

    private static Stroke stroke(String[] points) {
        Stroke stroke = new Stroke(new double[points.length], new double[points.length], new boolean[points.length]);
        for (int i = 0; i < points.length; i++) {
            stroke.corner[i] = points[i].endsWith("!");
            String[] numbers = points[i].replace("!", "").split(",");
            stroke.x[i] = Double.parseDouble(numbers[0]);
            stroke.y[i] = Double.parseDouble(numbers[1]);
        }
        return stroke;
    }

    /// The longer side of the box that holds all points, as a share of the grid: 1 for a digit or a capital, 0.6 for an `o`.
    double share() {
        Trace trace = new Trace(64);
        for (Stroke stroke : strokes) {
            for (int i = 0; i < stroke.x.length; i++) {
                trace.add(stroke.x[i], stroke.y[i]);
            }
        }
        return Math.min(1, trace.longerSide() / 100);
    }
}
