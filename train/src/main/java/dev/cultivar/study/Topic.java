package dev.cultivar.study;

import java.util.List;

/// What a study over label counts asks: which contenders, and what is said of how they did.
interface Topic {

    /// As the command line calls it.
    String name();

    /// What it asks, in a line.
    String line();

    /// Of its table and its report.
    String title();

    /// Names of the networks that are compared where nobody says which.
    default List<String> networks() {
        return List.of("cnn");
    }

    /// Counts of labels where nobody says which.
    default List<Integer> labels() {
        return List.of(100, 1_000);
    }

    /// Those of a network and a count of labels, the one that the others are held against first; the same at every count.
    List<Contender> contenders(Network network, int labels, StudyPictures pictures);

    /// What the table does not say itself: what the pictures are, what is alike in all rows, how settings were chosen.
    String note(StudyPictures pictures);

    /// What was found, in sentences.
    List<String> sentences(LabelRows rows);
}
