package dev.cultivar.recipe;

import java.util.List;

/// A recipe that cannot be run as it stands; the message lists every mistake that was found, one a line.
public final class RecipeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> mistakes;

    public RecipeException(String mistake) {
        this(List.of(mistake));
    }

    public RecipeException(List<String> mistakes) {
        super(String.join("\n", mistakes));
        this.mistakes = List.copyOf(mistakes);
    }

    /// One sentence a mistake, each with its place.
    public List<String> mistakes() {
        return mistakes;
    }
}
