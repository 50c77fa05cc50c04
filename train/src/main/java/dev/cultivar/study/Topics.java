package dev.cultivar.study;

import java.util.List;
import java.util.Optional;

/// The studies over label counts that there are.
final class Topics {
    static final List<Topic> ALL = List.of(
            new PretrainedOnDrawings(), new PretrainedWithoutLabels(), new SemiSupervised(), new GenerativeClassifier(), new GenerativeAugmentation());

    private Topics() {}

    static Optional<Topic> named(String name) {
        return ALL.stream().filter(topic -> topic.name().equals(name)).findFirst();
    }

    static List<String> names() {
        return ALL.stream().map(Topic::name).toList();
    }
}
