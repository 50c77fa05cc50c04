package dev.cultivar.study;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.zoo.Models;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Somebody else's pretrained model, which the quickstart post-trains beside its own on the same labels.
///
/// @param model         as a recipe's `backbone.model` names it
/// @param learningRates that each of its strategies is tried at, by the strategy's name
public record Published(String model, Map<String, List<String>> learningRates) {

    /// All-MiniLM-L6-v2. The rates are those around which validation accuracy on 500 labels was highest: a head alone learns
    /// at tens of times the rate of a whole backbone, and an adapter between them.
    public static final Published MINILM = new Published("minilm", Map.of(
            "minilm_feature_extraction", List.of("4e-3", "1e-2"),
            "minilm_lora", List.of("2e-3", "5e-3"),
            "minilm_full", List.of("3e-4", "6e-4")));

    public Published {
        learningRates = Map.copyOf(learningRates);
    }

    /// The same learning rates for each strategy.
    static Published of(String model, List<String> learningRates) {
        Map<String, List<String>> rates = new LinkedHashMap<>();
        Candidate.PUBLISHED.forEach(candidate -> rates.put(candidate.name(), learningRates));
        return new Published(model, rates);
    }

    /// As a study's question keeps it.
    SequencedMap<String, Object> json() {
        SequencedMap<String, Object> fields = new LinkedHashMap<>();
        fields.put("model", model);
        Candidate.PUBLISHED.forEach(candidate -> fields.put(candidate.name(), rates(candidate)));
        return fields;
    }

    /// From a study's question; one that says nothing means [#MINILM].
    static Published of(@Nullable Object question) {
        if (!(question instanceof Map<?, ?> fields)) {
            return MINILM;
        }
        Map<String, List<String>> rates = new LinkedHashMap<>();
        for (Candidate candidate : Candidate.PUBLISHED) {
            rates.put(candidate.name(), fields.get(candidate.name()) instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of());
        }
        return new Published(String.valueOf(fields.get("model")), rates);
    }

    List<String> rates(Candidate candidate) {
        return learningRates.getOrDefault(candidate.name(), List.of());
    }

    /// Why the model cannot be had here, in a sentence; empty where it can. It is written out where it was not yet.
    Optional<String> obstacle() {
        try {
            Models.find(model);
            return Optional.empty();
        } catch (CheckpointException missing) {
            return Optional.of("The rows of MiniLM, a published model, are left out: " + missing.getMessage());
        }
    }
}
