package dev.cultivar.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.recipe.AuditRecipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditorTest {
    private static final SpacePieces PIECES = SpacePieces.numbered(200);
    private static final AuditRecipe THRESHOLDS = new AuditRecipe(AuditRecipe.Mode.WARN, 0.01, 0.01);

    @TempDir
    Path folder;

    private final List<TokenStore> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(TokenStore::close);
    }

    @Test
    void goodDataHaveFiguresAndNoFindings() {
        Examples train = ListExamples.table(IntStream.range(0, 100).mapToObj(i -> "w" + i + " w1 = " + i % 2).toArray(String[]::new));
        Audit audit = audit(Labels.of(train), train, ListExamples.table("w150 w2 = 0", "w151 w2 w3 = 1"));
        assertThat(audit.findings()).isEmpty();
        assertThat(audit.failed()).isFalse();
        assertThat(audit.parts()).containsExactly(
                new Audit.Part("train", 100, 400, 4, 4, 4, 0, 200, 0, 0, 0, 0),
                new Audit.Part("validation", 2, 9, 4, 5, 5, 0, 5, 0, 0, 0, 0));
        assertThat(audit.labels()).containsExactly(new Audit.LabelCount("0", List.of(50, 1)), new Audit.LabelCount("1", List.of(50, 1)));
        assertThat(audit.samples()).hasSize(3).allSatisfy(sample -> assertThat(sample.tokens().getFirst().piece()).isEqualTo("[CLS]"));
    }

    @Test
    void whatExceedsAThresholdIsAnErrorWithItsPlace() {
        Examples train = ListExamples.table("w1 w2 = a", "w1 w2 = b", "w1 w2 w3 w4 w5 w6 w7 w8 w9 = a", "nope = b", "w5 nope = a");
        Audit audit = audit(Labels.of(train), train, ListExamples.table("w3 = a", "w5 nope = b", "w1 w2 = a"));
        assertThat(audit.failed()).isTrue();
        assertThat(messages(audit)).containsExactly(
                "ERROR t.csv: row 3: 20.0 % of the 5 train rows are cut at 8 tokens, more than the 1.0 % that audit.truncated allows. "
                        + "Raise batching.max_length, or shorten the texts",
                "ERROR t.csv: the tokenizer does not know 15.4 % of the pieces of the 5 train rows, more than the 1.0 % that audit.unknown "
                        + "allows. Train a tokenizer on these texts, or choose a backbone whose tokenizer knows them",
                "ERROR t.csv: row 4: nothing to learn in this and 0 more of the 5 train rows: no piece is left that the tokenizer knows. "
                        + "Drop them with 'where'",
                "ERROR t.csv: the tokenizer does not know 20.0 % of the pieces of the 3 validation rows, more than the 1.0 % that "
                        + "audit.unknown allows. Train a tokenizer on these texts, or choose a backbone whose tokenizer knows them",
                "ERROR t.csv: row 2: this and 1 more of the 3 validation rows are among the training rows too, so a score on them shows "
                        + "memory. Drop them from one of the two, or hold out a fraction, which never parts equal texts",
                "NOTE t.csv: row 2: this and 0 more of the 5 train rows repeat an earlier row");
        assertThat(audit.parts().getFirst().truncated()).isEqualTo(1);
        assertThat(audit.parts().getLast().leaked()).isEqualTo(2);
    }

    @Test
    void labelsThatCannotBeLearnedAreErrors() {
        Examples single = ListExamples.table("w1 = a", "w2 = a");
        assertThat(messages(audit(Labels.of(single), single))).singleElement().asString().contains("every training row has the label 'a'");
        Audit unseen = audit(Labels.of(List.of("a", "b", "c")), ListExamples.table("w1 = a", "w2 = b"), ListExamples.table("w3 = c"));
        assertThat(messages(unseen)).singleElement().asString().contains("ERROR t.csv: no training row has the label 'c', but 1 rows");
        Examples skewed = ListExamples.table(IntStream.range(0, 30).mapToObj(i -> "w" + i + " = " + (i == 0 ? "rare" : "often")).toArray(String[]::new));
        assertThat(messages(audit(Labels.of(skewed), skewed))).singleElement().asString()
                .startsWith("NOTE").contains("'often' has 29 training rows, 'rare' has 1");
    }

    @Test
    void pairsThatAreMissingAreAnErrorWhereTheNextSentenceIsPredicted() {
        Examples lines = ListExamples.table("w1", "w2 | w3", "w4");
        TokenStore store = encoded(lines, Labels.none());
        MaskedBatches masked = new MaskedBatches(store, PIECES, new Masking(0.5, false), true, 1, "train");
        Audit audit = new Auditor(THRESHOLDS, PIECES, new Targets.None(), Optional.of(masked))
                .audit(List.of(new Auditor.Subject("train", store, lines)));
        assertThat(messages(audit)).singleElement().asString().contains("1 training rows have a second segment, too few");
        assertThat(audit.samples()).allSatisfy(sample ->
                assertThat(sample.tokens()).anySatisfy(token -> assertThat(token.original()).startsWith("w")));
    }

    @Test
    void textIsAlignedAndMarksWhatIsMasked() {
        Audit audit = new Audit(
                List.of(new Audit.Part("train", 1_234, 56_789, 4, 40, 128, 12, 50_000, 10, 0, 1, 0),
                        new Audit.Part("validation", 7, 90, 4, 4, 4, 0, 70, 0, 0, 0, 0)),
                List.of(new Audit.LabelCount("billing", List.of(1_000, 6)), new Audit.LabelCount("card", List.of(234, 1))),
                List.of(new Audit.Finding(Audit.Severity.ERROR, "x"), new Audit.Finding(Audit.Severity.NOTE, "y")),
                List.of(new Audit.Sample("t.csv:7", "card", List.of(new Audit.Token("[CLS]", ""), new Audit.Token("my", ""),
                        new Audit.Token("[MASK]", "card"), new Audit.Token("dog", "is")))));
        assertThat(AuditText.lines(audit)).containsExactly(
                "part         rows  tokens  median  p95  longest     cut  unknown  empty  repeated  leaked",
                "train       1,234  56,789       4   40      128  0.97 %   0.02 %      0         1       0",
                "validation      7      90       4    4        4   0.0 %    0.0 %      0         0       0",
                "",
                "label    train  validation",
                "billing  1,000           6",
                "card       234           1",
                "",
                "as the model will see it ([what it must say→what it sees])",
                "  t.csv:7  card  [CLS] my [card→MASK] [is→dog]",
                "",
                "error  x",
                "note   y");
    }

    @Test
    void manyLabelsAreShownFromBothEnds() {
        List<Audit.LabelCount> labels = IntStream.range(0, 77).mapToObj(i -> new Audit.LabelCount("l" + i, List.of(100 - i))).toList();
        Audit audit = new Audit(List.of(new Audit.Part("train", 1, 1, 1, 1, 1, 0, 1, 0, 0, 0, 0)), labels, List.of(), List.of());
        assertThat(AuditText.lines(audit)).hasSize(2 + 1 + 1 + 21).anyMatch(line -> line.startsWith("... 57 more")).anyMatch(line -> line.startsWith("l76"));
    }

    @Test
    void percentilesAreNearestRanks() {
        int[] sorted = IntStream.rangeClosed(1, 20).toArray();
        assertThat(Stream.of(1, 50, 95, 100).map(percent -> Auditor.percentile(sorted, percent))).containsExactly(1, 10, 19, 20);
        assertThat(Auditor.percentile(new int[0], 50)).isZero();
    }

    private Audit audit(Labels labels, Examples... parts) {
        List<Auditor.Subject> subjects = IntStream.range(0, parts.length)
                .mapToObj(i -> new Auditor.Subject(List.of("train", "validation", "test").get(i), encoded(parts[i], labels), parts[i]))
                .toList();
        return new Auditor(THRESHOLDS, PIECES, Targets.of(labels), Optional.empty()).audit(subjects);
    }

    private TokenStore encoded(Examples examples, Labels labels) {
        TokenStore store = new Encoder(PIECES, Targets.of(labels), Encoder.Layout.RECORDS, 8).encode(examples, folder);
        open.add(store);
        return store;
    }

    private static List<String> messages(Audit audit) {
        return audit.findings().stream().map(finding -> finding.severity() + " " + finding.message()).toList();
    }
}
