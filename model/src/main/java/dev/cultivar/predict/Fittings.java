package dev.cultivar.predict;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.text.Fitting;
import java.util.LinkedHashMap;
import java.util.Map;

/// What becomes of long texts, as `config.json` says it in `cultivar.long`.
public final class Fittings {
    /// The key among Cultivar's own.
    public static final String KEY = "long";

    private Fittings() {}

    /// The value of the key.
    public static Map<String, Object> json(Fitting fitting) {
        Map<String, Object> json = new LinkedHashMap<>();
        switch (fitting) {
            case Fitting.Truncate() -> json.put("kind", "truncate");
            case Fitting.HeadTail(double head) -> {
                json.put("kind", "head_tail");
                json.put("head", head);
            }
            case Fitting.Chunk(int stride) -> {
                json.put("kind", "chunk");
                json.put("stride", stride);
            }
        }
        return json;
    }

    /// As in training; a folder that says nothing cuts the end off.
    static Fitting of(ModelFolder folder) {
        Object said = folder.extra().get(KEY);
        if (said == null) {
            return new Fitting.Truncate();
        }
        if (said instanceof Map<?, ?> map) {
            if ("truncate".equals(map.get("kind"))) {
                return new Fitting.Truncate();
            }
            if ("head_tail".equals(map.get("kind")) && map.get("head") instanceof Number head && head.doubleValue() >= 0 && head.doubleValue() <= 1) {
                return new Fitting.HeadTail(head.doubleValue());
            }
            if ("chunk".equals(map.get("kind")) && map.get("stride") instanceof Number stride && stride.intValue() >= 0) {
                return new Fitting.Chunk(stride.intValue());
            }
        }
        throw new CheckpointException(folder.config().place() + ": cultivar." + KEY + " must be truncate, head_tail with its head, or chunk with its "
                + "stride, got " + said);
    }
}
