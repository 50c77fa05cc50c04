package dev.cultivar.data;

import java.util.ArrayList;
import java.util.List;

/// Questions whose answers are where they are said to be; others are refused, or left out and counted.
///
/// A start is counted in characters as Python counts them, of which those beyond the first plane are one; what comes out counts as a
/// Java `String` does.
///
/// @param of      the questions as they were read
/// @param refuses whether a question may have no answer
/// @param drop    whether what is wrong is left out
public record QuestionExamples(Examples of, boolean refuses, boolean drop) implements Examples {

    @Override
    public String name() {
        return of.name();
    }

    @Override
    public String place(long row) {
        return of.place(row);
    }

    @Override
    public boolean plainText() {
        return false;
    }

    @Override
    public void each(Sink sink) {
        Faults faults = read(sink);
        if (!drop) {
            faults.refuse("Correct them, or leave such questions out with objective.spans=drop.");
        }
    }

    @Override
    public List<String> changes() {
        return drop ? read(_ -> {}).told("questions were left out") : List.of();
    }

    private Faults read(Sink sink) {
        Faults faults = new Faults();
        of.each(example -> {
            List<GoldAnswer> placed = new ArrayList<>();
            String wrong = "";
            List<GoldAnswer> answers = GoldAnswer.of(example.label());
            for (GoldAnswer answer : answers) {
                String fault = fault(answer, example.pair());
                wrong = wrong.isEmpty() ? fault : wrong;
                if (fault.isEmpty()) {
                    placed.add(new GoldAnswer(answer.text(), example.pair().offsetByCodePoints(0, (int) answer.start())));
                }
            }
            if (answers.isEmpty() && !refuses) {
                wrong = "the text has no answer, and objective.no_answer is none; give objective.no_answer={threshold: 0}";
            }
            if (wrong.isEmpty()) {
                sink.row(new Example(example.row(), example.text(), example.pair(), "", GoldAnswer.label(placed), example.document()));
            } else {
                faults.add(of.place(example.row()), wrong);
            }
        });
        return faults;
    }

    /// What is wrong with an answer; empty where nothing is.
    private static String fault(GoldAnswer answer, String context) {
        if (answer.text().isBlank()) {
            return "an answer is empty";
        }
        int length = context.codePointCount(0, context.length());
        long end = answer.start() + answer.text().codePointCount(0, answer.text().length());
        if (answer.start() < 0 || end > length) {
            return "the answer '" + shown(answer.text()) + "' would go from character " + answer.start() + " to " + end + ", outside of the text's "
                    + length;
        }
        int start = context.offsetByCodePoints(0, (int) answer.start());
        if (context.startsWith(answer.text(), start)) {
            return "";
        }
        int found = context.indexOf(answer.text());
        return "at character " + answer.start() + " of the text stands '"
                + shown(context.substring(start, context.offsetByCodePoints(0, (int) end))) + "', not the answer '" + shown(answer.text()) + "', which "
                + (found < 0 ? "the text has nowhere" : "starts at " + context.codePointCount(0, found));
    }

    private static String shown(String text) {
        return text.length() > 60 ? text.substring(0, 57) + "..." : text;
    }
}
