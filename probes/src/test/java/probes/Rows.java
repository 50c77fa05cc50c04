package probes;

/// Arrays as batches want them.
final class Rows {
    private Rows() {}

    static float[] floats(double... values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /// A row of zeros with a one for each number.
    static float[] oneHot(int classes, double... numbers) {
        float[] rows = new float[classes * numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            rows[classes * i + (int) numbers[i]] = 1;
        }
        return rows;
    }
}
