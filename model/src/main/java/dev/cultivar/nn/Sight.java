package dev.cultivar.nn;

import dev.cultivar.format.CheckpointException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// How far a layer's tokens see: the whole text, or a window around or before them.
enum Sight {
    FULL("full_attention"),
    SLIDING("sliding_attention");

    private static final String KEY = "layer_types";
    private final String word;

    Sight(String word) {
        this.word = word;
    }

    /// What `config.json` calls it.
    String word() {
        return word;
    }

    /// Reads `layer_types`.
    ///
    /// @param layers    how many
    /// @param otherwise of each layer where the file does not say
    static List<Sight> of(ConfigFile config, int layers, IntFunction<Sight> otherwise) {
        Object said = config.values().get(KEY);
        if (said == null) {
            return IntStream.range(0, layers).mapToObj(otherwise).toList();
        }
        if (!(said instanceof List<?> words) || words.size() != layers) {
            throw new CheckpointException(config.place() + ": " + KEY + " must list a type for each of the " + layers + " layers, got " + said);
        }
        List<Sight> sights = new ArrayList<>();
        for (Object word : words) {
            sights.add(of(String.valueOf(word)).orElseThrow(() -> new CheckpointException(config.place() + ": " + KEY + " must be of "
                    + FULL.word + " and " + SLIDING.word + " (nothing else is built), got " + word)));
        }
        return List.copyOf(sights);
    }

    private static Optional<Sight> of(String word) {
        return List.of(values()).stream().filter(sight -> sight.word.equals(word)).findFirst();
    }

    /// As `layer_types` has them.
    static List<String> words(List<Sight> sights) {
        return sights.stream().map(Sight::word).toList();
    }
}
