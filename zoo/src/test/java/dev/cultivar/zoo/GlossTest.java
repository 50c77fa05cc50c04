package dev.cultivar.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GlossTest {

    @Test
    void definitionClausesAndExamplesArePartedAtSemicolonsOutsideQuotations() {
        Gloss gloss = Gloss.parse("not fat; thin; \"a lean man; a lean horse\"; \"lean meat\"");
        assertThat(gloss.definition()).isEqualTo("not fat; thin");
        assertThat(gloss.examples()).containsExactly("a lean man; a lean horse", "lean meat");
    }

    @Test
    void aColonBeforeAQuotationEndsTheDefinition() {
        Gloss gloss = Gloss.parse("arrive in a vehicle: \"He rolled up in a black Mercedes\"");
        assertThat(gloss).isEqualTo(new Gloss("arrive in a vehicle", List.of("He rolled up in a black Mercedes")));
        assertThat(Gloss.parse("ratio 3:1 of things").definition()).isEqualTo("ratio 3:1 of things");
    }

    @Test
    void aQuotationInsideAClauseBelongsToTheDefinition() {
        Gloss gloss = Gloss.parse("spread by scattering (\"straw\" is archaic); \"strew toys all over the carpet\"");
        assertThat(gloss.definition()).isEqualTo("spread by scattering (\"straw\" is archaic)");
        assertThat(gloss.examples()).containsExactly("strew toys all over the carpet");
    }

    @Test
    void severalQuotationsOfAClauseAreExamplesAndTheirAuthorsAreDropped() {
        Gloss gloss = Gloss.parse("idle; \"a fool's errand\", \"a fool's paradise\"- Shakespeare; or vain");
        assertThat(gloss.definition()).isEqualTo("idle; or vain");
        assertThat(gloss.examples()).containsExactly("a fool's errand", "a fool's paradise");
    }

    @Test
    void anOpenQuotationRunsToTheEndAndAGlossOfQuotationsIsADefinition() {
        assertThat(Gloss.parse("big; \"a big one").examples()).containsExactly("a big one");
        assertThat(Gloss.parse("\"only this\"")).isEqualTo(new Gloss("only this", List.of()));
        assertThat(Gloss.parse("plain")).isEqualTo(new Gloss("plain", List.of()));
    }
}
