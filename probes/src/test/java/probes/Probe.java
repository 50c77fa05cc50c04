package probes;

import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeReader;
import dev.cultivar.run.Extensions;
import java.util.List;

/// A recipe and the code that it names.
///
/// @param yaml       the recipe
/// @param extensions what its custom members are
record Probe(String yaml, Extensions extensions) {

    /// A process that is to be killed has nothing but a name to find its probe by.
    static Probe named(String name) {
        return switch (name) {
            case "ring" -> RingProbe.PROBE;
            case "grid" -> GridProbe.PROBE;
            case "digits" -> DigitsProbe.PROBE;
            case "pairs" -> PairsProbe.PROBE;
            default -> throw new IllegalArgumentException(name);
        };
    }

    Recipe recipe(String... overrides) {
        return RecipeReader.read(yaml, "probe.yaml", List.of(overrides));
    }
}
