package dev.cultivar.nn;

import dev.cultivar.format.CheckpointException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// How many tokens a token of a layer with a sliding window sees, itself included (Beltagy et al., 2020, section 3.1): the key
/// `sliding_window` of a decoder's `config.json`.
final class Window {
    private static final String KEY = "sliding_window";

    private Window() {}

    /// @param otherwise where the file does not say; a null there says that there is none
    static OptionalInt of(ConfigFile config, int otherwise) {
        if (config.values().containsKey(KEY) && config.values().get(KEY) == null) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(config.positive(KEY, otherwise));
    }

    /// Refuses layers that need a window where there is none.
    static void requireFor(ConfigFile config, List<Sight> sights, OptionalInt window) {
        if (sights.contains(Sight.SLIDING) && window.isEmpty()) {
            throw new CheckpointException(config.place() + ": layer_types has layers of " + Sight.SLIDING.word() + ", so " + KEY
                    + " must be a whole number above 0 (and use_sliding_window true, where the family has it), but it gives none");
        }
    }

    static void into(Map<String, Object> json, OptionalInt window) {
        json.put(KEY, window.isPresent() ? window.getAsInt() : null);
    }
}
