package dev.cultivar.study;

import java.util.List;

/// One of the ways to post-train that are compared.
///
/// @param name      as tables and `--json` call it
/// @param title     for people
/// @param overrides of the recipe
/// @param pretrained whether it starts from the pretrained weights
record Candidate(String name, String title, List<String> overrides, boolean pretrained) {

    /// From scratch first: what the others are measured against.
    static final List<Candidate> ALL = List.of(
            new Candidate("from_scratch", "from scratch", List.of("backbone.weights=random", "strategy=full"), false),
            new Candidate("feature_extraction", "feature extraction", List.of("strategy=feature_extraction"), true),
            new Candidate("partial", "partial (last layer)", List.of("strategy={kind: partial, trained: 1}"), true),
            new Candidate("gradual", "gradual unfreezing", List.of("strategy={kind: gradual, every: {epochs: 2}}"), true),
            new Candidate("full", "full fine-tuning", List.of("strategy=full"), true));

    /// The same search for each.
    static final List<String> LEARNING_RATES = List.of("5e-4", "1e-3", "2e-3", "8e-3");

    String run(String learningRate) {
        return name + "-" + learningRate;
    }
}
