package dev.cultivar.recipe;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What is noted while a recipe is read: the mistakes, and, in a survey, the keys that there are.
///
/// A survey reads nothing and takes every branch, so that the table of all keys comes from the very code that reads them.
final class Reading {
    private static final int MOST_TOLD = 100;

    private record Mistake(Place place, String path, String message) {}

    private final List<Mistake> mistakes = new ArrayList<>();
    private final Set<KnownKey> keys = new LinkedHashSet<>();
    private final boolean survey;

    private Reading(boolean survey) {
        this.survey = survey;
    }

    static Reading ofRecipe() {
        return new Reading(false);
    }

    static Reading ofAllKeys() {
        return new Reading(true);
    }

    boolean isSurvey() {
        return survey;
    }

    /// Notes a mistake in the value at `path`; `message` is a sentence without its place.
    void mistake(Place place, String path, String message) {
        if (!survey) {
            mistakes.add(new Mistake(place, path, message));
        }
    }

    void known(KnownKey key) {
        if (survey) {
            keys.add(key);
        }
    }

    /// Whether nothing is wrong with the values at these paths and below them.
    boolean sound(String... paths) {
        return mistakes.stream().noneMatch(mistake -> {
            for (String path : paths) {
                if (mistake.path.equals(path) || mistake.path.startsWith(path + ".")) {
                    return true;
                }
            }
            return false;
        });
    }

    /// How many mistakes there are so far; a check of several values against each other is made where it did not rise.
    int mistakes() {
        return mistakes.size();
    }

    /// All mistakes in the order of the file, then of the overrides.
    RecipeException exception() {
        List<String> told = mistakes.stream()
                .sorted(Comparator.comparing(Mistake::place))
                .map(mistake -> mistake.place.text() + ": " + mistake.message)
                .distinct()
                .toList();
        if (told.size() > MOST_TOLD) {
            int more = told.size() - MOST_TOLD;
            told = new ArrayList<>(told.subList(0, MOST_TOLD));
            told.add("... and " + more + " more");
        }
        return new RecipeException(told);
    }

    List<KnownKey> keys() {
        return List.copyOf(keys);
    }
}
