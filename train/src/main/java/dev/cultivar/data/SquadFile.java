package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.recipe.DataRecipe.Columns;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Questions about paragraphs of articles in the JSON of SQuAD 1.1 and 2.0 (Rajpurkar et al., 2016 and 2018).
///
/// The columns are `question`, `context` and `answers`; a document is an article. A question that is marked `is_impossible` has no answer.
///
/// @param path     of the file
/// @param examples in the order of the file
/// @param ids      of the questions
record SquadFile(Path path, List<Example> examples, List<String> ids) implements Examples {
    private static final Columns COLUMNS = new Columns("question", "context", "answers");
    private static final int SNIFFED = 1 << 14;

    /// Whether a JSON file is one: an object whose `data` is a list, whatever stands before that.
    static boolean is(Path path) {
        char[] start = new char[SNIFFED];
        try (BufferedReader reader = Utf8.open(path)) {
            int read = Math.max(0, reader.read(start));
            String text = new String(start, 0, read).strip();
            return text.startsWith("{") && text.matches("(?s).*\"data\"\\s*:\\s*\\[.*");
        } catch (IOException e) {
            return false; // told where it is read as a table
        }
    }

    static SquadFile open(Path path, String where, Columns columns) {
        if (!columns.equals(COLUMNS)) {
            throw new DataException(path + ": is a SQuAD file, whose columns are called so: data.columns={text: question, pair: context, "
                    + "label: answers}; got {text: " + columns.text() + ", pair: " + columns.pair() + ", label: " + columns.label()
                    + (columns.start().isEmpty() ? "" : ", start: " + columns.start()) + "}");
        }
        if (!where.isEmpty()) {
            throw new DataException(path + ": 'where' chooses rows of a table, but the file is SQuAD's JSON; leave it out");
        }
        try {
            var reading = new Reading(path);
            reading.articles(reading.list(JsonFiles.read(path), "data", path.toString()));
            if (reading.examples.isEmpty()) {
                throw new DataException(path + " has no question; expected at least one");
            }
            return new SquadFile(path, List.copyOf(reading.examples), List.copyOf(reading.ids));
        } catch (CheckpointException malformed) {
            throw new DataException(String.valueOf(malformed.getMessage()), malformed);
        }
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public String place(long row) {
        return path + ": question " + ids.get(Math.toIntExact(row) - 1);
    }

    @Override
    public boolean plainText() {
        return false;
    }

    @Override
    public void each(Sink sink) {
        examples.forEach(sink::row);
    }

    /// Walks through the file's objects.
    private static final class Reading {
        private final Path path;
        private final List<Example> examples = new ArrayList<>();
        private final List<String> ids = new ArrayList<>();
        private final Set<String> seen = new java.util.HashSet<>();

        Reading(Path path) {
            this.path = path;
        }

        void articles(List<?> articles) {
            for (int i = 0; i < articles.size(); i++) {
                Map<?, ?> article = object(articles.get(i), path + ": data[" + i + "]");
                String title = article.get("title") instanceof String said && !said.isBlank() ? said : "article " + (i + 1);
                List<?> paragraphs = list(article, "paragraphs", path + ": data[" + i + "]");
                for (int k = 0; k < paragraphs.size(); k++) {
                    paragraph(object(paragraphs.get(k), path + ": data[" + i + "].paragraphs[" + k + "]"), title, path + ": data[" + i + "].paragraphs[" + k + "]");
                }
            }
        }

        private void paragraph(Map<?, ?> paragraph, String title, String place) {
            String context = text(paragraph, "context", place);
            List<?> questions = list(paragraph, "qas", place);
            for (int q = 0; q < questions.size(); q++) {
                Map<?, ?> question = object(questions.get(q), place + ".qas[" + q + "]");
                String id = text(question, "id", place + ".qas[" + q + "]");
                String named = path + ": question " + id;
                if (!seen.add(id)) {
                    throw new DataException(named + ": the id is there twice; a question's id must be its own");
                }
                boolean impossible = Boolean.TRUE.equals(question.get("is_impossible"));
                List<GoldAnswer> answers = impossible ? List.of() : GoldAnswer.of(question.get("answers"), named);
                if (!impossible && answers.isEmpty()) {
                    throw new DataException(named + ": has no answers and is not marked is_impossible");
                }
                ids.add(id);
                examples.add(new Example(ids.size(), text(question, "question", named), context, "", GoldAnswer.label(answers), title));
            }
        }

        private static Map<?, ?> object(Object value, String place) {
            if (value instanceof Map<?, ?> map) {
                return map;
            }
            throw new DataException(place + " must be an object, as in SQuAD's files, got " + value);
        }

        List<?> list(Map<?, ?> of, String key, String place) {
            if (of.get(key) instanceof List<?> list) {
                return list;
            }
            throw new DataException(place + ": its list '" + key + "' is missing, which SQuAD's files have");
        }

        private static String text(Map<?, ?> of, String key, String place) {
            if (of.get(key) instanceof String text && !text.isBlank()) {
                return text;
            }
            throw new DataException(place + ": its text '" + key + "' is missing or empty, which SQuAD's files have");
        }
    }
}
