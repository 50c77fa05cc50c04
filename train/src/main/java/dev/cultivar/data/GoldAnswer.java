package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An answer that people gave: a stretch of the text that a question is asked of. The label of a question's row is the list of them.
///
/// @param text  as it stands there
/// @param start its first character
public record GoldAnswer(String text, long start) {
    private static final String ANSWERS = "answers";
    private static final String TEXT = "text";
    private static final String START = "answer_start";

    /// The answers as the label of a row.
    static String label(List<GoldAnswer> answers) {
        return JsonFiles.line(Map.of(ANSWERS, answers.stream().map(answer -> Map.of(TEXT, answer.text, START, answer.start)).toList()));
    }

    /// What [#label] wrote.
    public static List<GoldAnswer> of(String label) {
        return of(JsonFiles.parse(label, "answers").get(ANSWERS), "answers");
    }

    /// The answers in a cell of a table: text beside a column with its start, or JSON as SQuAD and Hugging Face's data sets have it; none
    /// of an empty cell.
    ///
    /// @param start the cell beside it, empty where there is no such column
    /// @param place for messages
    static List<GoldAnswer> cell(String cell, String start, String place) {
        if (cell.isBlank()) {
            return List.of();
        }
        if (!start.isBlank()) {
            try {
                return List.of(new GoldAnswer(cell, Long.parseLong(start.strip())));
            } catch (NumberFormatException noNumber) {
                throw new DataException(place + ": an answer's start must be a whole number, got '" + start + "'. Correct the cell of "
                        + "data.columns.start");
            }
        }
        try {
            return of(JsonFiles.parse("{\"" + ANSWERS + "\": " + cell + "}", place).get(ANSWERS), place);
        } catch (CheckpointException noJson) {
            throw new DataException(place + ": the answer's start is missing; name its column with data.columns.start, or give answers as "
                    + "{\"text\": [...], \"answer_start\": [...]}", noJson);
        }
    }

    /// A list of objects with a text and a start, or one object with a list of each.
    static List<GoldAnswer> of(@Nullable Object json, String place) {
        List<GoldAnswer> answers = new ArrayList<>();
        switch (json) {
            case null -> {}
            case Map<?, ?> lists when lists.get(TEXT) instanceof List<?> texts
                    && lists.get(START) instanceof List<?> starts && texts.size() == starts.size() -> {
                for (int i = 0; i < texts.size(); i++) {
                    answers.add(one(texts.get(i), starts.get(i), place));
                }
            }
            case List<?> list -> list.forEach(each -> answers.add(each instanceof Map<?, ?> answer
                    ? one(answer.get(TEXT), answer.get(START), place)
                    : one(each, null, place)));
            default -> throw new DataException(place + ": answers must be a list of {text, answer_start}, or {text: [...], answer_start: [...]} "
                    + "with as many of each, got " + json);
        }
        return answers;
    }

    private static GoldAnswer one(@Nullable Object text, @Nullable Object start, String place) {
        if (text instanceof String answer && start instanceof Long first) {
            return new GoldAnswer(answer, first);
        }
        throw new DataException(place + ": an answer needs a text and, as answer_start, the number of its first character; got text " + text
                + " and answer_start " + start);
    }
}
