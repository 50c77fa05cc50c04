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
    private final List<Audit.Finding> findings = new ArrayList<>();

    public PictureAuditor(PictureParts of) {
        parts.put("train", of.train());
        of.validation().ifPresent(part -> parts.put("validation", part));
        of.test().ifPresent(part -> parts.put("test", part));
    }

    public Audit audit() {
        Map<Long, Integer> inTraining = new HashMap<>();
        List<Audit.Part> figures = new ArrayList<>();
        SequencedMap<String, int[]> counts = new LinkedHashMap<>();
        int number = 0;
        for (Map.Entry<String, PicturePart> part : parts.entrySet()) {
            figures.add(part(part.getKey(), part.getValue(), inTraining));
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

    private Audit.Part part(String name, PicturePart part, Map<Long, Integer> inTraining) {
        boolean training = name.equals("train");
        Map<Long, Integer> seen = training ? inTraining : new HashMap<>();
        int duplicates = 0;
        int leaked = 0;
        String first = "";
        String otherLabel = "";
        for (int row = 0; row < part.size(); row++) {
            Integer before = seen.putIfAbsent(part.key(row), row);
            if (before != null) {
                duplicates++;
                if (otherLabel.isEmpty() && !part.label(before).equals(part.label(row))) {
                    otherLabel = part.where(row) + " is labelled " + part.label(row) + ", and its equal " + part.where(before) + " " + part.label(before);
                }
            }
            if (!training && inTraining.containsKey(part.key(row)) && leaked++ == 0) {
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
            if (each[0] == 0) {
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
