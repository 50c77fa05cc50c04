package dev.cultivar.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.recipe.CorpusRecipe.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Estimates are near the truth, planted duplicates are found, and what only looks alike stays.
class NearDuplicatesTest {
    private static final Step.NearDuplicates STEP = new Step.NearDuplicates(0.8, 5, 20, 6, 17);

    private static double exact(String a, String b) {
        Set<Long> of = set(a);
        Set<Long> other = set(b);
        Set<Long> both = new HashSet<>(of);
        both.retainAll(other);
        return (double) both.size() / (of.size() + other.size() - both.size());
    }

    private static Set<Long> set(String text) {
        return Arrays.stream(shingles(text)).boxed().collect(Collectors.toSet());
    }

    private static long[] shingles(String text) {
        return WordHashes.shingles(WordHashes.words(text), STEP.words());
    }

    /// The text with so many of its words replaced.
    private static String edited(String text, int edits, long seed) {
        List<String> words = new ArrayList<>(List.of(text.split(" ")));
        List<Integer> places = new ArrayList<>(java.util.stream.IntStream.range(0, words.size()).boxed().toList());
        Collections.shuffle(places, new Random(seed));
        places.subList(0, edits).forEach(place -> words.set(place, "edited" + seed));
        return String.join(" ", words);
    }

    private static String text(long seed) {
        return String.join(" ", Generated.words(seed, 300));
    }

    @Test
    void estimatesAreNearTheExactSimilarity() {
        MinHash minHash = new MinHash(120, 17);
        double squares = 0;
        double bias = 0;
        int pairs = 300;
        for (int i = 0; i < pairs; i++) {
            String a = text(i);
            String b = edited(a, i % 60, i);
            double error = MinHash.similarity(minHash.signature(shingles(a)), minHash.signature(shingles(b))) - exact(a, b);
            squares += error * error / pairs;
            bias += error / pairs;
        }
        assertThat(Math.sqrt(squares)).as("standard error").isBetween(0.02, 0.05); // theory: at most 0.046
        assertThat(bias).isBetween(-0.01, 0.01);
    }

    @Test
    void plantedDuplicatesAreFoundAndNothingElse() {
        int found = 0;
        int planted = 0;
        int wrong = 0;
        int different = 0;
        try (var filter = new NearDuplicates(STEP)) {
            for (int i = 0; i < 400; i++) {
                assertThat(filter.look(new Document("x", text(i))).get()).isEmpty();
            }
            for (int i = 0; i < 400; i++) {
                String copy = edited(text(i), i % 40, i);
                double similarity = exact(text(i), copy);
                try (var alone = new NearDuplicates(STEP)) {
                    alone.look(new Document("x", text(i))).get();
                    boolean duplicate = !alone.look(new Document("x", copy)).get().isEmpty();
                    if (similarity >= 0.87) { // two standard errors beyond the threshold
                        planted++;
                        found += duplicate ? 1 : 0;
                    } else if (similarity < 0.72) {
                        different++;
                        wrong += duplicate ? 1 : 0;
                    }
                }
            }
        }
        assertThat(planted).isGreaterThan(40);
        assertThat(different).isGreaterThan(200);
        assertThat(found).as("recall of %d", planted).isGreaterThanOrEqualTo(planted - planted / 20);
        assertThat(wrong).as("false alarms of %d", different).isLessThanOrEqualTo(different / 20);
    }

    @Test
    void theTableGrowsAndKeepsWhatItHas() {
        try (var filter = new NearDuplicates(STEP)) {
            for (int i = 0; i < 3_000; i++) {
                assertThat(filter.look(new Document("x", text(i))).get()).isEmpty();
            }
            for (int i = 0; i < 3_000; i += 7) {
                assertThat(filter.look(new Document("x", text(i).toUpperCase(java.util.Locale.ROOT) + "!")).get()).isEqualTo("similar to an earlier one");
            }
        }
    }

    @Test
    void shortTextsAndTextsWithoutWordsAreCompared() {
        try (var filter = new NearDuplicates(STEP)) {
            assertThat(filter.look(new Document("x", "two words")).get()).isEmpty();
            assertThat(filter.look(new Document("x", "Two words.")).get()).isNotEmpty();
            assertThat(filter.look(new Document("x", "two others")).get()).isEmpty();
            assertThat(filter.look(new Document("x", "!!!")).get()).isEmpty();
            assertThat(filter.look(new Document("x", "!!!")).get()).isEmpty();
            assertThat(WordHashes.words("東京都 is 3 + 2")).hasSize(6);
        }
    }
}
