package dev.cultivar.corpus;

import dev.cultivar.recipe.CorpusRecipe.Step;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntConsumer;

/// The runs of words that texts to be measured on have, so that documents to learn from that share them can be left out, as for GPT-3
/// (Brown et al., 2020, "Language Models are Few-Shot Learners", appendix C).
///
/// All documents are counted first, so that a run that many of them have (a licence, a set phrase) counts for nothing. A document
/// that shares rarer ones is left out as a whole, where GPT-3's makers cut a hole into it. Texts of fewer words than a run has are
/// looked for as a whole where they have eight or more, and not at all where they have fewer.
final class Contamination {
    private static final int FEWEST = 8;

    private final Step.Decontamination step;
    private final LongSet[] runs; // of each length from the shortest that is looked for
    private int[][] documents = {}; // that have the run, by its place

    Contamination(Step.Decontamination step) {
        this.step = step;
        this.runs = new LongSet[Math.max(0, step.words() - FEWEST) + 1];
        for (int i = 0; i < runs.length; i++) {
            runs[i] = new LongSet();
        }
    }

    private int length(int i) {
        return step.words() - runs.length + 1 + i;
    }

    /// A text that is measured on; all of them come before the first document.
    void add(String text) {
        long[] words = WordHashes.words(text);
        int length = Math.min(words.length, step.words());
        if (length >= length(0)) {
            for (long run : WordHashes.shingles(words, length)) {
                runs[length - length(0)].add(run);
            }
        }
    }

    /// A document to learn from; all of them come before the first question.
    void count(String text) {
        if (documents.length == 0) {
            documents = new int[runs.length][];
            for (int i = 0; i < runs.length; i++) {
                documents[i] = new int[runs[i].places()];
            }
        }
        long[] words = WordHashes.words(text);
        for (int i = 0; i < runs.length; i++) {
            int[] counts = documents[i];
            shared(words, i, place -> counts[place]++);
        }
    }

    /// Whether a document shares enough runs of words that are no phrases.
    boolean touches(String text) {
        long[] words = WordHashes.words(text);
        int[] matches = {0};
        for (int i = 0; i < runs.length; i++) {
            int[] counts = documents[i];
            shared(words, i, place -> matches[0] += counts[place] <= step.common() ? 1 : 0);
        }
        return matches[0] >= step.matches();
    }

    /// The places of the runs of one length that a document has, each once.
    private void shared(long[] words, int i, IntConsumer places) {
        if (words.length < length(i) || runs[i].size() == 0) {
            return;
        }
        Set<Integer> seen = new HashSet<>();
        for (long run : WordHashes.shingles(words, length(i))) {
            int place = runs[i].place(run);
            if (place >= 0 && seen.add(place)) {
                places.accept(place);
            }
        }
    }
}
