package dev.cultivar.data;

import dev.cultivar.recipe.AuditRecipe;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Holds figures against thresholds, and says what, where and what to do.
final class Findings {
    private static final int IMBALANCE = 10;

    private final AuditRecipe thresholds;
    private final List<Audit.Finding> findings = new ArrayList<>();

    Findings(AuditRecipe thresholds) {
        this.thresholds = thresholds;
    }

    List<Audit.Finding> sorted() {
        return findings.stream().sorted(Comparator.comparing(Audit.Finding::severity)).toList();
    }

    void part(Auditor.Subject subject, Audit.Part part, RowCounts rows) {
        subject.examples().changes().forEach(change -> note("%s: %s", rowsOf(subject), change));
        if (part.truncatedShare() > thresholds.truncated()) {
            error("%s: %s of %s are cut at %,d tokens, more than the %s that audit.truncated allows. Raise batching.max_length, "
                    + "or shorten the texts", place(subject, rows.firstTruncated), percent(part.truncatedShare()),
                    rowsOf(subject), subject.store().maxLength(), percent(thresholds.truncated()));
        }
        if (part.unknownShare() > thresholds.unknown()) {
            error("%s: the tokenizer does not know %s of the pieces of %s, more than the %s that audit.unknown allows. "
                    + "Train a tokenizer on these texts, or choose a backbone whose tokenizer knows them",
                    subject.examples().name(), percent(part.unknownShare()), rowsOf(subject), percent(thresholds.unknown()));
        }
        if (part.nothing() > 0) {
            error("%s: nothing to learn in this and %,d more of %s: no piece is left that the tokenizer knows. Drop them with "
                    + "'where'", place(subject, rows.firstNothing), part.nothing() - 1, rowsOf(subject));
        }
        if (part.leaked() > 0) {
            error("%s: this and %,d more of %s are among the training rows too, so a score on them shows memory. Drop them from "
                    + "one of the two, or hold out a fraction, which never parts equal texts", place(subject, rows.firstLeaked),
                    part.leaked() - 1, rowsOf(subject));
        }
        if (part.duplicates() > 0) {
            note("%s: this and %,d more of %s repeat an earlier row", place(subject, rows.firstDuplicate), part.duplicates() - 1,
                    rowsOf(subject));
        }
    }

    /// @param table most frequent first
    void labels(List<Audit.LabelCount> table, Auditor.Subject train) {
        List<Audit.LabelCount> learned = table.stream().filter(label -> label.counts().getFirst() > 0).toList();
        if (learned.isEmpty()) {
            error("%s: no training row has a label. Name the column with data.columns.label", train.examples().name());
            return;
        }
        if (learned.size() == 1) {
            error("%s: every training row has the label '%s'; there is nothing to tell apart. Give rows of two labels or more",
                    train.examples().name(), learned.getFirst().label());
        }
        for (Audit.LabelCount label : table) {
            if (label.counts().getFirst() == 0 && label.counts().stream().anyMatch(count -> count > 0)) {
                error("%s: no training row has the label '%s', but %,d rows to evaluate on have it. Add training rows, or drop these",
                        train.examples().name(), label.label(), label.counts().stream().mapToInt(count -> count).sum());
            }
        }
        int most = learned.getFirst().counts().getFirst();
        int least = learned.getLast().counts().getFirst();
        if (most > IMBALANCE * (long) least) {
            note("%s: labels are imbalanced: '%s' has %,d training rows, '%s' has %,d. Look at macro-F1 beside accuracy",
                    train.examples().name(), learned.getFirst().label(), most, learned.getLast().label(), least);
        }
    }

    /// Rows that predict the next sentence need one.
    void nextSentence(MaskedBatches batches, Auditor.Subject train) {
        if (batches.nextSentence() && batches.paired() < 2) {
            error("%s: %,d training rows have a second segment, too few to predict the next sentence from. Name the column with "
                    + "data.columns.pair, give documents of several lines, or choose the objective masked_lm",
                    train.examples().name(), batches.paired());
        }
    }

    private static String place(Auditor.Subject subject, int row) {
        return subject.examples().place(subject.store().origin(row));
    }

    private static String rowsOf(Auditor.Subject subject) {
        return String.format(Locale.ROOT, "the %,d %s rows", subject.store().rows(), subject.name());
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, share > 0 && share < 0.01 ? "%.2f %%" : "%.1f %%", 100 * share);
    }

    private void error(String message, Object... values) {
        findings.add(new Audit.Finding(Audit.Severity.ERROR, String.format(Locale.ROOT, message, values)));
    }

    private void note(String message, Object... values) {
        findings.add(new Audit.Finding(Audit.Severity.NOTE, String.format(Locale.ROOT, message, values)));
    }
}
