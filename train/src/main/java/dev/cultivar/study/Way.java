package dev.cultivar.study;

import java.util.Locale;

/// Which layers of a pretrained network are trained on the labelled pictures.
enum Way {
    FULL("all layers"),
    UPPER("first layers frozen"),
    DENSE("dense layers only");

    private final String title;

    Way(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Of the labelled stage's recipe.
    String override(Network network) {
        return "strategy=" + switch (this) {
            case FULL -> "full";
            case UPPER -> network.upper();
            case DENSE -> network.dense();
        };
    }
}
