package dev.cultivar.zoo;

import java.util.ArrayList;
import java.util.List;

/// A dictionary line taken apart: `not fat; thin; "a lean man"; "lean meat"` is one definition and two examples.
///
/// Clauses end with a semicolon, or with a colon before a quotation, outside quotation marks. A clause that starts with a
/// quotation holds examples; all others are the definition. A quotation inside a clause (`("straw" is archaic)`) belongs
/// to the definition.
record Gloss(String definition, List<String> examples) {

    static Gloss parse(String line) {
        List<String> definition = new ArrayList<>();
        List<String> examples = new ArrayList<>();
        for (String clause : clauses(line)) {
            if (clause.startsWith("\"")) {
                quotations(clause, examples);
            } else if (!clause.isEmpty()) {
                definition.add(clause);
            }
        }
        if (definition.isEmpty()) { // nothing but a quotation: then that is what the dictionary says
            return new Gloss(String.join("; ", examples), List.of());
        }
        return new Gloss(String.join("; ", definition), examples);
    }

    private static List<String> clauses(String line) {
        List<String> clauses = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == ';' || c == ':' && line.substring(i + 1).stripLeading().startsWith("\""))) {
                clauses.add(line.substring(start, i).strip());
                start = i + 1;
            }
        }
        clauses.add(line.substring(start).strip());
        return clauses;
    }

    /// What stands between quotation marks; what follows them (`- Shakespeare`) is dropped.
    private static void quotations(String clause, List<String> into) {
        int from = clause.indexOf('"');
        while (from >= 0) {
            int to = clause.indexOf('"', from + 1);
            String quotation = clause.substring(from + 1, to < 0 ? clause.length() : to).strip();
            if (!quotation.isEmpty()) {
                into.add(quotation);
            }
            from = to < 0 ? -1 : clause.indexOf('"', to + 1);
        }
    }
}
