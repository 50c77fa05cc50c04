package dev.cultivar.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WordNetTest {
    private static final List<Synset> SYNSETS = WordNet.synsets();
    private static final WordNetParts PARTS = WordNet.parts();

    @Test
    void everySynsetIsReadAndRepeatedGlossesAreDropped() {
        assertThat(WordNet.synsets(true)).hasSize(117_791);
        assertThat(SYNSETS).hasSize(117_791 - 617);
        assertThat(SYNSETS.stream().map(Synset::id)).doesNotHaveDuplicates();
        assertThat(SYNSETS).allSatisfy(synset -> assertThat(synset.definition()).isNotBlank());
    }

    @Test
    void examplesArePartedFromDefinitions() {
        long quoted = SYNSETS.stream()
                .filter(s -> !s.examples().isEmpty() || s.definition().contains("\""))
                .count();
        long withExamples = SYNSETS.stream().filter(s -> !s.examples().isEmpty()).count();
        assertThat(quoted).isEqualTo(33_012); // glosses with a quotation
        assertThat(withExamples).isEqualTo(33_004); // of which a few quote a word and give no example
        assertThat(SYNSETS.getFirst())
                .isEqualTo(new Synset("n00001740", "noun.Tops",
                        "that which is perceived or known or inferred to have its own distinct existence (living or nonliving)",
                        List.of()));
    }

    @Test
    void theTaskHasFortyLabelsAndPartsOfFixedSize() {
        assertThat(WordNet.lexnames()).hasSize(45).doesNotHaveDuplicates();
        assertThat(labels(PARTS.train())).hasSize(40);
        assertThat(labels(PARTS.validation())).hasSize(40).isEqualTo(labels(PARTS.test())).isEqualTo(labels(PARTS.train()));
        assertThat(labels(PARTS.pretraining())).hasSize(45);
        assertThat(PARTS.test()).hasSize(4_000);
        assertThat(PARTS.validation()).hasSize(1_000);
    }

    @Test
    void noDefinitionIsInTwoParts() {
        Set<String> train = definitions(PARTS.train());
        Set<String> validation = definitions(PARTS.validation());
        Set<String> test = definitions(PARTS.test());
        Set<String> pretraining = definitions(PARTS.pretraining());
        assertThat(train).hasSize(PARTS.train().size());
        assertThat(Collections.disjoint(train, validation)).isTrue();
        assertThat(Collections.disjoint(train, test)).isTrue();
        assertThat(Collections.disjoint(validation, test)).isTrue();
        assertThat(Collections.disjoint(pretraining, validation)).isTrue();
        assertThat(Collections.disjoint(pretraining, test)).isTrue();
        assertThat(pretraining.containsAll(train)).isTrue();
    }

    @Test
    void partsAreStratified() {
        Map<String, Long> train = counts(PARTS.train());
        Map<String, Long> validation = counts(PARTS.validation());
        Map<String, Long> test = counts(PARTS.test());
        test.forEach((label, count) -> {
            double all = count + validation.get(label) + train.get(label);
            double share = all / (PARTS.train().size() + 5_000);
            assertThat((double) count).as(label).isBetween(4_000 * share - 1.5, 4_000 * share + 1.5);
            assertThat((double) validation.get(label)).as(label).isBetween(1_000 * share - 1.5, 1_000 * share + 1.5);
        });
    }

    @Test
    void fewerRowsAreTheFirstOfMoreAndHaveEveryLabel() {
        List<Synset> few = PARTS.rows("train", 500);
        assertThat(PARTS.rows("train", 2_000).subList(0, 500)).isEqualTo(few);
        assertThat(labels(few)).hasSize(40);
        assertThat(labels(PARTS.rows("train", 40))).hasSize(40);
        assertThat(PARTS.rows("test", 0)).isEqualTo(PARTS.test());
        Map<String, Long> all = counts(PARTS.train());
        counts(few).forEach((label, count) -> {
            double share = 500.0 * all.get(label) / PARTS.train().size();
            assertThat((double) count).as(label).isBetween(share - 2, share + 2);
        });
    }

    @Test
    void theSplitNeverMoves() {
        assertThat(PARTS.train().getFirst().id() + PARTS.validation().getFirst().id() + PARTS.test().getFirst().id())
                .isEqualTo("n11451416n11545736n00792159");
        assertThat(PARTS.rows("train", 500).hashCode()).isEqualTo(WordNetParts.of(SYNSETS).rows("train", 500).hashCode());
    }

    @Test
    void whatCannotBeAskedSaysWhatCan() {
        assertThatThrownBy(() -> PARTS.rows("train", 39)).hasMessageContaining("40 labels").hasMessageContaining("got 39");
        assertThatThrownBy(() -> PARTS.rows("dev", 0)).hasMessageContaining("'dev'").hasMessageContaining("validation");
        assertThatThrownBy(() -> PARTS.rows("test", 4_001)).hasMessageContaining("1 to 4000").hasMessageContaining("got 4001");
    }

    private static Set<String> labels(List<Synset> part) {
        return part.stream().map(Synset::lexname).collect(Collectors.toCollection(HashSet::new));
    }

    private static Set<String> definitions(List<Synset> part) {
        return part.stream()
                .map(s -> s.definition().toLowerCase(Locale.ROOT).replaceAll("\\s+", " "))
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static Map<String, Long> counts(List<Synset> part) {
        return part.stream().collect(Collectors.groupingBy(Synset::lexname, Collectors.counting()));
    }
}
