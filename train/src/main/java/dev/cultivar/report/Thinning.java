package dev.cultivar.report;

import dev.cultivar.report.Block.Point;
import java.util.ArrayList;
import java.util.List;

/// Fewer points that look the same: of each stretch of a curve the point is kept that spans the largest triangle with its
/// neighbours, so peaks stay (Steinarsson, 2013, "Downsampling time series for visual representation", section 4.2).
final class Thinning {

    private Thinning() {}

    static List<Point> thin(List<Point> points, int most) {
        int n = points.size();
        if (n <= most || most < 3) {
            return points;
        }
        List<Point> kept = new ArrayList<>(most);
        Point previous = points.getFirst();
        kept.add(previous);
        double stretch = (n - 2.0) / (most - 2);
        for (int k = 0; k < most - 2; k++) {
            int from = 1 + (int) (k * stretch);
            int to = 1 + (int) ((k + 1) * stretch);
            Point next = mean(points, to, Math.min(n, Math.max(to + 1, 1 + (int) ((k + 2) * stretch))));
            Point best = points.get(from);
            double largest = -1;
            for (int i = from; i < to; i++) {
                Point p = points.get(i);
                double area = Math.abs((previous.x() - next.x()) * (p.y() - previous.y())
                        - (previous.x() - p.x()) * (next.y() - previous.y()));
                if (area > largest) {
                    largest = area;
                    best = p;
                }
            }
            kept.add(best);
            previous = best;
        }
        kept.add(points.getLast());
        return kept;
    }

    private static Point mean(List<Point> points, int from, int to) {
        double x = 0;
        double y = 0;
        for (int i = from; i < to; i++) {
            x += points.get(i).x();
            y += points.get(i).y();
        }
        return new Point(x / (to - from), y / (to - from));
    }
}
