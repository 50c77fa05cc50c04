package dev.cultivar.zoo;

import java.util.List;

/// One meaning of WordNet: what it means, and sentences that use it.
///
/// @param id         part of speech (`n`, `v`, `a`, `s`, `r`) and the eight digits of its place in the data file, like `n00001740`
/// @param lexname    the lexicographer file that it was written in, like `noun.animal`: 45 of them, by topic
/// @param definition what the words mean
/// @param examples   sentences that use one of the words; often none
public record Synset(String id, String lexname, String definition, List<String> examples) {
    public Synset {
        examples = List.copyOf(examples);
    }

    /// The first example, or empty.
    public String example() {
        return examples.isEmpty() ? "" : examples.getFirst();
    }
}
