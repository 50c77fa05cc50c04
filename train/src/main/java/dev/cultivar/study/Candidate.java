package dev.cultivar.study;

import java.util.List;

/// One of the ways to post-train that are compared.
///
/// @param name      as tables and `--json` call it
/// @param title     for people
/// @param start     whose weights it starts from
/// @param overrides of the recipe
record Candidate(String name, String title, Start start, List<String> overrides) {

    /// Whose weights a row starts from.
    enum Start {
        RANDOM("nobody's"),
        OWN("the quickstart's"),
        PUBLISHED("MiniLM's");

        private final String whose;

        Start(String whose) {
            this.whose = whose;
        }

        String whose() {
            return whose;
        }
    }

    /// From scratch first: what the others are measured against.
    static final List<Candidate> OWN = List.of(
            new Candidate("from_scratch", "from scratch", Start.RANDOM, List.of("backbone.weights=random", "strategy=full")),
            new Candidate("feature_extraction", "feature extraction", Start.OWN, List.of("strategy=feature_extraction")),
            new Candidate("partial", "partial (last layer)", Start.OWN, List.of("strategy={kind: partial, trained: 1}")),
            new Candidate("gradual", "gradual unfreezing", Start.OWN, List.of("strategy={kind: gradual, every: {epochs: 2}}")),
            new Candidate("full", "full fine-tuning", Start.OWN, List.of("strategy=full")));

    // An epoch through six wide layers takes far longer than through two narrow ones, and validation accuracy gains about a
    // percentage point from six epochs to eight; a head alone reads vectors that were computed once, and has the recipe's horizon.
    private static final String SHORT = "horizon={epochs: 6}";

    /// With a published model's weights; the mean over the tokens is what MiniLM's own training reads, so the head reads it
    /// as well: a new pooler over the first token would have to be learned from the few labels.
    static final List<Candidate> PUBLISHED = List.of(
            new Candidate("minilm_feature_extraction", "MiniLM, feature extraction", Start.PUBLISHED, List.of("strategy=feature_extraction")),
            new Candidate("minilm_lora", "MiniLM, LoRA", Start.PUBLISHED, List.of("strategy={kind: lora, rank: 8, alpha: 16}", SHORT)),
            new Candidate("minilm_full", "MiniLM, full fine-tuning", Start.PUBLISHED, List.of("strategy=full", SHORT)));

    /// The same search for each of the quickstart's own.
    static final List<String> LEARNING_RATES = List.of("5e-4", "1e-3", "2e-3", "8e-3");

    String run(String learningRate) {
        return name + "-" + learningRate;
    }
}
