package dev.cultivar.pictures;

import dev.cultivar.batch.PictureFacts;

/// Takes each channel's mean from its values and divides them by its deviation.
record Normalizer(PictureFacts facts) {

    /// @param values (B, C, H, W) from 0 to 1
    /// @return others, of the same shape
    float[] apply(float[] values) {
        int side = facts.height() * facts.width();
        float[] mean = facts.mean();
        float[] deviation = facts.deviation();
        float[] normal = new float[values.length];
        for (int c = 0; c < facts.channels(); c++) {
            float middle = mean[c];
            float scale = 1 / deviation[c];
            for (int from = c * side; from < values.length; from += facts.channels() * side) {
                for (int i = from; i < from + side; i++) {
                    normal[i] = (values[i] - middle) * scale;
                }
            }
        }
        return normal;
    }
}
