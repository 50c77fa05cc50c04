package dev.cultivar.nn;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// Which layers of a Qwen see through a window: those from `max_window_layers` on, where `use_sliding_window` says so.
///
/// @param sights of each layer
/// @param window how many tokens a token of a sliding layer sees, itself included
record QwenSights(List<Sight> sights, OptionalInt window) {
    private static final String USED = "use_sliding_window";

    static QwenSights of(ConfigFile config, int layers) {
        OptionalInt window = config.flag(USED, false) ? Window.of(config, 4096) : OptionalInt.empty();
        int from = config.whole("max_window_layers", 28);
        List<Sight> sights = Sight.of(config, layers, i -> window.isPresent() && i >= from ? Sight.SLIDING : Sight.FULL);
        Window.requireFor(config, sights, window);
        return new QwenSights(sights, window);
    }

    void into(Map<String, Object> json) {
        json.put("layer_types", Sight.words(sights));
        json.put(USED, window.isPresent());
        Window.into(json, window);
    }
}
