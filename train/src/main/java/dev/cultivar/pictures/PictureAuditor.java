package dev.cultivar.pictures;

import dev.cultivar.data.Audit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Looks at pictures before they are trained on: equal ones, those that stand on both sides, classes that are rare or missing.
public final class PictureAuditor {
    private final SequencedMap<String, PicturePart> parts = new LinkedHashMap<>();
    private final Map<Long, Seen> learned = new HashMap<>();
    private final int learnedParts;
    private final List<Audit.Finding> findings = new ArrayList<>();

    /// Where a picture was first seen.
    private record Seen(PicturePart part, int row) {}

    public PictureAuditor(PictureParts of) {
        parts.put("train", of.train());
        for (PicturePart added : of.added()) {
            String name = "added " + parts.size();
            parts.put(name, added);
            find(Audit.Severity.NOTE, name + ": " + added.size() + " pictures, " + added.name() + ", are learned from beside the " + of.train().size()
                    + " of data.train");
        }
        learnedParts = parts.size();
        of.validation().ifPresent(part -> parts.put("validation", part));
        of.test().ifPresent(part -> parts.put("test", part));
    }

    public Audit audit() {
        List<Audit.Part> figures = new ArrayList<>();
        SequencedMap<String, int[]> counts = new LinkedHashMap<>();
        int number = 0;
        for (Map.Entry<String, PicturePart> part : parts.entrySet()) {
            figures.add(part(part.getKey(), part.getValue(), number < learnedParts));
            count(part.getValue(), number++, counts);
        }
        classes(counts);
        List<Audit.LabelCount> table = counts.entrySet().stream()
                .map(label -> new Audit.LabelCount(label.getKey(), java.util.Arrays.stream(label.getValue()).boxed().toList()))
                .sorted(java.util.Comparator.comparingInt((Audit.LabelCount label) -> -label.counts().getFirst()))
                .toList();
        findings.sort(java.util.Comparator.comparing(Audit.Finding::severity));
        return new Audit(figures, table, findings, List.of());
    }

    /// @param training whether it is learned from
    private Audit.Part part(String name, PicturePart part, boolean training) {
        Map<Long, Seen> seen = training ? learned : new HashMap<>();
        int duplicates = 0;
        int leaked = 0;
        String first = "";
        String otherLabel = "";
        for (int row = 0; row < part.size(); row++) {
            Seen before = seen.putIfAbsent(part.key(row), new Seen(part, row));
            if (before != null) {
                duplicates++;
                String label = before.part().label(before.row());
                if (otherLabel.isEmpty() && !label.equals(part.label(row))) {
                    otherLabel = part.where(row) + " is labelled " + part.label(row) + ", and its equal " + before.part().where(before.row()) + " " + label;
                }
            }
            if (!training && learned.containsKey(part.key(row)) && leaked++ == 0) {
                first = part.where(row);
            }
        }
        if (leaked > 0) {
            find(Audit.Severity.ERROR, name + ": " + leaked + " pictures are in the training part too, the first " + first
                    + "; a score on them says nothing of new pictures. Take them out of one of the parts");
        }
        if (!otherLabel.isEmpty()) {
            find(Audit.Severity.ERROR, name + ": equal pictures have different labels: " + otherLabel + ". Correct the wrong one");
        }
        if (duplicates > 0) {
            find(Audit.Severity.NOTE, name + ": " + duplicates + " pictures equal an earlier one");
        }
        return new Audit.Part(name, part.size(), 0, 0, 0, 0, 0, 0, 0, 0, duplicates, leaked);
    }

    private void count(PicturePart part, int number, SequencedMap<String, int[]> counts) {
        for (int row = 0; row < part.size(); row++) {
            if (!part.label(row).isEmpty()) {
                counts.computeIfAbsent(part.label(row), label -> new int[parts.size()])[number]++;
            }
        }
    }

    private void classes(SequencedMap<String, int[]> counts) {
        int most = counts.values().stream().mapToInt(each -> each[0]).max().orElse(0);
        counts.forEach((label, each) -> {
            if (each[0] == 0 && java.util.Arrays.stream(each, 1, learnedParts).sum() > 0) {
                find(Audit.Severity.NOTE, "class '" + label + "' has no picture in data.train, but what is added has some");
            } else if (each[0] == 0) {
                find(Audit.Severity.ERROR, "class '" + label + "' has no training picture, but the held-out parts have some; it cannot be learned");
            } else if (each[0] == 1) {
                find(Audit.Severity.NOTE, "class '" + label + "' has one training picture alone; nothing of it can be held out");
            } else if (most >= 20L * each[0]) {
                find(Audit.Severity.NOTE, "class '" + label + "' has " + each[0] + " training pictures, the largest " + most
                        + "; 'objective.class_weights: balanced' lets every class count alike");
            }
        });
    }

    private void find(Audit.Severity severity, String message) {
        findings.add(new Audit.Finding(severity, message));
    }
}
