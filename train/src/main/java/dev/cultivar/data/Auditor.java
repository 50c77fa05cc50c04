package dev.cultivar.data;

import dev.cultivar.batch.Draw;
import dev.cultivar.recipe.AuditRecipe;
import dev.cultivar.text.Pieces;
import dev.cultivar.text.TokenGrid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Looks at encoded rows before they are trained on.
///
/// @param thresholds what the recipe tolerates
/// @param pieces     the tokenizer of the rows
/// @param targets    what the rows are labelled with
/// @param masked     the training batches where pieces are masked, for the samples
public record Auditor(AuditRecipe thresholds, Pieces pieces, Targets targets, Optional<MaskedBatches> masked) {
    private static final int SAMPLES = 3;

    /// @param name     `train`, `validation` or `test`
    /// @param store    the encoded rows
    /// @param examples where they come from
    public record Subject(String name, TokenStore store, Examples examples) {}

    /// @param subjects the training rows first
    public Audit audit(List<Subject> subjects) {
        Set<Long> seenInTraining = new HashSet<>();
        List<Audit.Part> parts = new ArrayList<>();
        Findings findings = new Findings(thresholds);
        int[][] counts = new int[subjects.size()][targets.labels().size()];
        for (int i = 0; i < subjects.size(); i++) {
            Subject subject = subjects.get(i);
            RowCounts rows = RowCounts.of(subject.store(), pieces, seenInTraining, i == 0, targets, counts[i]);
            Audit.Part part = part(subject, rows);
            parts.add(part);
            findings.part(subject, part, rows);
        }
        List<Audit.LabelCount> table = labelTable(counts);
        if (targets.labels().size() > 0) {
            findings.labels(table, subjects.getFirst());
        }
        masked.ifPresent(batches -> findings.nextSentence(batches, subjects.getFirst()));
        return new Audit(parts, table, findings.sorted(), samples(subjects.getFirst()));
    }

    private static Audit.Part part(Subject subject, RowCounts rows) {
        int[] lengths = subject.store().lengths();
        Arrays.sort(lengths);
        return new Audit.Part(subject.name(), lengths.length, Arrays.stream(lengths).asLongStream().sum(),
                percentile(lengths, 50), percentile(lengths, 95), percentile(lengths, 100),
                rows.truncated, subject.store().pieces(), rows.unknown, rows.nothing, rows.duplicates, rows.leaked);
    }

    /// The nearest rank of sorted values.
    static int percentile(int[] sorted, int percent) {
        return sorted.length == 0 ? 0 : sorted[Math.max(0, (int) (((long) sorted.length * percent + 99) / 100) - 1)];
    }

    private List<Audit.LabelCount> labelTable(int[][] counts) {
        return IntStream.range(0, targets.labels().size())
                .mapToObj(label -> new Audit.LabelCount(targets.labels().names().get(label), Arrays.stream(counts).map(part -> part[label]).toList()))
                .sorted(Comparator.comparingInt((Audit.LabelCount label) -> -label.counts().getFirst()))
                .toList();
    }

    private List<Audit.Sample> samples(Subject train) {
        int rows = train.store().rows();
        return IntStream.range(0, Math.min(SAMPLES, rows))
                .map(i -> (int) Draw.permute(i, rows, Draw.name("samples")))
                .mapToObj(row -> sample(train, row))
                .toList();
    }

    /// As a row is laid out, or its pieces alone where the tokenizer is not of BERT's kind.
    private int[] plain(TokenRow row) {
        if (pieces.special().cls().isPresent() && pieces.special().sep().isPresent()) {
            return TokenGrid.assemble(row.first(), row.second(), pieces);
        }
        return IntStream.concat(Arrays.stream(row.first()), Arrays.stream(row.second())).toArray();
    }

    private Audit.Sample sample(Subject train, int row) {
        TokenRow stored = train.store().row(row);
        int[] plain = plain(stored);
        MaskedRow seen = masked.map(batches -> batches.row(row, 0)).orElseGet(() -> {
            int[] none = new int[plain.length];
            Arrays.fill(none, LabelledBatches.IGNORED);
            return new MaskedRow(plain, none, stored.first().length, LabelledBatches.IGNORED);
        });
        List<Audit.Token> tokens = IntStream.range(0, seen.tokens().length)
                .mapToObj(i -> new Audit.Token(pieces.piece(seen.tokens()[i]),
                        seen.labels()[i] == LabelledBatches.IGNORED ? "" : pieces.piece(seen.labels()[i])))
                .toList();
        String label = Arrays.stream(targets.classes(stored)).mapToObj(number -> targets.labels().names().get(number)).collect(Collectors.joining(", "));
        return new Audit.Sample(train.examples().place(stored.origin()), label, tokens);
    }
}
