package dev.cultivar.cli;

import dev.cultivar.verify.Comparison;
import dev.cultivar.verify.GoldenCase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Compares a model with stored expected outputs.
record VerifyWork(List<Path> cases) implements Work {

    @Override
    public Exit run(Console console) {
        List<Object> documents = new ArrayList<>();
        boolean all = true;
        for (Path folder : cases) {
            GoldenCase.Outcome outcome = GoldenCase.verify(folder);
            all &= outcome.holds();
            documents.add(document(outcome));
            tell(outcome, console);
        }
        console.document(Map.of("cases", documents, "holds", all));
        return all ? Exit.DONE : Exit.FAILED;
    }

    private static void tell(GoldenCase.Outcome outcome, Console console) {
        int widest = outcome.rows().stream().mapToInt(row -> row.name().length()).max().orElse(0);
        if (!outcome.rows().isEmpty()) {
            console.line(String.format(Locale.ROOT, "%-" + widest + "s  %10s  %10s", outcome.name(), "absolute", "relative"));
        }
        for (Comparison row : outcome.rows()) {
            console.line(String.format(
                    Locale.ROOT, "%-" + widest + "s  %10.2e  %10.2e%s", row.name(), row.absolute(), row.relative(), row.within() ? "" : "  beyond tolerance"));
        }
        console.line(outcome.name() + (outcome.holds() ? " holds" : " does not hold") + (outcome.problem().isEmpty() ? "" : ": " + outcome.problem()));
    }

    private static Map<String, Object> document(GoldenCase.Outcome outcome) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("case", outcome.name());
        document.put("holds", outcome.holds());
        document.put("problem", outcome.problem());
        document.put("tensors", outcome.rows().stream()
                .map(row -> Map.of("name", row.name(), "absolute", row.absolute(), "relative", row.relative(), "within", row.within()))
                .toList());
        return document;
    }
}
