package dev.cultivar.corpus;

import dev.cultivar.recipe.CorpusRecipe.Step;

/// The runs of words that texts to be measured on have, so that documents to learn from that share them can be left out, as for GPT-3
/// (Brown et al., 2020, "Language Models are Few-Shot Learners", appendix C).
///
/// A document that shares them is left out as a whole, where GPT-3's makers cut a hole into it. Texts of fewer words than a run has
/// are looked for as a whole where they have eight or more, and not at all where they have fewer.
final class Contamination {
    private static final int FEWEST = 8;

    private final Step.Decontamination step;
    private final LongSet runs = new LongSet();
    private final LongSet[] shorter;

    Contamination(Step.Decontamination step) {
        this.step = step;
        this.shorter = new LongSet[Math.max(0, step.words() - FEWEST)];
    }

    /// A text that is measured on.
    void add(String text) {
        long[] words = WordHashes.words(text);
        if (words.length >= step.words()) {
            for (long run : WordHashes.shingles(words, step.words())) {
                runs.add(run);
            }
        } else if (words.length >= FEWEST) {
            int at = words.length - FEWEST;
            shorter[at] = shorter[at] == null ? new LongSet() : shorter[at];
            shorter[at].add(WordHashes.shingles(words, words.length)[0]);
        }
    }

    /// Whether a document shares enough runs of words.
    boolean touches(String text) {
        long[] words = WordHashes.words(text);
        int matches = words.length < step.words() ? 0 : matches(words, step.words(), runs);
        for (int i = 0; i < shorter.length && matches < step.matches(); i++) {
            if (shorter[i] != null && words.length >= FEWEST + i) {
                matches += matches(words, FEWEST + i, shorter[i]);
            }
        }
        return matches >= step.matches();
    }

    private static int matches(long[] words, int length, LongSet set) {
        int matches = 0;
        for (long run : WordHashes.shingles(words, length)) {
            matches += set.contains(run) ? 1 : 0;
        }
        return matches;
    }
}
