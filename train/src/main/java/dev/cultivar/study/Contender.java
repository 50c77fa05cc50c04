package dev.cultivar.study;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One way to come to a classifier from a number of labelled pictures, which a study compares with others.
///
/// @param name      as run folders and `--json` call it; no two of a study's alike
/// @param title     for people
/// @param before    the stage before the labelled one, which its run goes on from; empty for none
/// @param recipe    of the labelled stage
/// @param overrides of that recipe, beside the seed, the pictures and how many of them are labelled, which the study gives
/// @param charted   whether it is a curve of the report's charts
record Contender(String name, String title, Optional<Stage> before, String recipe, List<String> overrides, boolean charted) {
    Contender {
        overrides = List.copyOf(overrides);
    }

    /// One that nothing comes before.
    ///
    /// @param pictures of the study, many where they are drawn
    /// @param more     overrides, beside those that name the network and the pictures
    static Contender alone(String name, String title, String recipe, Network network, StudyPictures pictures, String... more) {
        List<String> overrides = new ArrayList<>(network.overrides());
        overrides.addAll(pictures.many());
        overrides.addAll(List.of(more));
        return new Contender(name, title, Optional.empty(), recipe, overrides, true);
    }

    /// The same after a stage.
    Contender after(Stage stage) {
        return new Contender(name, title, Optional.of(stage), recipe, overrides, charted);
    }

    /// What comes before the labels. Those of one name are one run, whatever the number of labels.
    ///
    /// @param name      of its run, beside the network's
    /// @param title     what it is called while it runs
    /// @param recipe    that trains it
    /// @param overrides of that recipe
    /// @param pictures  which it learns from
    /// @param drawn     how many pictures it draws for the labelled stage; 0 where it hands its network on instead, as `backbone.model`
    record Stage(String name, String title, String recipe, List<String> overrides, Pictures pictures, int drawn) {
        Stage {
            overrides = List.copyOf(overrides);
        }

        /// One that hands its network on.
        Stage(String name, String title, String recipe, List<String> overrides, Pictures pictures) {
            this(name, title, recipe, overrides, pictures, 0);
        }

        /// What a stage learns from.
        enum Pictures {
            /// Others than the study's: one run will do for all seeds.
            OTHERS,
            /// The study's own, of which it looks at no label and at no picture that is held out. Each seed holds others out, so each has a run.
            OWN,
            /// Those of the study's own that are labelled, with their labels. Each seed and each count of labels has a run.
            LABELLED
        }

        /// The run's name.
        String run(Network network, int labels, int seed) {
            return "pretrain-" + (name.isEmpty() ? "" : name + "-") + network.name() + switch (pictures) {
                case OTHERS -> "";
                case OWN -> "-" + seed;
                case LABELLED -> "-" + labels + "-" + seed;
            };
        }

        /// What of its run goes into the labelled stage's recipe.
        String handedOn(Path run) {
            return drawn == 0
                    ? "backbone.model=" + run
                    : "data.added=[{generator: '" + run.toString().replace("'", "''") + "', rows: " + drawn + "}]";
        }
    }
}
