package dev.cultivar.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// What the model will really see of the data, as figures, and what is wrong with them.
///
/// @param parts    the training rows first
/// @param labels   a row for each label, the most frequent in training first; none where rows have no labels
/// @param findings what exceeds a threshold, errors first
/// @param samples  a few training rows as the model will see them
public record Audit(List<Part> parts, List<LabelCount> labels, List<Finding> findings, List<Sample> samples) {
    public Audit {
        parts = List.copyOf(parts);
        labels = List.copyOf(labels);
        findings = List.copyOf(findings);
        samples = List.copyOf(samples);
    }

    /// Several tasks' rows, looked at one after the other: parts and labels are called after the task too.
    public static Audit ofTasks(SequencedMap<String, Audit> tasks) {
        List<Part> parts = new ArrayList<>();
        List<LabelCount> labels = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        List<Sample> samples = new ArrayList<>();
        tasks.forEach((name, audit) -> {
            audit.labels().forEach(label -> {
                List<Integer> counts = new ArrayList<>(Collections.nCopies(parts.size(), 0)); // no row of another task has it
                counts.addAll(label.counts());
                labels.add(new LabelCount(name + ": " + label.label(), counts));
            });
            audit.parts().forEach(part -> parts.add(part.called(name + "." + part.name())));
            audit.findings().forEach(finding -> findings.add(new Finding(finding.severity(), name + ": " + finding.message())));
            samples.addAll(audit.samples());
        });
        List<LabelCount> whole = labels.stream()
                .map(label -> new LabelCount(label.label(), Stream.concat(
                                label.counts().stream(), Collections.nCopies(parts.size() - label.counts().size(), 0).stream())
                        .toList()))
                .toList();
        findings.sort(Comparator.comparing(Finding::severity));
        return new Audit(parts, whole, findings, samples);
    }

    /// The same with more findings.
    public Audit with(List<Finding> more) {
        return new Audit(parts, labels, Stream.concat(findings.stream(), more.stream()).sorted(Comparator.comparing(Finding::severity)).toList(), samples);
    }

    /// Whether a finding is an error: `audit` then exits with 1, and a strict recipe does not train.
    public boolean failed() {
        return findings.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
    }

    /// Figures of one part.
    ///
    /// @param name       `train`, `validation` or `test`
    /// @param rows       how many
    /// @param tokens     in all of them, special ones included; 0 of pictures
    /// @param median     length that half of the rows do not exceed, in tokens
    /// @param p95        length that 95 % of the rows do not exceed
    /// @param longest    length of the longest
    /// @param truncated  rows of which something was cut off
    /// @param pieces     tokens without special ones
    /// @param unknown    pieces that the tokenizer does not know
    /// @param nothing    rows without one ordinary piece
    /// @param duplicates rows that an earlier row of the part equals
    /// @param leaked     rows that the training rows have too; 0 for those themselves
    public record Part(
            String name, int rows, long tokens, int median, int p95, int longest,
            int truncated, long pieces, long unknown, int nothing, int duplicates, int leaked) {

        Part called(String other) {
            return new Part(other, rows, tokens, median, p95, longest, truncated, pieces, unknown, nothing, duplicates, leaked);
        }

        public double truncatedShare() {
            return rows == 0 ? 0 : (double) truncated / rows;
        }

        public double unknownShare() {
            return pieces == 0 ? 0 : (double) unknown / pieces;
        }
    }

    /// @param counts rows with the label in each part, in the order of the parts
    public record LabelCount(String label, List<Integer> counts) {
        public LabelCount {
            counts = List.copyOf(counts);
        }
    }

    public enum Severity { ERROR, NOTE }

    /// @param message what, where, and what to do
    public record Finding(Severity severity, String message) {}

    /// @param place where the row is
    /// @param label its label, empty where there is none
    public record Sample(String place, String label, List<Token> tokens) {
        public Sample {
            tokens = List.copyOf(tokens);
        }
    }

    /// @param piece    what the model sees
    /// @param original what it is to predict, empty where it is to predict nothing
    public record Token(String piece, String original) {}
}
